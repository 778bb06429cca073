/** @file Whether a sweep's paths lead somewhere, its values fit, and its objective cannot be gamed. */
import { type Catalog, chosen } from '../kind.ts';
import { nearest } from '../nearest.ts';
import { type Path, type Problem, parsePath } from '../problem.ts';
import type { Schema } from '../schema/compose.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';
import { sweepSpace } from '../space/sweep-points.ts';
import { checkLinks } from './sweep-links.ts';
import { checkMethod, checkPruners } from './sweep-method.ts';
import { checkDistributions, checkSpace, pathHint } from './sweep-space.ts';

export function checkSweep(root: Schema, spec: ResolvedSpec, catalog: Catalog): readonly Problem[] {
  const { parameters, zip } = spec.sweep;
  const paths = [...Object.keys(parameters), ...zip.flatMap((group) => Object.keys(group))];
  const distributions = checkDistributions({ root, spec, catalog });
  return [
    ...(distributions.length > 0 ? distributions : checkDrawn(root, spec, catalog)),
    ...checkPaths(spec),
    ...checkZip(spec),
    ...checkPruners(spec),
    ...checkMetrics(spec),
    ...checkObjective(spec, paths, catalog),
  ];
}

/** What needs a search space. */
function checkDrawn(root: Schema, spec: ResolvedSpec, catalog: Catalog): readonly Problem[] {
  const check = { root, spec, catalog, space: sweepSpace(spec, catalog) };
  return [...checkSpace(check), ...checkLinks(check), ...checkMethod(check)];
}

function checkPaths({ sweep: { parameters, zip } }: ResolvedSpec): readonly Problem[] {
  const inGroups = zip.flatMap((group, index) =>
    Object.keys(group).map((path) => ({ path, place: ['sweep', 'zip', index, path] })),
  );
  const twice = inGroups.filter(
    ({ path }, index) =>
      path in parameters || inGroups.findIndex((other) => other.path === path) < index,
  );
  const unreadable = Object.keys(parameters).filter((path) => !parsePath(path));
  return [
    ...unreadable.map((path) => ({
      path: ['sweep', 'parameters', path],
      expected: 'the path of a value of this spec',
      came: `"${path}"`,
      hint: pathHint,
      atKey: true,
    })),
    ...twice.map(({ place, path }) => ({
      path: place,
      expected: 'each path once',
      came: `"${path}" again`,
      atKey: true,
    })),
  ];
}

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
    ...Object.keys(spec.sweep.floors).map(
      (metric) => [['sweep', 'floors', metric], metric] as const,
    ),
    ...Object.keys(spec.sweep.budget.target).map(
      (metric) => [['sweep', 'budget', 'target', metric], metric] as const,
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
