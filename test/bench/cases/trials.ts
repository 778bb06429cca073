/** @file Many small trials, whole processes: from their start to the table that they print. */
import type { Bench, BenchCase } from '../bench.ts';
import { figuresOf, runChild } from '../child.ts';
import { type Contestant, contestTable, holdContest, type Outcome } from '../contest.ts';
import { bestOf, runOwn } from '../own-run.ts';
import { spaced } from '../sizes.ts';
import { many, tableOf } from './grid.ts';

const epochs = 5;
const batch = 32;

export const trials: BenchCase = async (bench) => {
  const { folder, sizes, rounds, peers, wants, say, print } = bench;
  const { train, validation, features } = sizes.trials;
  const data = await tableOf(folder, 'trials.csv', sizes.trials);
  const count = sizes.trialGrid.rates * sizes.trialGrid.weights;
  const optuna = Math.min(bench.optunaTrials, count);
  const lacks = peers.lacking(['tensorflow', 'keras', 'pandas', 'optuna']);
  const peer = (name: string, more: readonly number[], target?: number): Contestant => ({
    ...{ name, target, lacks },
    run: () => trainOptuna(bench, data, optuna, more),
  });
  const isScaled = optuna < count ? ` (${optuna} trials, scaled up)` : '';
  const others = [
    peer(`Optuna with Keras${isScaled}`, [], 30),
    peer(`Optuna with Keras${many}${isScaled}`, [100]),
  ];
  const contest = {
    title: `trials: ${count} of a 32-16 trunk, ${epochs} epochs, batch ${batch}, ${train} + ${validation} rows x ${features} features, from start to table`,
    unit: 's',
    better: 'lower' as const,
    contestants: [
      { name: 'ours', run: () => trainOurs(bench, data) },
      ...others.filter(({ name }) => wants(name)),
    ],
    notes: ['trials', 'auc', 'mae', 'measured', 'perTrial'],
  };
  const result = await holdContest(contest, rounds, say);
  print(contestTable(result, contest.notes));
  return [result];
};

/** The same points for everybody, by the names that each gives them. */
function space({ sizes }: Bench, rate: string, weight: string): string {
  const { rates, weights } = sizes.trialGrid;
  return JSON.stringify({
    [rate]: spaced(0.0003, 0.03, rates),
    [weight]: spaced(0.1, 3, weights),
  });
}

async function trainOurs(bench: Bench, data: string): Promise<Outcome> {
  const grid = space(bench, 'training.optimizer.adam.learningRate', 'heads.spent.weight');
  const run = await runOwn({
    ...{ folder: bench.folder, spec: 'test/bench/specs/trials.yaml', experiment: 'trials', data },
    overrides: [`sweep.parameters=${grid}`],
  });
  if (!run.ok) return run;
  const finished = run.journal.filter(({ type }) => type === 'finish').length;
  const notes = {
    trials: finished,
    auc: bestOf(run.journal, 'validation/clicked/auc', 'maximize'),
    mae: bestOf(run.journal, 'validation/spent/mae', 'minimize'),
    perTrial: run.seconds / finished,
  };
  return { ok: true, figure: run.seconds, notes };
}

/** What was not trained counts as much as a trial did in the mean, the slow first one left out. */
async function trainOptuna(
  bench: Bench,
  data: string,
  count: number,
  more: readonly number[],
): Promise<Outcome> {
  const { rates, weights } = bench.sizes.trialGrid;
  const grid = space(bench, 'learning_rate', 'spent_weight');
  const result = await runChild(
    bench.peers.script('trials_optuna.py', data, epochs, batch, count, grid, ...more),
  );
  if (!result.ok) return result;
  const { trials: trained, auc, mae, secondsPerTrial } = figuresOf(result.stdout);
  const perTrial = Number(secondsPerTrial);
  const rest = Math.max(0, rates * weights - count);
  const notes = { trials: trained, auc, mae, perTrial, measured: result.seconds };
  return { ok: true, figure: result.seconds + rest * perTrial, notes };
}
