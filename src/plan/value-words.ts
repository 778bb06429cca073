/** @file A swept value in words: a block by the names of its kinds, as short as it can be told apart. */

/** `adam`, `dense(units 32, activation relu)`, `[dense(units 8), dropout 0.2]`, `0.0031`. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return `[${value.map(valueInWords).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  const [[name, inner] = ['', undefined]] = entries;
  if (entries.length !== 1) return `(${optionsInWords(entries)})`;
  if (typeof inner !== 'object' || inner === null) return `${name} ${valueInWords(inner)}`;
  const options = Object.entries(inner);
  if (Array.isArray(inner)) return `${name} ${valueInWords(inner)}`;
  return options.length === 0 ? name : `${name}(${optionsInWords(options)})`;
}

const optionsInWords = (entries: readonly (readonly [string, unknown])[]) =>
  entries.map(([name, value]) => `${name} ${valueInWords(value)}`).join(', ');
