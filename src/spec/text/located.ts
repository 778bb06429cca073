/** @file A spec's values with the places where they were written. */
import type { Path } from '../problem.ts';

/** Counted from 1. `file` is a file's name as given, or `command line`. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line itself, for messages. */
  readonly text: string;
}

interface Node {
  readonly at: Place;
  /** Where its key stands, for a value of a mapping. */
  readonly keyAt?: Place;
  /** Names of environment variables that it was made of. */
  readonly env?: readonly string[];
  /** As it was written, where environment variables were put in. */
  readonly reference?: string;
}
export type Located = Node &
  (
    | { readonly kind: 'scalar'; readonly value: unknown }
    | { readonly kind: 'list'; readonly items: readonly Located[] }
    | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Located> }
  );

/** The values without their places. */
export function plainValue(node: Located): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, inner]) => [key, plainValue(inner)]));
    default:
      return node satisfies never;
  }
}

/** The node at a path, or the deepest one on the way to it. */
export function deepest(root: Located, path: Path): { node: Located; isWhole: boolean } {
  let node = root;
  for (const step of path) {
    const next = child(node, step);
    if (!next) return { node, isWhole: false };
    node = next;
  }
  return { node, isWhole: true };
}

export function child(node: Located, step: string | number): Located | undefined {
  if (node.kind === 'map') return node.entries.get(String(step));
  if (node.kind === 'list') return node.items[Number(step)];
  return undefined;
}

/** Calls a function with every scalar; its answer takes the scalar's place. */
export function mapScalars(
  node: Located,
  map: (scalar: Located & { kind: 'scalar' }) => Located,
): Located {
  switch (node.kind) {
    case 'scalar':
      return map(node);
    case 'list':
      return { ...node, items: node.items.map((item) => mapScalars(item, map)) };
    case 'map': {
      const entries = [...node.entries].map(
        ([key, inner]) => [key, mapScalars(inner, map)] as const,
      );
      return { ...node, entries: new Map(entries) };
    }
    default:
      return node satisfies never;
  }
}
