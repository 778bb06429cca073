/** @file Blocks with distributions inside of them: `{ sgd: { momentum: { uniform: [0, 0.99] } } }`. */
import type { Catalog } from '../kind.ts';
import type { Path } from '../problem.ts';
import { isMap } from '../schema/branch.ts';

/** A distribution inside of a value. */
export interface Nested {
  /** From the value to it. */
  readonly inner: Path;
  /** As written: `{ uniform: [0, 1] }`. */
  readonly written: Readonly<Record<string, unknown>>;
}

/** A value without the distributions in it, and these; a value without any is itself. */
export function takeApart(
  value: unknown,
  catalog: Catalog,
  inner: Path = [],
): { readonly bare: unknown; readonly nested: readonly Nested[] } {
  if (isDistribution(value, catalog)) {
    return { bare: undefined, nested: [{ inner, written: value }] };
  }
  if (Array.isArray(value)) {
    const parts = value.map((item, index) => takeApart(item, catalog, [...inner, index]));
    return { bare: parts.map(({ bare }) => bare), nested: parts.flatMap(({ nested }) => nested) };
  }
  if (!isMap(value)) return { bare: value, nested: [] };
  const parts = Object.entries(value).map(
    ([key, item]) => [key, takeApart(item, catalog, [...inner, key])] as const,
  );
  const kept = parts.filter(([, { bare }]) => bare !== undefined);
  return {
    bare: Object.fromEntries(kept.map(([key, { bare }]) => [key, bare])),
    nested: parts.flatMap(([, { nested }]) => nested),
  };
}

/** Told by its only key: no kind of another family has such a name. */
export function isDistribution(
  value: unknown,
  { distribution }: Catalog,
): value is Readonly<Record<string, unknown>> {
  if (!isMap(value)) return false;
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && distribution.some((kind) => kind.name === name);
}
