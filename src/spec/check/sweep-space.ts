/** @file Whether the paths of a search space lead somewhere, and whether what is drawn fits there. */
import type { Catalog, DistributionFacts } from '../kind.ts';
import { nearest } from '../nearest.ts';
import { formatPath, type Path, type Problem, parsePath } from '../problem.ts';
import { isMap } from '../schema/branch.ts';
import type { Schema } from '../schema/compose.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';
import { spellOut } from '../schema/spell-out.ts';
import { allPaths, followPath, setAll } from '../schema/step-into.ts';
import { type Axis, coordinatesOf, distributionSchema } from '../space/compile-space.ts';
import { isDistribution, takeApart } from '../space/nested.ts';
import { buildPoint, type Distribution, type Point } from '../space/search-space.ts';
import type { SweepSpace } from '../space/sweep-points.ts';
import { diagnose, show } from './diagnose.ts';

/** Parts of a spec that are not swept: they do not change what a trial trains. */
const notSwept = ['experiment', 'extends', 'sweep', 'baselines', 'tracking', 'execution'];

export interface SpaceCheck {
  readonly root: Schema;
  readonly spec: ResolvedSpec;
  readonly catalog: Catalog;
  readonly space: SweepSpace;
}

/** Whether paths, conditions and values fit, of a space whose distributions are right. */
export function checkSpace(check: SpaceCheck): readonly Problem[] {
  const { dimensions } = check.space;
  return [
    ...dimensions.flatMap((axis) => checkConditions(axis, dimensions)),
    ...dimensions.flatMap((axis) => checkAxis(check, axis)),
  ];
}

/** The distributions by themselves: without them there is no space. */
export function checkDistributions({
  root,
  spec,
  catalog,
}: Omit<SpaceCheck, 'space'>): readonly Problem[] {
  const schema: Schema = { definitions: root.definitions ?? {}, ...distributionSchema };
  return Object.entries(spec.sweep.parameters).flatMap(([path, written]) => {
    const place: Path = ['sweep', 'parameters', path];
    const outer = isDistribution(written, catalog) ? [{ inner: [], written }] : [];
    const values = Array.isArray(written) ? written : [];
    const nested = values.flatMap((value, index) =>
      takeApart(value, catalog).nested.map((each) => ({ ...each, inner: [index, ...each.inner] })),
    );
    return [...outer, ...nested].flatMap((each) =>
      checkDistribution(
        { ...each, place: [...place, ...each.inner] },
        schema,
        catalog.distribution,
      ),
    );
  });
}

function checkDistribution(
  { written, place }: { written: unknown; place: Path },
  schema: Schema,
  kinds: readonly DistributionFacts[],
): readonly Problem[] {
  const problems = diagnose(schema, written).map((each) => ({
    ...each,
    path: [...place, ...each.path],
  }));
  if (problems.length > 0) return problems;
  const [[name, options] = ['', {}]] = Object.entries(Object(spellOut(schema, schema, written)));
  const own = isMap(options) ? options : {};
  const expected = kinds.find((kind) => kind.name === name)?.mistake(own);
  return expected ? [{ path: [...place, name], expected, came: show(own.range) }] : [];
}

function checkConditions(axis: Axis, axes: readonly Axis[]): readonly Problem[] {
  return Object.entries(axis.conditions).flatMap(([path, wanted]) => {
    const place = [...axis.conditionPlace, path];
    const on = axes.find((other) => formatPath(other.path) === path);
    const swept = axes.map((other) => formatPath(other.path)).filter((each) => each !== path);
    if (!on || on === axis) {
      const near = nearest(path, swept);
      const hint = `${near ? `Did you mean "${near}"? ` : ''}Swept: ${swept.join(', ')}`;
      return [
        { path: place, expected: 'another swept path', came: `"${path}"`, hint, atKey: true },
      ];
    }
    const { type } = on.distribution;
    if (type === 'float' || type === 'normal') {
      const hint = 'Conditions ask for equal values, which a range of numbers hardly ever draws.';
      return [{ path: place, expected: 'a path with a list of values', came: path, hint }];
    }
    const count = coordinatesOf(on, wanted).length;
    if (count > 0) return [];
    const hint = `Values of ${path}: ${on.settings.map((each) => show(each[path])).join(', ')}`;
    return [{ path: place, expected: `a value of ${path}`, came: show(wanted), hint }];
  });
}

/** Coordinates at which an axis is tried: all of a list, the ends and a place between of a range. */
export function sampleCoordinates(distribution: Distribution): readonly number[] {
  switch (distribution.type) {
    case 'category':
      return Array.from({ length: distribution.count }, (_, index) => index);
    case 'ordinal':
      return distribution.levels.map((_, index) => index);
    case 'normal': {
      const { mean, standardDeviation } = distribution;
      return [mean, mean - 4 * standardDeviation, mean + 4 * standardDeviation];
    }
    case 'int':
      return [distribution.low, distribution.high];
    case 'float': {
      const { low, high, step } = distribution;
      return [low, high, low + (step ?? (high - low) * 0.381966)];
    }
    default:
      return distribution satisfies never;
  }
}

/** A point at which an axis is there and has this coordinate; the others are at their first one. */
export function pointWith({ dimensions }: SweepSpace, axis: Axis, coordinate: number): Point {
  const wanted = new Map([[axis.name, coordinate]]);
  const need = (name: string) => {
    const { when = [] } = dimensions.find((each) => each.name === name) ?? {};
    for (const { on, values } of when) {
      if (!wanted.has(on)) wanted.set(on, values[0] ?? 0);
      need(on);
    }
  };
  need(axis.name);
  return buildPoint(
    { dimensions },
    ({ name, distribution }) => wanted.get(name) ?? sampleCoordinates(distribution)[0] ?? 0,
  );
}

function checkAxis(check: SpaceCheck, axis: Axis): readonly Problem[] {
  const paths =
    axis.settings.length > 0 ? Object.keys(axis.settings[0] ?? {}) : [formatPath(axis.path)];
  // A nested one is inside of a value, which is checked with it.
  const lost = axis.isNested ? [] : paths.flatMap((path) => checkPath(check, axis, path));
  return lost.length > 0 ? lost : checkValues(check, axis, paths);
}

function checkPath(
  { root, spec, space }: SpaceCheck,
  axis: Axis,
  path: string,
): readonly Problem[] {
  const steps = parsePath(path);
  const place = axis.place[1] === 'zip' ? [...axis.place, path] : axis.place;
  const wrong = (hint: string): Problem => ({
    path: place,
    expected: 'the path of a value of this spec',
    came: `"${path}"`,
    hint,
    atKey: true,
    refersTo: steps,
  });
  if (!steps) return [wrong(pathHint)];
  if (notSwept.includes(String(steps[0])))
    return [wrong(`${steps[0]} changes no trial, so there is nothing to sweep.`)];
  const { [path]: _, ...others } = space.valuesOf(pointWith(space, axis, 0));
  // Of what is swept, only the blocks around this path matter here.
  const around = Object.entries(others).filter(([other]) => path.startsWith(other));
  const own = spellOut(root, root, setAll(spec, Object.fromEntries(around)));
  const followed = followPath(root, own, steps);
  if (followed.ok) return [];
  const known = allPaths(spec).filter(
    (each) => !notSwept.some((part) => each === part || each.startsWith(`${part}.`)),
  );
  const near = nearest(path, known);
  const where = followed.at.length === 0 ? 'At the top' : `In ${formatPath(followed.at)}`;
  const choices = `${where} there is no "${followed.step}"; there is: ${followed.choices.join(', ') || 'nothing'}.`;
  return [wrong(`${near && near !== path ? `Did you mean "${near}"? ` : ''}${choices}`)];
}

export const pathHint =
  'Write a path as in training.optimizer.adam.learningRate or shared.layers[0].dense.units.';

/** The value's own mistakes, at the value's place in the list. */
function checkValues(
  { root, spec, space }: SpaceCheck,
  axis: Axis,
  paths: readonly string[],
): readonly Problem[] {
  const isList = axis.settings.length > 0;
  const seen = new Set<string>();
  return sampleCoordinates(axis.distribution).flatMap((coordinate) => {
    const values = space.valuesOf(pointWith(space, axis, coordinate));
    return diagnose(root, setAll(spec, values))
      .map((problem) => ({ problem, path: paths.find((path) => isWithin(problem.path, path)) }))
      .flatMap(({ problem, path }) => {
        if (path === undefined) return [];
        const inner = isList ? problem.path.slice(parsePath(path)?.length) : [];
        const place = isList ? placeOfValue(axis, coordinate, path, inner) : axis.place;
        const hint = [problem.hint, `As a value of ${path}.`].filter(Boolean).join(' ');
        const key = JSON.stringify([place, problem.expected]);
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ ...problem, path: place, hint }];
      });
  });
}

const isWithin = (path: Path, text: string) => formatPath(path).startsWith(text);

function placeOfValue(axis: Axis, coordinate: number, path: string, inner: Path): Path {
  if (axis.place[1] === 'zip') return [...axis.place, path, coordinate, ...inner];
  const isPlain = !axis.isNested && Object.keys(axis.conditions).length === 0;
  return isPlain ? [...axis.place, coordinate, ...inner] : axis.place;
}
