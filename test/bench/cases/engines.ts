/** @file XLA, the same graph without it, and eager: what `src/compile/choose.ts` decides by. */
import type { BenchCase } from '../bench.ts';
import { figuresOf, runChild, script } from '../child.ts';
import { type Measure, measureTable } from '../measures.ts';

export const engines: BenchCase = async (bench) => {
  const leftOut: string[] = [];
  const measures: Measure[] = [];
  for (const name of ['dense', 'convolution']) {
    for (const engine of ['xla', 'graph', 'eager']) {
      const figures: number[] = [];
      for (let round = 0; round < bench.rounds; round++) {
        const result = await runChild(
          script('ours-engines.ts', name, engine, bench.sizes.steps.seconds),
        );
        if (result.ok) figures.push(Number(figuresOf(result.stdout).itemsPerSecond));
        else leftOut.push(`${name}, ${engine} failed: ${result.reason}`);
      }
      measures.push({ name: `${name}, ${engine}`, unit: 'steps/s', figures, limit: null });
    }
  }
  const result = { title: 'engines: steps/s by how a program runs', measures, leftOut };
  bench.print(measureTable(result));
  return [result];
};
