/**
 * @file 10,000 trials on 200 simulated workers: how long decisions take, how memory and messages grow.
 * `node --import tsx test/bench/simulation/run.ts [--pruner asha] [--sampler FILE#NAME] [--trials N] …`
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Value } from 'typebox/value';
import type { PrunerKind } from '../../../src/plan/define-pruner.ts';
import type { SamplerKind } from '../../../src/plan/define-sampler.ts';
import { pruners } from '../../../src/plan/pruners/index.ts';
import { rng } from '../../../src/plan/random.ts';
import { random as randomPoints } from '../../../src/plan/samplers/random.ts';
import { findKind } from '../../../src/spec/kind.ts';
import { measureTable } from '../measures.ts';
import { measuresOf } from './measures.ts';
import { type Scheduler, simulate, usualFaults } from './simulate.ts';
import { syntheticTraining, type Training } from './synthetic-training.ts';

const { values: given } = parseArgs({
  options: {
    pruner: { type: 'string', default: 'asha' },
    sampler: { type: 'string' },
    trials: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '200' },
    epochs: { type: 'string', default: '27' },
    objectives: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});

/** A kind of sampler in any module: `src/plan/samplers/tpe.ts#tpe`. */
async function samplerIn(place: string | undefined): Promise<SamplerKind> {
  if (place === undefined) return randomPoints;
  const [file = '', name = ''] = place.split('#');
  const module: Readonly<Record<string, SamplerKind | undefined>> = await import(
    pathToFileURL(resolve(file)).href
  );
  const kind = module[name];
  if (kind === undefined) throw new Error(`${file} exports no "${name}"`);
  return kind;
}

function schedulerOf(
  sampler: SamplerKind,
  pruner: PrunerKind,
  { space, maxEpochs, objectives }: Training,
  seed: number,
): Scheduler {
  const [samplerOptions, prunerOptions] = [defaultsOf(sampler), defaultsOf(pruner)];
  const floors = Array.from({ length: objectives }, () => Number.POSITIVE_INFINITY);
  return {
    propose: (index, { history, pending }) =>
      sampler.propose({
        space,
        index,
        history,
        pending: pending(),
        objectives,
        stream: (...purpose) => rng(seed, 'sampler', ...purpose),
        options: samplerOptions,
      }),
    decide: (trial, courses) =>
      pruner.stopTrial?.({
        trial,
        others: courses.filter(({ index }) => index !== trial.index),
        maxEpochs,
        floors,
        options: prunerOptions,
      }) ?? null,
  };
}

const defaultsOf = ({ options }: SamplerKind | PrunerKind) =>
  Value.Default(options, {}) as Readonly<Record<string, unknown>>;

const [trials, workers, seed] = [given.trials, given.workers, given.seed].map(Number);
const training = syntheticTraining(Number(given.epochs), Number(given.objectives));
const sampler = await samplerIn(given.sampler);
const figures = simulate({
  ...schedulerOf(sampler, findKind(pruners, given.pruner), training, seed ?? 1),
  trials: trials ?? 10_000,
  workers: workers ?? 200,
  seed: seed ?? 1,
  training,
  faults: usualFaults,
});
const title = `simulation: ${given.trials} trials, ${given.workers} workers, ${sampler.name}, ${given.pruner}`;
process.stdout.write(`${measureTable({ title, ...measuresOf(figures, training) })}\n`);
