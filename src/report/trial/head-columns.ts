/** @file Which columns of `predictions.csv` are whose: names alone may belong to two heads. */

export interface HeadColumns {
  readonly head: string;
  readonly type: HeadType;
  /** Numbers of columns; a multilabel head has no `value`. */
  readonly label: number;
  readonly value: number;
  /** Classes of a multiclass head, labels of a multilabel one, and their columns of probabilities. */
  readonly names: readonly string[];
  readonly probabilities: readonly number[];
  /** The column after its last. */
  readonly end: number;
}

export type HeadType = 'regression' | 'binary' | 'multiclass' | 'multilabel';
export type Heads = Readonly<Record<string, { readonly type: string }>>;

/**
 * Heads `stay` and `stay_probability` both may have a column `stay_probability`. So columns are
 * given out from left to right, head by head, until none is left; only where that cannot be, those
 * of an unknown head are passed over.
 */
export function headColumns(names: readonly string[], heads: Heads): readonly HeadColumns[] {
  if (names[0] !== 'row') return [];
  const left = new Map(Object.entries(heads).map(([head, { type }]) => [head, type]));
  return allColumns(names, 1, left) ?? someColumns(names, 1, left);
}

type Types = ReadonlyMap<string, string>;

/** Every column from `at` on has its head, or null. */
function allColumns(
  names: readonly string[],
  at: number,
  heads: Types,
): readonly HeadColumns[] | null {
  if (at >= names.length) return [];
  for (const own of columnsAt(names, at, heads)) {
    const rest = allColumns(names, own.end, without(heads, own.head));
    if (rest) return [own, ...rest];
  }
  return null;
}

function someColumns(names: readonly string[], from: number, known: Types): readonly HeadColumns[] {
  const found: HeadColumns[] = [];
  let heads = known;
  for (let at = from; at < names.length; ) {
    const [own] = columnsAt(names, at, heads);
    if (own) {
      found.push(own);
      heads = without(heads, own.head);
    }
    at = own?.end ?? at + 1;
  }
  return found;
}

function without(heads: Types, head: string): Types {
  const others = new Map(heads);
  others.delete(head);
  return others;
}

/** The heads that may begin at a column, each with the ends that it may have, the nearest first. */
function columnsAt(names: readonly string[], at: number, heads: Types): readonly HeadColumns[] {
  return [...heads].flatMap(([head, type]) => {
    if (names[at] !== `${head}_label`) return [];
    const others = [...heads.keys()].filter((other) => other !== head);
    const mayEnd = (end: number) =>
      end === names.length || others.some((other) => names[end] === `${other}_label`);
    return extents(names, at, head, type, mayEnd);
  });
}

function extents(
  names: readonly string[],
  label: number,
  head: string,
  type: string,
  mayEnd: (end: number) => boolean,
): readonly HeadColumns[] {
  const value = label + 1;
  const one = { head, label, value, names: [], probabilities: [] };
  if (type === 'multilabel') return labelExtents(names, label, head);
  if (names[value] !== head) return [];
  switch (type) {
    case 'regression':
      return [{ ...one, type, end: value + 1 }];
    case 'binary':
      return names[value + 1] === `${head}_probability`
        ? [{ ...one, type, probabilities: [value + 1], end: value + 2 }]
        : [];
    case 'multiclass':
      return classExtents(names, label, head, mayEnd);
    default:
      return [];
  }
}

/** `<head>_probability_<class>` for each class; nothing tells how many there are. */
function classExtents(
  names: readonly string[],
  label: number,
  head: string,
  mayEnd: (end: number) => boolean,
): readonly HeadColumns[] {
  const prefix = `${head}_probability_`;
  const first = label + 2;
  let last = first;
  while (names[last]?.startsWith(prefix)) last += 1;
  const ends = range(first + 1, last + 1).filter(mayEnd);
  return (ends.length > 0 ? ends : [last]).map((end) => {
    const probabilities = range(first, end);
    const classes = probabilities.map((column) => (names[column] ?? '').slice(prefix.length));
    return {
      head,
      type: 'multiclass',
      label,
      value: label + 1,
      names: classes,
      probabilities,
      end,
    };
  });
}

/** `<head>_<label>` for each label, then `<head>_probability_<label>` for each. */
function labelExtents(
  names: readonly string[],
  label: number,
  head: string,
): readonly HeadColumns[] {
  const first = label + 1;
  const most = Math.floor((names.length - first) / 2);
  return range(1, most + 1).flatMap((count) => {
    const isPair = (column: number) => {
      const own = (names[column] ?? '').slice(head.length + 1);
      return (
        names[column] === `${head}_${own}` && names[column + count] === `${head}_probability_${own}`
      );
    };
    const columns = range(first, first + count);
    if (!columns.every(isPair)) return [];
    return [
      {
        head,
        type: 'multilabel',
        label,
        value: -1,
        names: columns.map((column) => (names[column] ?? '').slice(head.length + 1)),
        probabilities: columns.map((column) => column + count),
        end: first + 2 * count,
      },
    ];
  });
}

const range = (from: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - from) }, (_, at) => from + at);
