/** @file From points of a sweep's search space to choices: values by path, and the spec with them. */
import type { Catalog } from '../kind.ts';
import { type Path, parsePath } from '../problem.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';
import { followPath, getAt } from '../schema/step-into.ts';
import { schemaOf } from '../schema-of.ts';
import { withValues } from '../with-values.ts';
import { type CompiledSpace, compileSpace } from './compile-space.ts';
import { evaluate, pathsIn, readExpression } from './expression.ts';
import type { Point } from './search-space.ts';

type Values = Readonly<Record<string, unknown>>;

/** One point of the search space, in the words of the spec. */
export interface SweepChoice {
  /** By swept path, linked ones too. */
  readonly values: Values;
  readonly spec: ResolvedSpec;
}

export interface SweepSpace extends CompiledSpace {
  choiceAt(point: Point): SweepChoice;
}

/** The search space of a resolved spec. */
export function sweepSpace(spec: ResolvedSpec, catalog: Catalog): SweepSpace {
  const schema = schemaOf(catalog);
  const put = (values: Values) => withValues(spec, values, catalog);
  const fits = (values: Values, path: Path) => followPath(schema, put(values), path).ok;
  const compiled = compileSpace(spec.sweep, catalog, fits);
  const choiceAt = (point: Point): SweepChoice => {
    const values: Record<string, unknown> = { ...compiled.valuesOf(point) };
    for (const { path, formula } of inOrder(compiled.links)) {
      const steps = parsePath(path) ?? [];
      const own = put(values);
      const followed = followPath(schema, own, steps);
      // A formula for what this choice does not have, as a layer that only another one has.
      if (!followed.ok) continue;
      const result = resultOf(formula, own);
      values[path] = followed.schema.type === 'integer' ? Math.round(result) : result;
    }
    return { values, spec: put(values) };
  };
  return { ...compiled, choiceAt };
}

function resultOf(formula: string, spec: ResolvedSpec): number {
  const read = readExpression(formula);
  if (!read.ok) return Number.NaN;
  const value = evaluate(read.expression, (path) => getAt(spec, path));
  return Number(value.toPrecision(12));
}

/** Formulas that others use first. A circle, which the check refuses, stays as written. */
export function inOrder<Each extends { readonly path: string; readonly formula: string }>(
  links: readonly Each[],
): readonly Each[] {
  const placed = new Set<Each>();
  const place = (link: Each, above: readonly Each[]) => {
    if (placed.has(link) || above.includes(link)) return;
    const read = readExpression(link.formula);
    const used = read.ok ? pathsIn(read.expression).map(({ text }) => text) : [];
    for (const other of links) if (used.includes(other.path)) place(other, [...above, link]);
    placed.add(link);
  };
  for (const link of links) place(link, []);
  return [...placed];
}
