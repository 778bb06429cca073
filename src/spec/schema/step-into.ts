/** @file Follows a path through a schema, guided by the values that are there. */
import { formatPath, type Path, parsePath } from '../problem.ts';
import { isMap, meantBranch } from './branch.ts';
import { resolveRef, type Schema } from './compose.ts';

export type Followed =
  | { readonly ok: true; readonly schema: Schema }
  /** The path up to the step that leads nowhere, that step, and the steps that would do. */
  | {
      readonly ok: false;
      readonly at: Path;
      readonly step: string;
      readonly choices: readonly string[];
    };

/** The schema of the value at a path of a resolved spec, or where the path leads nowhere. */
export function followPath(root: Schema, value: unknown, path: Path): Followed {
  let schema = resolveRef(root, root);
  let here: unknown = value;
  for (const [index, step] of path.entries()) {
    const { next, choices } = stepInto(root, schema, here, step);
    if (!next) return { ok: false, at: path.slice(0, index), step: String(step), choices };
    schema = resolveRef(root, next);
    here = isMap(here) || Array.isArray(here) ? Reflect.get(here, step) : undefined;
  }
  return { ok: true, schema };
}

function stepInto(
  root: Schema,
  schema: Schema,
  value: unknown,
  step: string | number,
): { next?: Schema; choices: readonly string[] } {
  if (schema['x-choice']) {
    const kinds = schema.anyOf?.at(-1)?.properties ?? {};
    const present = isMap(value) ? Object.keys(value) : Object.keys(kinds);
    const kind = present.includes(String(step)) ? kinds[step] : undefined;
    return {
      next: kind && (kind['x-short'] === undefined ? kind : kind.anyOf?.at(-1)),
      choices: present,
    };
  }
  const branch = meantBranch(root, schema, value ?? {});
  if (!branch) return { choices: [] };
  if (branch.items) {
    const length = Array.isArray(value) ? value.length : 0;
    const choices = Array.from({ length }, (_, index) => `[${index}]`);
    return { next: typeof step === 'number' && step < length ? branch.items : undefined, choices };
  }
  const { properties = {}, additionalProperties } = branch;
  const own = properties[step];
  const present = isMap(value) ? Object.keys(value) : [];
  const choices = [...new Set([...Object.keys(properties), ...present])];
  if (own) return { next: own, choices };
  const isPresent = isMap(value) && String(step) in value;
  return {
    next: isPresent && typeof additionalProperties === 'object' ? additionalProperties : undefined,
    choices,
  };
}

/** A copy of a resolved spec with a value set; mappings on the way are made. */
export function setAt(value: unknown, path: Path, replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? setAt(item, rest, replacement) : item));
  }
  const map = isMap(value) ? value : {};
  return { ...map, [step]: setAt(map[step], rest, replacement) };
}

/** A copy with values set by their written paths; what is no path is left out: the check tells it. */
export const setAll = (value: unknown, values: Readonly<Record<string, unknown>>): unknown =>
  Object.entries(values).reduce<unknown>((result, [path, each]) => {
    const steps = parsePath(path);
    return steps ? setAt(result, steps, each) : result;
  }, value);

/** The value at a path, or undefined. */
export function getAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) => (isMap(here) || Array.isArray(here) ? Reflect.get(here, step) : undefined),
    value,
  );
}

/** Every path that a spec has a value at, for suggestions. */
export function allPaths(value: unknown, path: Path = []): readonly string[] {
  if (!isMap(value) && !Array.isArray(value)) return path.length > 0 ? [formatPath(path)] : [];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  const inner = entries.flatMap(([step, each]) => allPaths(each, [...path, step]));
  return path.length > 0 ? [formatPath(path), ...inner] : inner;
}
