/** @file A swept value in words: a block by the names of its kinds, as short as it can be told apart. */

/** `adam`, `dense(units 32, activation relu)`, `[dense(units 8), dropout 0.2]`, `0.0031`. */
export const valueInWords = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : inWords(value, (number) => String(Number(number.toPrecision(6))));

/**
 * The same with every digit: different values never have the same words. What counts as the same is
 * a kind without options in its two spellings, `adam` and `{ adam: {} }`.
 */
export const exactWords = (value: unknown): string =>
  typeof value === 'string' ? value : inWords(value, String);

type NumberWords = (value: number) => string;

function inWords(value: unknown, numberWords: NumberWords): string {
  if (typeof value === 'number') return numberWords(value);
  if (typeof value === 'string') return textInWords(value);
  const within = (inner: unknown) => inWords(inner, numberWords);
  if (Array.isArray(value)) return `[${value.map(within).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const optionsInWords = (block: object) =>
    `(${Object.entries(block)
      .map(([name, option]) => `${textInWords(name)} ${within(option)}`)
      .join(', ')})`;
  const entries = Object.entries(value);
  const [[key, inner] = ['', undefined]] = entries;
  // What was in it is swept by itself, and told there.
  if (entries.length === 0) return '…';
  if (entries.length !== 1) return optionsInWords(value);
  const name = textInWords(key);
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner))
    return `${name} ${within(inner)}`;
  return Object.keys(inner).length === 0 ? name : `${name}${optionsInWords(inner)}`;
}

/** In quotation marks where it could be taken for a number, or for several words. */
function textInWords(text: string): string {
  const isWord = /^[\p{L}_/$][\p{L}\p{N}_./$@:+-]*$/u.test(text);
  return isWord && !/^(null|true|false|NaN|Infinity)$/.test(text) ? text : JSON.stringify(text);
}
