/** @file How a reason tells of values. */

/** 4 digits, or as many as it takes to tell a value from another one. */
export function valueText(value: number, other = Number.NaN): string {
  if (!Number.isFinite(value)) return 'undefined';
  for (let digits = 4; digits < 17; digits++) {
    const text = Number(value.toPrecision(digits));
    if (text !== Number(other.toPrecision(digits)) || value === other) return String(text);
  }
  return String(value);
}

/** `0.41`, `0.41 and 3.2`, `0.41, 3.2 and 7`: as the user knows them. */
export function valuesText(values: readonly number[], signs: readonly number[] = []): string {
  const texts = values.map((value, objective) => valueText(value * (signs[objective] ?? 1)));
  const last = texts.pop() ?? 'undefined';
  return texts.length === 0 ? last : `${texts.join(', ')} and ${last}`;
}

export const countText = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
