import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rng } from '../../src/plan/random.ts';
import { parseSpec, renderProblems } from '../../src/spec/index.ts';
import { catalog } from './example.ts';

/** `FUZZ_COUNT=2000` for a long run by hand. */
const count = Number(process.env.FUZZ_COUNT ?? 300);
const configs = new URL('../../configs/', import.meta.url);
const texts = readdirSync(configs)
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

function mutate(text: string, seed: number): string {
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

test(`${count} mutations of the shipped specs: never a stack trace, never a hang, always a place`, () => {
  let wrong = 0;
  for (let seed = 0; seed < count; seed++) {
    let text = texts[seed % texts.length] ?? '';
    for (let step = 0; step <= seed % 3; step++) text = mutate(text, 1000 * seed + step);
    const begin = performance.now();
    const parsed = parseSpec({ text, file: 'fuzz.yaml', catalog, env: { SARCOS_FILE: 'x.csv' } });
    assert.ok(performance.now() - begin < 2000, `mutation ${seed} took too long`);
    if (parsed.ok) continue;
    wrong += 1;
    assert.ok(parsed.problems.length > 0, `mutation ${seed} is wrong without a problem`);
    for (const { place, expected, came } of parsed.problems) {
      assert.ok(place.line >= 1 && place.column >= 1, `mutation ${seed} has no place`);
      assert.ok(expected !== '' && typeof came === 'string');
    }
    const said = renderProblems(parsed.problems);
    assert.doesNotMatch(said, /\bat .*\.ts:|undefined|internal:/, `mutation ${seed}:\n${said}`);
  }
  assert.ok(wrong > count / 4, `only ${wrong} of ${count} were wrong`);
});
