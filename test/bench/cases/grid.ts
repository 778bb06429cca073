/** @file A grid of 12 trials, whole processes: from their start to the table that they print. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchCase } from '../bench.ts';
import { figuresOf, runChild } from '../child.ts';
import {
  type Contest,
  type Contestant,
  contestTable,
  holdContest,
  type Outcome,
} from '../contest.ts';
import { makeTable } from '../generate.ts';
import { bestOf, runOwn } from '../own-run.ts';
import type { TableSize } from '../sizes.ts';

const epochs = 5;
const batch = 256;
/** For our warm-up: the same columns, few rows. The peers keep nothing but imports, which are warm. */
const few = { train: 2000, validation: 500 };

export const grid: BenchCase = async (bench) => {
  const { folder, sizes, rounds, say, print } = bench;
  const whole = await tableOf(folder, 'grid.csv', sizes.grid);
  const small = await tableOf(folder, 'grid-few.csv', { ...sizes.grid, ...few });
  const contest = contestOf(bench, whole, small);
  const result = await holdContest(contest, rounds, say);
  print(contestTable(result, contest.notes));
  return [result];
};

export const tableOf = (folder: string, name: string, size: TableSize): Promise<string> => {
  const { train, validation, features } = size;
  return makeTable({ folder, name, rows: train + validation, train, features });
};

function contestOf(bench: Bench, whole: string, small: string): Contest {
  const { sizes, peers, wants } = bench;
  const { train, validation, features } = sizes.grid;
  const peer = (name: string, file: string, module: string, target?: number): Contestant => ({
    name,
    target,
    lacks: peers.lacking(['tensorflow', 'keras', 'pandas', module]),
    run: () => trainPeer(bench, file, whole, name),
  });
  const others = [
    peer('KerasTuner', 'grid_kerastuner.py', 'keras_tuner', 12),
    peer(`KerasTuner${many}`, 'grid_kerastuner.py', 'keras_tuner'),
    peer('Ray Tune', 'grid_ray.py', 'ray', 16),
    peer(`Ray Tune${many}`, 'grid_ray.py', 'ray'),
  ];
  return {
    title: `grid: 12 trials, ${epochs} epochs, batch ${batch}, ${train} + ${validation} rows x ${features} features, from start to table`,
    unit: 's',
    better: 'lower',
    contestants: [
      {
        name: 'ours',
        warmUp: () => trainOurs(bench, small),
        run: () => trainOurs(bench, whole),
      },
      ...others.filter(({ name }) => wants(name)),
    ],
    notes: ['trials', 'auc', 'mae'],
  };
}

/** What a user does who has read that it helps small models. */
export const many = ', steps_per_execution=100';

async function trainOurs({ folder }: Bench, data: string): Promise<Outcome> {
  const run = await runOwn({
    folder,
    spec: 'test/bench/specs/grid.yaml',
    experiment: 'grid',
    data,
  });
  if (!run.ok) return run;
  const notes = {
    trials: run.journal.filter(({ type }) => type === 'finish').length,
    auc: bestOf(run.journal, 'validation/clicked/auc', 'maximize'),
    mae: bestOf(run.journal, 'validation/spent/mae', 'minimize'),
  };
  return { ok: true, figure: run.seconds, notes };
}

async function trainPeer(
  { folder, peers }: Bench,
  file: string,
  data: string,
  name: string,
): Promise<Outcome> {
  const own = mkdtempSync(join(folder, 'peer-'));
  const more = name.endsWith(many) ? [100] : [];
  const result = await runChild(peers.script(file, data, epochs, batch, own, ...more));
  rmSync(own, { recursive: true, force: true });
  if (!result.ok) return result;
  return { ok: true, figure: result.seconds, notes: figuresOf(result.stdout) };
}
