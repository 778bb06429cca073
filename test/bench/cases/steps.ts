/** @file Steps per second of a 64-128-64 model with two heads, in steady state. */
import type { BenchCase } from '../bench.ts';
import { type ChildRequest, figuresOf, runChild, script } from '../child.ts';
import {
  type Contest,
  type Contestant,
  contestTable,
  holdContest,
  type Outcome,
} from '../contest.ts';

async function stepsPerSecond(request: ChildRequest): Promise<Outcome> {
  const result = await runChild(request);
  if (!result.ok) return result;
  const { stepsPerSecond: figure, ...notes } = figuresOf(result.stdout);
  return { ok: true, figure: Number(figure), notes };
}

interface Targets {
  readonly tfjs: number;
  readonly keras: number;
  readonly kerasMany?: number;
  readonly jax: number;
}
const targets: Readonly<Record<number, Targets>> = {
  32: { tfjs: 80, keras: 15, kerasMany: 6, jax: 0.95 },
  256: { tfjs: 18, keras: 6, jax: 0.85 },
};

export const steps: BenchCase = async (bench) => {
  const results = [];
  for (const batch of [32, 256]) {
    const contest = contestOf(batch, bench);
    const result = await holdContest(contest, bench.rounds, bench.say);
    bench.print(contestTable(result, contest.notes));
    results.push(result);
  }
  return results;
};

function contestOf(batch: number, { sizes, peers, wants }: Parameters<BenchCase>[0]): Contest {
  const { rows, seconds } = sizes.steps;
  const target = targets[batch];
  const kerasNeeds = peers.lacking(['tensorflow', 'keras']);
  const entry = (name: string, request: ChildRequest, at?: number, lacks?: string): Contestant => ({
    ...{ name, target: at, lacks },
    run: () => stepsPerSecond(request),
  });
  const keras = (...many: readonly number[]) =>
    peers.script('steps_keras.py', batch, rows, seconds, ...many);
  const others = [
    entry('tfjs-node model.fit', script('peers/steps_tfjs.ts', batch, rows, seconds), target?.tfjs),
    entry('Keras fit', keras(), target?.keras, kerasNeeds),
    entry('Keras fit, steps_per_execution=100', keras(100), target?.kerasMany, kerasNeeds),
    entry(
      'JAX jit(lax.scan) by hand',
      peers.script('steps_jax.py', batch, rows, seconds),
      target?.jax,
      peers.lacking(['jax']),
    ),
  ];
  return {
    title: `steps, batch ${batch}: 64-128-64 trunk, 2 heads, Adam, ${rows} rows`,
    unit: 'steps/s',
    better: 'higher',
    contestants: [
      entry('ours', script('ours-steps.ts', batch, rows, seconds, '128,64')),
      ...others.filter(({ name }) => wants(name)),
    ],
    notes: ['firstLoss', 'lastLoss', 'compileSeconds', 'engine', 'reason', 'form'],
  };
}
