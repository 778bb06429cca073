/** @file Spells a spec out: short forms to long ones, defaults filled in. Already long: unchanged. */
import { formatPath, type Path } from '../problem.ts';
import { isMap, meantBranch } from './branch.ts';
import { resolveRef, type Schema } from './compose.ts';

/** Paths of the values that were not written but are defaults. */
export type DefaultedPaths = Set<string>;

/** `value` is valid. Paths of defaults are added to `defaulted`. */
export function spellOut(
  root: Schema,
  given: Schema,
  value: unknown,
  path: Path = [],
  defaulted: DefaultedPaths = new Set(),
): unknown {
  const schema = resolveRef(root, given);
  const into = (inner: Schema, innerValue: unknown, innerPath: Path) =>
    spellOut(root, inner, innerValue, innerPath, defaulted);
  if (schema['x-choice']) return spellOutChoice(schema, value, path, into);
  if (schema['x-list']) {
    const items = schema.anyOf?.[0]?.items ?? {};
    const list = Array.isArray(value) ? value : [value];
    return list.map((item, index) => into(items, item, [...path, index]));
  }
  const branch = schema.anyOf ? meantBranch(root, schema, value) : schema;
  if (!branch) return value;
  if (branch['x-choice']) return into(branch, value, path);
  if (Array.isArray(value)) {
    const { items } = branch;
    return items ? value.map((item, index) => into(items, item, [...path, index])) : value;
  }
  if (isMap(value)) return spellOutMap(branch, value, path, defaulted, into);
  return value;
}

type Into = (schema: Schema, value: unknown, path: Path) => unknown;

function spellOutChoice(schema: Schema, value: unknown, path: Path, into: Into): unknown {
  const [name, options] = isMap(value) ? (Object.entries(value)[0] ?? []) : [String(value), {}];
  const kind = schema.anyOf?.at(-1)?.properties?.[name ?? ''];
  if (name === undefined || !kind) return value;
  const short = kind['x-short'];
  if (short === undefined) return { [name]: into(kind, options, [...path, name]) };
  const long = kind.anyOf?.at(-1) ?? {};
  return { [name]: into(long, isMap(options) ? options : { [short]: options }, [...path, name]) };
}

function spellOutMap(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  defaulted: DefaultedPaths,
  into: Into,
): unknown {
  const { properties = {}, additionalProperties } = schema;
  const result: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const inner = [...path, name];
    if (value[name] === undefined && property.default === undefined) continue;
    if (value[name] === undefined) defaulted.add(formatPath(inner));
    result[name] = into(property, value[name] ?? property.default, inner);
  }
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (name in properties || inner === undefined) continue;
    result[name] = others ? into(others, inner, [...path, name]) : inner;
  }
  return result;
}
