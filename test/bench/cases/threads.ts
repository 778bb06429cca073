/** @file From which size on a second thread is worth it: what `src/execute/threads.ts` decides by. */
import { stepOperations, threadsFor } from '../../../src/execute/threads.ts';
import type { BenchCase } from '../bench.ts';
import { figuresOf, runChild, script } from '../child.ts';
import { type Measure, measureTable } from '../measures.ts';

const features = 64;
const shapes = [
  { batch: 32, units: [128, 64] },
  { batch: 256, units: [128, 64] },
  { batch: 256, units: [256, 256] },
  { batch: 1024, units: [256, 128] },
  { batch: 512, units: [512, 256] },
  { batch: 1024, units: [512, 512] },
];

/** Steps/s with two threads, as a multiple of those with one. */
export const threads: BenchCase = async (bench) => {
  const { rows, seconds } = bench.sizes.steps;
  const leftOut: string[] = [];
  const measures: Measure[] = [];
  for (const { batch, units } of shapes) {
    const gains: number[] = [];
    for (let round = 0; round < bench.rounds; round++) {
      const rates: number[] = [];
      for (const count of ['1', '2']) {
        const call = script('ours-steps.ts', batch, rows, seconds, units.join(','));
        const result = await runChild({ ...call, env: { ...call.env, THREADS: count } });
        if (result.ok) rates.push(Number(figuresOf(result.stdout).stepsPerSecond));
        else leftOut.push(`${units.join('-')}, batch ${batch} failed: ${result.reason}`);
      }
      const [one, two] = rates;
      if (one && two) gains.push(two / one);
    }
    const weights = units.reduce(
      (sum, width, layer) => sum + (units[layer - 1] ?? features) * width,
      0,
    );
    const size = { weights, batchSize: batch };
    const millions = Math.round(stepOperations(size) / 1e6);
    const name = `${units.join('-')}, batch ${batch}: ${millions} million operations, gets ${threadsFor(size, 2)}`;
    bench.say(`threads: ${name}: ${gains.map((gain) => gain.toFixed(2)).join(', ')}`);
    measures.push({ name, unit: 'times as fast with two', figures: gains, limit: null });
  }
  const result = { title: 'threads: two of TensorFlow’s threads beside one', measures, leftOut };
  bench.print(measureTable(result));
  return [result];
};
