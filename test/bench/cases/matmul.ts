/** @file What part of the machine's arithmetic training reaches: the rest is overhead of ours or of XLA. */
import type { Bench, BenchCase } from '../bench.ts';
import { figuresOf, runChild, script } from '../child.ts';
import { type Measure, measureTable } from '../measures.ts';
import { figure } from '../statistics.ts';

const features = 64;
const outputs = 2;
const shapes = [
  { batch: 32, units: [128, 64] },
  { batch: 256, units: [128, 64] },
  { batch: 1024, units: [512, 512] },
];

/** Forward 2, gradient of the weights 2, gradient of the layer's input 2, which the first layer needs not. */
export function operationsOfStep(batch: number, units: readonly number[]): number {
  const widths = [features, ...units];
  const trunk = units.reduce(
    (sum, width, layer) => sum + (layer === 0 ? 4 : 6) * (widths[layer] ?? 0) * width,
    0,
  );
  return batch * (trunk + 6 * (units.at(-1) ?? features) * outputs);
}

interface Rate {
  readonly name: string;
  readonly plain: number;
  readonly training: number;
}

export const matmul: BenchCase = async (bench) => {
  const rates: Rate[] = [];
  const leftOut: string[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const plain = await plainRate(bench);
    for (const { batch, units } of shapes) {
      const name = `${[features, ...units].join('-')}, batch ${batch}`;
      const { rows, seconds } = bench.sizes.steps;
      const result = await runChild(script('ours-steps.ts', batch, rows, seconds, units.join(',')));
      if (!result.ok) {
        leftOut.push(`${name}, round ${round + 1} failed: ${result.reason}`);
        continue;
      }
      const perSecond = Number(figuresOf(result.stdout).stepsPerSecond);
      const training = (perSecond * operationsOfStep(batch, units)) / 1e9;
      rates.push({ name, plain, training });
      bench.say(
        `matmul, round ${round + 1}: ${name} ${figure(training)} of ${figure(plain)} GFLOP/s`,
      );
    }
  }
  const measures = shapes.flatMap(({ batch, units }): readonly Measure[] => {
    const name = `${[features, ...units].join('-')}, batch ${batch}`;
    const own = rates.filter((rate) => rate.name === name);
    const gigaflops = own.map(({ training }) => training);
    const share = own.map(({ training, plain }) => (100 * training) / plain);
    return [
      { name: `training ${name}`, unit: 'GFLOP/s', figures: gigaflops, limit: null },
      { name: `training ${name}`, unit: '% of the product’s rate', figures: share, limit: null },
    ];
  });
  const plain = [...new Set(rates.map((rate) => rate.plain))];
  const result = {
    title: 'matmul: the products of a step beside one large matrix product, on one core',
    measures: [
      { name: 'tf.matMul, eager, its best size', unit: 'GFLOP/s', figures: plain, limit: null },
      ...measures,
    ],
    leftOut,
  };
  bench.print(measureTable(result));
  return [result];
};

/** The best of all sizes, with oneDNN's products and with Eigen's: what the machine can do. */
async function plainRate({ sizes, say }: Bench): Promise<number> {
  const rates: number[] = [];
  for (const onednn of ['0', '1']) {
    const result = await runChild(script('ours-matmul.ts', onednn, ...sizes.matrices));
    if (result.ok) rates.push(...Object.values(figuresOf(result.stdout)).map(Number));
    say(
      `matmul, ${onednn === '1' ? 'oneDNN' : 'Eigen'}: ${result.ok ? result.stdout.trim() : result.reason}`,
    );
  }
  return Math.max(...rates);
}
