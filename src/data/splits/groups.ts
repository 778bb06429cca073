/** @file Groups of rows by what they consist of, in typed arrays: there may be millions of them. */

/** Groups of the same classes in the same order. */
export interface GroupKind {
  readonly size: number;
  /** The rows of each class, in the order in which the classes appear. */
  readonly members: readonly (readonly [label: number, count: number])[];
  /** The same for whatever order. */
  readonly name: string;
}

export interface GroupKinds {
  readonly kinds: readonly GroupKind[];
  /** [group] its place in `kinds`. */
  readonly kindOf: Int32Array;
}

/** Groups are numbered from 0 on without gaps. */
export function kindsOfGroups(groups: Int32Array, classes: Int32Array): GroupKinds {
  const rows = inOrderOf(
    groups,
    groups.map((_, row) => row),
  );
  const kinds: GroupKind[] = [];
  const places = new Map<string, number>();
  const kindOf = new Int32Array(numberOf(groups));
  for (let start = 0; start < rows.length; ) {
    const group = groups[rows[start] as number] as number;
    const tally = new Map<number, number>();
    let end = start;
    for (; end < rows.length && groups[rows[end] as number] === group; end++) {
      const label = classes[rows[end] as number] as number;
      tally.set(label, (tally.get(label) ?? 0) + 1);
    }
    const key = [...tally].join(' ');
    const place = places.get(key) ?? kinds.length;
    if (place === kinds.length) kinds.push(kindFrom(tally, end - start));
    places.set(key, place);
    kindOf[group] = place;
    start = end;
  }
  return { kinds, kindOf };
}

function kindFrom(tally: ReadonlyMap<number, number>, size: number): GroupKind {
  const members = [...tally];
  const name = members.toSorted(([one], [other]) => one - other).join(' ');
  return { size, members, name };
}

/** `items` by their number in `keys`, the smallest first; those of the same number stay in order. */
export function inOrderOf(keys: Int32Array, items: Int32Array): Int32Array {
  let least = 0;
  for (const key of keys) if (key < least) least = key;
  const starts = new Int32Array(numberOf(keys) - least + 1);
  for (const item of items) {
    const bucket = (keys[item] as number) - least + 1;
    starts[bucket] = (starts[bucket] as number) + 1;
  }
  for (let bucket = 1; bucket < starts.length; bucket++)
    starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
  const ordered = new Int32Array(items.length);
  for (const item of items) {
    const bucket = (keys[item] as number) - least;
    const place = starts[bucket] as number;
    ordered[place] = item;
    starts[bucket] = place + 1;
  }
  return ordered;
}

function numberOf(keys: Int32Array): number {
  let most = -1;
  for (const key of keys) if (key > most) most = key;
  return most + 1;
}
