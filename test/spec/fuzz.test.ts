import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec, renderProblems } from '../../src/spec/index.ts';
import { catalog } from './example.ts';
import { mutation } from './mutate.ts';

/** `FUZZ_COUNT=2000` for a long run by hand. */
const count = Number(process.env.FUZZ_COUNT ?? 300);

test(`${count} mutations of the shipped specs: never a stack trace, never a hang, always a place`, () => {
  let wrong = 0;
  for (let seed = 0; seed < count; seed++) {
    const text = mutation(seed);
    const begin = performance.now();
    const parsed = parseSpec({ text, file: 'fuzz.yaml', catalog, env: { SARCOS_FILE: 'x.csv' } });
    assert.ok(performance.now() - begin < 20_000, `mutation ${seed} took too long`);
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
