/** @file XLA, the same graph without it, and eager: what `src/compile/choose.ts` decides by. */
import type { BenchCase } from '../bench.ts';
import { figuresOf, runChild, script } from '../child.ts';
import { type Measure, measureTable } from '../measures.ts';

export const engines: BenchCase = async (bench) => {
  const { rows, seconds } = bench.sizes.steps;
  const functions = {
    'two heads, batch 32': (engine: string) =>
      script('ours-steps.ts', 32, rows, seconds, '128,64', engine),
    dense: (engine: string) => script('ours-engines.ts', 'dense', engine, seconds),
    convolution: (engine: string) => script('ours-engines.ts', 'convolution', engine, seconds),
  };
  const leftOut: string[] = [];
  const measures: Measure[] = [];
  for (const [name, of] of Object.entries(functions)) {
    for (const engine of ['xla', 'graph', 'eager']) {
      const figures: number[] = [];
      for (let round = 0; round < bench.rounds; round++) {
        const result = await runChild(of(engine));
        if (result.ok) figures.push(rateIn(figuresOf(result.stdout)));
        else leftOut.push(`${name}, ${engine} failed: ${result.reason}`);
      }
      measures.push({ name: `${name}, ${engine}`, unit: 'steps/s', figures, limit: null });
    }
  }
  const result = { title: 'engines: steps/s by how a program runs', measures, leftOut };
  bench.print(measureTable(result));
  return [result];
};

const rateIn = ({ stepsPerSecond, itemsPerSecond }: Readonly<Record<string, unknown>>) =>
  Number(stepsPerSecond ?? itemsPerSecond);
