/** @file Whether a sweep's paths lead somewhere, its values fit, and its objective cannot be gamed. */
import { type Catalog, chosen } from '../kind.ts';
import { nearest } from '../nearest.ts';
import { formatPath, type Path, type Problem, parsePath } from '../problem.ts';
import type { Schema } from '../schema/compose.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';
import { allPaths, followPath, setAt } from '../schema/step-into.ts';
import { diagnose } from './diagnose.ts';

interface Axis {
  readonly path: string;
  readonly values: readonly unknown[];
  readonly place: Path;
}

function axesOf({ sweep }: ResolvedSpec): readonly Axis[] {
  const axes = (lists: Readonly<Record<string, readonly unknown[]>>, place: Path) =>
    Object.entries(lists).map(([path, values]) => ({ path, values, place: [...place, path] }));
  return [
    ...axes(sweep.parameters, ['sweep', 'parameters']),
    ...sweep.zip.flatMap((group, index) => axes(group, ['sweep', 'zip', index])),
  ];
}

export function checkSweep(root: Schema, spec: ResolvedSpec, catalog: Catalog): readonly Problem[] {
  const axes = axesOf(spec);
  const paths = axes.map(({ path }) => path);
  const twice = axes.filter(({ path }, index) => paths.indexOf(path) !== index);
  return [
    ...axes.flatMap((axis) => checkAxis(root, spec, axis)),
    ...twice.map(({ place, path }) => ({
      path: place,
      expected: 'each path once',
      came: `"${path}" again`,
      atKey: true,
    })),
    ...checkZip(spec),
    ...checkMetrics(spec),
    ...checkObjective(spec, paths, catalog),
  ];
}

/** Parts of a spec that are not swept: they do not change what a trial trains. */
const notSwept = ['experiment', 'extends', 'sweep', 'baselines', 'tracking', 'execution'];

function checkAxis(
  root: Schema,
  spec: ResolvedSpec,
  { path, values, place }: Axis,
): readonly Problem[] {
  const steps = parsePath(path);
  const known = allPaths(spec).filter(
    (each) => !notSwept.some((part) => each === part || each.startsWith(`${part}.`)),
  );
  const expected = 'the path of a value of this spec';
  const wrong = (hint: string): Problem => ({
    path: place,
    expected,
    came: `"${path}"`,
    hint,
    atKey: true,
    refersTo: steps,
  });
  if (!steps)
    return [
      wrong(
        'Write a path as in training.optimizer.adam.learningRate or shared.layers[0].dense.units.',
      ),
    ];
  if (notSwept.includes(String(steps[0])))
    return [wrong(`${steps[0]} changes no trial, so there is nothing to sweep.`)];
  const followed = followPath(root, spec, steps);
  if (!followed.ok) {
    const near = nearest(path, known);
    const where = followed.at.length === 0 ? 'At the top' : `In ${formatPath(followed.at)}`;
    const choices = `${where} there is no "${followed.step}"; there is: ${followed.choices.join(', ') || 'nothing'}.`;
    return [wrong(`${near && near !== path ? `Did you mean "${near}"? ` : ''}${choices}`)];
  }
  // The value's own mistakes, at the value's place in the list.
  return values.flatMap((value, index) =>
    diagnose(root, setAt(spec, steps, value))
      .filter((problem) => formatPath(problem.path).startsWith(path))
      .map((problem) => ({ ...problem, path: [...place, index], hint: withPath(problem, path) })),
  );
}

const withPath = ({ hint }: Problem, path: string) =>
  [hint, `As a value of ${path}.`].filter(Boolean).join(' ');

function checkZip({ sweep }: ResolvedSpec): readonly Problem[] {
  return sweep.zip.flatMap((group, index) => {
    const lengths = Object.values(group).map((values) => values.length);
    if (new Set(lengths).size <= 1) return [];
    const came = Object.entries(group)
      .map(([path, values]) => `${path}: ${values.length}`)
      .join(', ');
    return [{ path: ['sweep', 'zip', index], expected: 'lists of equal length', came }];
  });
}

/** `validation/loss`, `validation/<head>/loss`, `validation/<head>/<metric>`. */
function validationMetrics(spec: ResolvedSpec): readonly string[] {
  const heads = Object.entries(spec.heads).flatMap(([name, head]) => [
    ...head.metrics.map((choice) => `validation/${name}/${chosen(choice).name}`),
    `validation/${name}/loss`,
  ]);
  return [...heads, 'validation/loss'];
}

function checkMetrics(spec: ResolvedSpec): readonly Problem[] {
  const known = validationMetrics(spec);
  const watched = spec.training.earlyStopping?.metric ?? [];
  const named: readonly (readonly [Path, string])[] = [
    ...spec.sweep.objective.map(
      ({ metric }, index) => [['sweep', 'objective', index, 'metric'], metric] as const,
    ),
    ...watched.map(
      (metric, index) => [['training', 'earlyStopping', 'metric', index], metric] as const,
    ),
  ];
  return named.flatMap(([path, metric]) => {
    if (known.includes(metric)) return [];
    const near = nearest(metric, known);
    const hint = `${near ? `Did you mean "${near}"? ` : ''}Metrics: ${known.join(', ')}`;
    const refersTo = ['heads', metric.split('/')[1] ?? ''];
    return [{ path, expected: 'a metric that is measured', came: `"${metric}"`, hint, refersTo }];
  });
}

/** A loss as the objective of a sweep over what shapes losses would be won by shaping them. */
function checkObjective(
  spec: ResolvedSpec,
  paths: readonly string[],
  catalog: Catalog,
): readonly Problem[] {
  const weighting = catalog.weighting.find(({ name }) => name === chosen(spec.weighting).name);
  const learned = (weighting?.learned.length ?? 0) > 0;
  const swept = paths.find(
    (path) => /^heads\.[^.]+\.weight(Schedule)?(\.|$)/.test(path) || /^weighting(\.|$)/.test(path),
  );
  const cause = swept
    ? `${swept} is swept`
    : learned
      ? `the weighting "${weighting?.name}" is learned`
      : undefined;
  return spec.sweep.objective.flatMap(({ metric }, index) => {
    const path = ['sweep', 'objective', index, 'metric'];
    if (cause !== undefined && metric === 'validation/loss') {
      const hint =
        'A sum of losses favours the task whose losses are large, and the weights that serve it. Take a metric of each head: leave `objective` out, or list them.';
      return [{ path, expected: `a metric of a head, since ${cause}`, came: metric, hint }];
    }
    const [, head, name] = metric.split('/');
    const shaping = paths.find(
      (each) => each.startsWith(`heads.${head}.loss`) || each === `heads.${head}.transform`,
    );
    if (name !== 'loss' || shaping === undefined) return [];
    const hint =
      'Losses of different kinds or options cannot be compared: the smallest scale would always win.';
    return [{ path, expected: `a metric, since ${shaping} is swept`, came: metric, hint }];
  });
}
