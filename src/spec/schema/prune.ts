/** @file What is left of a spec without its mistakes, so that the rest can be checked as well. */
import { diagnose } from '../check/diagnose.ts';
import type { Path, Problem } from '../problem.ts';
import { isMap } from './branch.ts';
import type { Schema } from './compose.ts';

/** Mistakes are cut out, from the smallest part that holds each; undefined where nothing is left. */
export function prune(root: Schema, value: unknown, problems: readonly Problem[]): unknown {
  let rest: unknown = value;
  let wrong = problems;
  for (let attempt = 0; attempt < 8 && wrong.length > 0; attempt++) {
    if (wrong.some(({ path }) => path.length === 0)) return undefined;
    // Later entries of a list first, so that the places of the others stay.
    for (const { path } of [...wrong].reverse()) rest = without(rest, path);
    wrong = diagnose(root, rest);
  }
  return wrong.length === 0 ? rest : undefined;
}

function without(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, index) => index !== step);
    return value.map((item, index) => (index === step ? without(item, rest) : item));
  }
  if (!isMap(value)) return value;
  const { [step]: inner, ...others } = value;
  if (rest.length === 0 || inner === undefined) return others;
  return { ...value, [step]: without(inner, rest) };
}
