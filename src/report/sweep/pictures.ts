/** @file The pictures of a sweep by name, for a page or as files of their own. */
import { formatValue } from '../format.ts';
import type { RunView } from '../read-run.ts';
import { frontPlot } from './front-plot.ts';
import { historyPlot, hypervolumePlot } from './history-plot.ts';
import { type Importance, importancesOf } from './importance.ts';
import { importancePlot } from './importance-plot.ts';
import { parallelPlot } from './parallel-plot.ts';
import { hypervolumeHistory } from './pareto.ts';
import { type Plotted, plotted } from './plotted.ts';
import { slicePlot } from './slice-plot.ts';
import { shortMetric } from './words.ts';

export interface SweepPictures {
  /** SVG by name, group by group; a group may be empty. */
  readonly front: ReadonlyMap<string, string>;
  readonly history: ReadonlyMap<string, string>;
  readonly importance: ReadonlyMap<string, string>;
  readonly slices: ReadonlyMap<string, string>;
  readonly parallel: ReadonlyMap<string, string>;
  /** What the bars are of. */
  readonly importances: readonly Importance[];
  /** What is left out of the pictures. */
  readonly notes: readonly string[];
}

/** Pairs of more objectives than this are not drawn. */
const mostPairedObjectives = 4;
const mostSlices = 48;

/** SVG by file name: `front/…`, `history/…`, `importance/…`, `slices/…`, `parallel.svg`. */
export function sweepPictures(view: RunView): ReadonlyMap<string, string> {
  const { front, history, importance, slices, parallel } = picturesOf(view);
  return new Map([...front, ...history, ...importance, ...slices, ...parallel]);
}

export function picturesOf(view: RunView): SweepPictures {
  const importances = importancesOf(view);
  const sweep = byImportance(plotted(view), importances);
  const volume = hypervolumeHistory(view);
  const names = view.objective.map(({ metric }) => shortMetric(metric));
  const pictures = gallery();
  const pairs = pairsOf(Math.min(names.length, mostPairedObjectives));
  const slices = sweep.parameters.flatMap((parameter) =>
    names.map((name, index) => ({ parameter, name, index })),
  );
  const shownSlices = slices.slice(0, mostSlices);
  return {
    front: pictures(
      pairs.map(([x, y]) => [`front/${names[y]} against ${names[x]}`, frontPlot(sweep, x, y)]),
    ),
    history: pictures([
      ...names.map((name, index) => [`history/${name}`, historyPlot(sweep, index)] as const),
      ['history/hypervolume', volume && hypervolumePlot(volume)],
    ]),
    importance: pictures(
      importances.map((each) => [`importance/${shortMetric(each.metric)}`, importancePlot(each)]),
    ),
    slices: pictures(
      shownSlices.map(({ parameter, name, index }) => [
        `slices/${name} by ${parameter.name}`,
        slicePlot(sweep, parameter, index),
      ]),
    ),
    parallel: pictures([['parallel', parallelPlot(sweep, 0)]]),
    importances,
    notes: [
      ...leftOut(names.length - mostPairedObjectives, 'objectives are not drawn in pairs'),
      ...leftOut(
        slices.length - shownSlices.length,
        'slices of less important parameters are not drawn',
      ),
    ],
  };
}

const leftOut = (count: number, what: string) =>
  count > 0 ? [`${formatValue(count).replace(/\.0+$/, '')} more ${what}.`] : [];

/** The most important parameters first, where that is known: of many, those are drawn. */
function byImportance(sweep: Plotted, importances: readonly Importance[]): Plotted {
  const shares = new Map<string, number>();
  for (const { parameters } of importances)
    for (const { paths, share } of parameters)
      for (const path of paths) shares.set(path, Math.max(share, shares.get(path) ?? 0));
  const shareOf = (path: string) => shares.get(path) ?? 0;
  const parameters = [...sweep.parameters].sort(
    (one, other) => shareOf(other.path) - shareOf(one.path),
  );
  return { ...sweep, parameters };
}

const pairsOf = (count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count }, (_, x) =>
    Array.from({ length: count - x - 1 }, (_, more) => [x, x + more + 1] as const),
  ).flat();

type Drawn = readonly (readonly [name: string, svg: string | null])[];

/** Names that every file system takes, each of them once. */
function gallery(): (drawn: Drawn) => ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return (drawn) =>
    new Map(
      drawn.flatMap(([name, svg]) => {
        if (svg === null) return [];
        const plain = fileName(name);
        let free = `${plain}.svg`;
        for (let count = 2; taken.has(free); count++) free = `${plain}-${count}.svg`;
        taken.add(free);
        return [[free, svg] as const];
      }),
    );
}

/** `slices/ill-auc-by-units`: the folder, then words of letters, digits and dots. */
function fileName(name: string): string {
  const [folder = '', ...rest] = name.split('/');
  const words = (rest.length > 0 ? rest.join('-') : folder)
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return rest.length > 0 ? `${folder}/${words || 'unnamed'}` : words;
}
