/** @file A list of values as a distribution: with an order where they are rising numbers. */
import type { Distribution } from './search-space.ts';

export function listDistribution(values: readonly unknown[]): Distribution {
  const numbers = values.filter((value) => typeof value === 'number');
  const isRising = numbers.every(
    (value, index) => index === 0 || value > (numbers[index - 1] ?? 0),
  );
  return numbers.length === values.length && values.length > 1 && isRising
    ? { type: 'ordinal', levels: numbers }
    : { type: 'category', count: values.length };
}
