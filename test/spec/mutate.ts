/** The shipped specs, and how they are spoiled. */
import { readdirSync, readFileSync } from 'node:fs';
import { rng } from '../../src/plan/random.ts';

export const configs = new URL('../../configs/', import.meta.url);
export const texts = readdirSync(configs)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, configs), 'utf8'));
const pieces = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '- ',
  '*',
  '&a ',
  '"',
  "'",
  '|',
  '>',
  '#',
  '\n',
  '  ',
  '\t',
  '~',
  'null',
  '1e999',
  '-1',
  '.nan',
  '${env:X}',
  '<<: *a',
  '!!binary ',
  '%',
  '\u0000',
  'é',
  '[[',
  '? ',
  '0x',
  '...',
  '---\n',
];

export function mutate(text: string, seed: number): string {
  const { integer } = rng(seed, 'mutation');
  const lines = text.split('\n');
  const at = integer(text.length);
  const line = integer(lines.length);
  const other = integer(lines.length);
  switch (integer(7)) {
    case 0:
      return text.slice(0, at) + (pieces[integer(pieces.length)] ?? '') + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + integer(12));
    case 2:
      return lines.toSpliced(line, 1).join('\n');
    case 3:
      return lines.toSpliced(line, 0, lines[other] ?? '').join('\n');
    case 4:
      return lines.with(line, `${' '.repeat(integer(5))}${lines[line]}`).join('\n');
    case 5:
      return text.replace(/: ([^\n{[]+)\n/, () => `: ${pieces[integer(pieces.length)]}\n`);
    default: {
      const words = [...text.matchAll(/[A-Za-z_]+/g)];
      const [one, two] = [words[integer(words.length)], words[integer(words.length)]];
      return one && two
        ? text.slice(0, one.index) + two[0] + text.slice(one.index + one[0].length)
        : text;
    }
  }
}

/** Mutation number `seed`: one to three changes of one of the specs. */
export function mutation(seed: number): string {
  let text = texts[seed % texts.length] ?? '';
  for (let step = 0; step <= seed % 3; step++) text = mutate(text, 1000 * seed + step);
  return text;
}
