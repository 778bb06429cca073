/** @file Combinations of 0/1 labels as classes: what a split of several labels is stratified on. */

/** Numbered in the order in which they appear; -1 where one of the labels is missing (-1). */
export function combinationsOf(bits: readonly Int8Array[], rows: number): Int32Array {
  const combined = new Int32Array(rows);
  for (const labels of bits) {
    const codes = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const before = combined[row] as number;
      if (before < 0) continue;
      const label = labels[row] as number;
      combined[row] = label < 0 ? -1 : codeOf(2 * before + label, codes);
    }
  }
  return combined;
}

function codeOf(key: number, codes: Map<number, number>): number {
  const known = codes.get(key);
  if (known !== undefined) return known;
  codes.set(key, codes.size);
  return codes.size - 1;
}
