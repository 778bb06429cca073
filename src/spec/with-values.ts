/** @file A resolved spec with other values in some places. */
import type { Catalog } from './kind.ts';
import type { Origin, ParsedSpec } from './parse-spec.ts';
import type { Path } from './problem.ts';
import { isMap } from './schema/branch.ts';
import type { ResolvedSpec } from './schema/experiment.ts';
import { spellOut } from './schema/spell-out.ts';
import { setAll } from './schema/step-into.ts';
import { schemaOf } from './schema-of.ts';

/** Puts swept values in by path and spells their short forms out. The paths have been checked. */
export function withValues(
  spec: ResolvedSpec,
  values: Readonly<Record<string, unknown>>,
  catalog: Catalog,
): ResolvedSpec {
  const schema = schemaOf(catalog);
  // A checked value at a checked place of a resolved spec is a resolved spec again.
  return spellOut(schema, schema, setAll(spec, values)) as ResolvedSpec;
}

/** Keys whose values may be secrets. */
const guarded = ['tracking', 'execution'];

/**
 * For the record: values that came from the environment below `tracking` and `execution` as their
 * reference, and no user and password in any URI.
 */
export function withReferences(
  spec: ResolvedSpec,
  { originOf }: Extract<ParsedSpec, { ok: true }>,
): ResolvedSpec {
  const visit = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (isMap(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]),
      );
    }
    const origin: Origin = originOf(path);
    const isGuarded = guarded.includes(String(path[0]));
    if (isGuarded && origin.kind === 'written' && origin.reference !== undefined)
      return origin.reference;
    return typeof value === 'string' ? withoutCredentials(value) : value;
  };
  return visit(spec, []) as ResolvedSpec; // The same shape, other texts.
}

/**
 * `https://user:password@host` → `https://host`. In an address of Redis up to the last `@`, since
 * passwords are written there that no other address would hold. A scheme begins where a word does:
 * looked for at every letter, it would take the square of a long line's time.
 */
export const withoutCredentials = (text: string): string =>
  text
    .replace(/(rediss?:\/\/)[^\s"']*@/gi, '$1')
    .replace(/(?<![a-z0-9+.-])([a-z0-9+.-]+:\/\/)[^/\s@]+@/gi, '$1');
