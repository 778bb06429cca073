/** @file Where the expected improvement is greatest: many candidates, the best of them led uphill. */

import { type Point, pointKey } from '../../../spec/space/search-space.ts';
import type { RandomStream } from '../../random.ts';
import { logExpectedImprovement } from './expected-improvement.ts';
import {
  type Axis,
  drawPlace,
  gaussian,
  type Layout,
  type Place,
  placeOf,
  pointAt,
  presentAt,
  rowOf,
  settingsNear,
} from './features.ts';
import { minimise } from './minimise.ts';
import { type Process, predict, predictWithSlopes } from './process.ts';

export interface Search {
  readonly layout: Layout;
  readonly process: Process;
  /** What there is to improve on. */
  readonly best: number;
  /** The best points so far, around which some of the candidates lie. */
  readonly around: readonly Point[];
  /** Keys of points that were proposed before. */
  readonly taken: ReadonlySet<string>;
  readonly candidates: number;
  readonly stream: RandomStream;
}

interface Candidate {
  readonly place: Place;
  readonly point: Point;
  readonly score: number;
}

/** How many are led uphill: of those from anywhere, and of those near the best points so far. */
const climbers = { anywhere: 5, near: 3 };
/** Whole numbers with more settings than this are climbed like lines and rounded. */
const fewSettings = 24;

/** The best point that was not proposed before; any, if all were. */
export function acquire(search: Search): Point {
  const anywhere = judged(search, placesAnywhere(search));
  const near = judged(search, placesNear(search));
  // Each of the two has its share: once a minimum is found, all the best candidates lie there.
  const starts = [...anywhere.slice(0, climbers.anywhere), ...near.slice(0, climbers.near)];
  const climbed = starts.flatMap((candidate) => climb(search, candidate));
  const all = [...climbed, ...anywhere, ...near].sort(byScore);
  const fresh = all.find(({ point }) => !search.taken.has(pointKey(point)));
  return (fresh ?? (all[0] as Candidate)).point;
}

const byScore = (one: Candidate, other: Candidate) => other.score - one.score;

function judge(search: Search, place: Place): Candidate {
  const point = pointAt(search.layout, place);
  const { mean, deviation } = predict(search.process, rowOf(search.layout, point));
  const { value } = logExpectedImprovement(mean, deviation, search.best);
  return { place, point, score: Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value };
}

/** The best first, one for each point. */
function judged(search: Search, places: readonly Place[]): readonly Candidate[] {
  const seen = new Set<string>();
  return places
    .map((place) => judge(search, place))
    .sort(byScore)
    .filter(({ point }) => {
      const key = pointKey(point);
      const fresh = !seen.has(key);
      seen.add(key);
      return fresh;
    });
}

const placesAnywhere = ({ layout, candidates, stream }: Search): readonly Place[] =>
  Array.from({ length: candidates }, () => drawPlace(layout, stream));

const placesNear = ({ layout, candidates, around, stream }: Search): readonly Place[] =>
  around.flatMap((point) =>
    Array.from({ length: Math.ceil(candidates / 4 / around.length) }, () =>
      nudge(layout, placeOf(layout, point, drawPlace(layout, stream)), stream),
    ),
  );

/** Moves some axes, by 0.001 to 0.3 of their length; a category is drawn anew. */
function nudge({ axes }: Layout, place: Place, stream: RandomStream): Place {
  const reach = 10 ** (-3 + 2.5 * stream.next());
  const sure = stream.integer(axes.length);
  const rate = Math.max(0.2, 2 / axes.length);
  return place.map((position, index) => {
    const axis = axes[index] as Axis;
    if (index !== sure && stream.next() > rate) return position;
    if (axis.category) return stream.next();
    const step = Math.max(reach, 0.75 / axis.count);
    return Math.min(axis.high, Math.max(axis.low, position + step * gaussian(stream)));
  });
}

/** Lines by their slope and settings one by one, in turn, until that helps no more; all on the way. */
function climb(search: Search, start: Candidate): readonly Candidate[] {
  const way = [start];
  let here = start;
  for (let round = 0; round < 3; round++) {
    const moved = alongLines(search, here);
    const top = moved.score > here.score ? moved : here;
    const next = amongSettings(search, top);
    way.push(top, next);
    if (next === top) break;
    here = next;
  }
  return way;
}

const isLine = ({ category, count }: Axis) => !category && count > fewSettings;

function alongLines(search: Search, { place, point }: Candidate): Candidate {
  const { layout, process, best } = search;
  const present = presentAt(layout, point);
  const lines = layout.axes.flatMap((axis, index) =>
    isLine(axis) && present[index] ? [index] : [],
  );
  if (lines.length === 0) return judge(search, place);
  const columns = lines.map((line) => layout.columns.findIndex(({ axis }) => axis === line));
  const row = rowOf(layout, point);
  const { x } = minimise(
    (positions, gradient) => {
      positions.forEach((position, index) => {
        row[columns[index] as number] = position;
      });
      const { mean, deviation, meanSlope, deviationSlope } = predictWithSlopes(process, row);
      const { value, byMean, byDeviation } = logExpectedImprovement(mean, deviation, best);
      columns.forEach((column, index) => {
        gradient[index] =
          -byMean * (meanSlope[column] as number) -
          byDeviation * (deviationSlope[column] as number);
      });
      return -value;
    },
    Float64Array.from(lines, (line) => place[line] as number),
    {
      lower: Float64Array.from(lines, (line) => layout.axes[line]?.low ?? 0),
      upper: Float64Array.from(lines, (line) => layout.axes[line]?.high ?? 1),
    },
    25,
  );
  const moved = Float64Array.from(place);
  lines.forEach((line, index) => {
    moved[line] = x[index] as number;
  });
  return judge(search, moved);
}

/** The best change of one axis of steps or categories after the other. */
function amongSettings(search: Search, start: Candidate): Candidate {
  let best = start;
  search.layout.axes.forEach((axis, index) => {
    if (axis.count === Number.POSITIVE_INFINITY || axis.count === 1) return;
    if (!presentAt(search.layout, best.point)[index]) return;
    const reach = axis.count <= fewSettings ? axis.count : 2;
    for (const position of settingsNear(axis, best.place[index] as number, reach)) {
      const place = Float64Array.from(best.place);
      place[index] = position;
      const candidate = judge(search, place);
      if (candidate.score > best.score) best = candidate;
    }
  });
  return best;
}
