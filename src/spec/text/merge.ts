/** @file Specs that extend others, and values set on the command line. */
import { parse as parseYaml } from 'yaml';
import { type Path, parsePath } from '../problem.ts';
import { child, type Located, type Place } from './located.ts';
import type { LocatedProblem } from './text-problem.ts';

/** What stands in `own` wins; maps are merged, lists and choices of another kind replaced. */
export function merge(base: Located, own: Located): Located {
  if (base.kind !== 'map' || own.kind !== 'map') return own;
  if (isOtherChoice(base, own)) return own;
  const entries = new Map(base.entries);
  for (const [key, value] of own.entries) {
    const before = base.entries.get(key);
    entries.set(key, before ? merge(before, value) : value);
  }
  return { ...own, entries };
}

/** `{ adam: … }` and `{ sgd: … }`: two choices, not one with two keys. */
function isOtherChoice(base: Located & { kind: 'map' }, own: Located & { kind: 'map' }): boolean {
  const [[baseKey] = [], [ownKey] = []] = [[...base.entries.keys()], [...own.entries.keys()]];
  const isSingle = base.entries.size === 1 && own.entries.size === 1;
  return isSingle && baseKey !== ownKey && choicePlaces.has(lastKey(own));
}

/** Keys under which a kind is chosen. */
const choicePlaces = new Set([
  'loss',
  'optimizer',
  'weighting',
  'sharing',
  'method',
  'encode',
  'learningRateSchedule',
  'weightSchedule',
]);

const lastKey = ({ keyAt }: Located): string =>
  /^\s*(?:-\s+)?['"]?([\w-]+)/.exec(keyAt?.text.slice(keyAt.column - 1) ?? '')?.[1] ?? '';

export type Override =
  | { readonly ok: true; readonly path: Path; readonly value: Located }
  | { readonly ok: false; readonly problem: LocatedProblem };

/** `training.epochs=5`; the value is YAML. */
export function readOverride(text: string): Override {
  const at: Place = { file: 'command line', line: 1, column: 1, text };
  const equals = text.indexOf('=');
  const path = equals > 0 ? parsePath(text.slice(0, equals)) : undefined;
  if (!path) {
    const problem = {
      path: [],
      expected: 'path=value, such as training.epochs=5',
      came: JSON.stringify(text),
      place: at,
    };
    return { ok: false, problem };
  }
  const valueAt = { ...at, column: equals + 2 };
  try {
    return {
      ok: true,
      path,
      value: toLocated(parseYaml(text.slice(equals + 1)) ?? null, valueAt, at),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const problem = {
      path,
      expected: 'a value in YAML',
      came: text.slice(equals + 1),
      place: valueAt,
    };
    return { ok: false, problem };
  }
}

function toLocated(value: unknown, at: Place, keyAt?: Place): Located {
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => toLocated(item, at)), at, keyAt };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, toLocated(inner, at, at)] as const,
    );
    return { kind: 'map', entries: new Map(entries), at, keyAt };
  }
  return { kind: 'scalar', value, at, keyAt };
}

/** Sets a value; what is missing on the way is made, a short form on the way is spelled out. */
export function setLocated(root: Located, path: Path, value: Located): Located {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (root.kind === 'list' && typeof step === 'number') {
    const items = [...root.items];
    items[step] = setLocated(items[step] ?? emptyMap(value.at), rest, value);
    return { ...root, items: items.filter((item) => item !== undefined) };
  }
  const map = asMap(root, step);
  const inner = setLocated(child(map, step) ?? emptyMap(value.at), rest, value);
  return { ...map, entries: new Map(map.entries).set(String(step), inner) };
}

const emptyMap = (at: Place): Located & { kind: 'map' } => ({
  kind: 'map',
  entries: new Map(),
  at,
});

/** `optimizer: adam` on the way to `adam` is `{ adam: {} }`; `dropout: 0.2` on the way to `rate` {}. */
function asMap(node: Located, step: string | number): Located & { kind: 'map' } {
  if (node.kind === 'map') return node;
  const isName = node.kind === 'scalar' && node.value === step;
  const entries: [string, Located][] = isName ? [[String(step), emptyMap(node.at)]] : [];
  return { ...emptyMap(node.at), keyAt: node.keyAt, entries: new Map(entries) };
}
