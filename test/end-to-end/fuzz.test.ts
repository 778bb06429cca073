import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadExperiment } from '../../src/load-experiment.ts';
import { configs, mutation } from '../spec/mutate.ts';

/** `FUZZ_COUNT=2000` for a long run by hand. */
const count = Number(process.env.FUZZ_COUNT ?? 30);

test(`${count} mutations of the shipped specs, checked with their data and models: always a place`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    symlinkSync(fileURLToPath(new URL('data', configs)), join(folder, 'data'));
    const file = join(folder, 'spec.yaml');
    let wrong = 0;
    for (let seed = 0; seed < count; seed++) {
      writeFileSync(file, mutation(seed));
      const begin = performance.now();
      const loaded = await loadExperiment({ file, overrides: [], env: { SARCOS_FILE: 'x.csv' } });
      assert.ok(performance.now() - begin < 30_000, `mutation ${seed} took too long`);
      if (loaded.ok) continue;
      wrong += 1;
      assert.ok(loaded.problems.length > 0, `mutation ${seed} is wrong without a problem`);
      for (const { place, expected, came } of loaded.problems) {
        assert.ok(place.line >= 1 && place.column >= 1, `mutation ${seed} has no place`);
        const text = `${expected} ${came}`;
        assert.doesNotMatch(text, /internal:|\bat .*\.ts:/, `mutation ${seed}: ${text}`);
      }
    }
    assert.ok(wrong > count / 3, 'mutations that change nothing test nothing');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
