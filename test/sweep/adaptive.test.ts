import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJournal } from '../../src/record/journal.ts';
import { run, smallExperiment, smallSpec } from '../end-to-end/small-experiment.ts';

const adaptive = (sweep: string, epochs = 27) =>
  smallSpec.replace('epochs: 6', `epochs: ${epochs}`).replace(/sweep:[\s\S]*/, `sweep:\n${sweep}`);
const space = `  parameters:
    training.optimizer:
      - adam: { learningRate: { logUniform: [0.0003, 0.1] } }
      - momentum: { learningRate: { logUniform: [0.0003, 0.1] }, momentum: { uniform: [0, 0.9] } }
    heads.days.weight: { uniform: [0.1, 1] }
    heads.ill.weight: '1.1 - \${heads.days.weight}'
`;
const journalOf = (folder: string) => readJournal(join(folder, 'runs/small/journal.jsonl'));
test('with two workers, proposals and decisions that were recorded are kept', async () => {
  const spec = adaptive(`  method: tpe\n  budget: { trials: 14 }\n  pruner: median\n${space}`);
  const folder = smallExperiment(spec);
  const first = await run(folder, 'small.yaml', '--json', '--jobs', '2');
  assert.equal(first.status, 0, first.stderr);
  const again = await run(folder, 'small.yaml', '--json', '--jobs', '2');
  assert.deepEqual(JSON.parse(again.stdout), JSON.parse(first.stdout));
  assert.match(again.stderr, /every trial is done already/);
  const more = await run(folder, 'small.yaml', '--json', '--jobs', '2', 'sweep.budget.trials=16');
  const [before, after] = [JSON.parse(first.stdout).trials, JSON.parse(more.stdout).trials];
  assert.equal(after.length, 16);
  assert.deepEqual(after.slice(0, 14), before, 'a larger budget goes on from what there is');
});

test('a budget of epochs and a target end a sweep, and what ended it is said', async () => {
  const epochs = await run(
    smallExperiment(adaptive(`  method: random\n  budget: { epochs: 20 }\n${space}`, 6)),
    'small.yaml',
    '--json',
    '--jobs',
    '1',
  );
  assert.equal(epochs.status, 0, epochs.stderr);
  assert.equal(JSON.parse(epochs.stdout).trials.length, 4); // 6, 12, 18, 24 epochs
  assert.match(epochs.stderr, /the budget of 20 epochs is spent: 24 were trained/);
  const target = await run(
    smallExperiment(
      adaptive(
        `  method: random\n  budget: { trials: 50, target: { validation/ill/auc: 0.5 } }\n${space}`,
      ),
    ),
    'small.yaml',
    '--json',
    '--jobs',
    '1',
  );
  const { trials } = JSON.parse(target.stdout);
  assert.ok(trials.length < 10, `${trials.length} trials`);
  assert.ok(trials.at(-1).metrics['validation/ill/auc'] >= 0.5);
  assert.match(target.stderr, /the target is reached by trial/);
});

test('what budgets leave of a grid is left out and counted, and no trial is called interrupted', async () => {
  const grid = '  parameters: { training.optimizer.adam.learningRate: [0.003, 0.01, 0.03, 0.1] }\n';
  const folder = smallExperiment(adaptive(`  budget: { epochs: 10, trials: 3 }\n${grid}`, 6));
  const first = await run(folder, 'small.yaml', '--jobs', '1');
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^small: 2 trials finished, tensorflow/m);
  const notes = [
    '1 choice of the grid was left out, because the budget is for 3 trials. Another sweep.budget trains it.',
    '1 of 3 trials was left out, because the budget of 10 epochs is spent: 12 were trained. Another sweep.budget trains it.',
  ];
  const noted = (text: string) => text.split('\n').filter((line) => line.includes('left out'));
  assert.deepEqual(noted(first.stdout), notes);
  assert.deepEqual(noted((await run(folder, 'results')).stdout), notes);
  const results = JSON.parse((await run(folder, 'results', '--json')).stdout);
  assert.equal(results.trials.length, 2);
  assert.deepEqual(results.leftOut[1].trials, [3]);
  const more = await run(folder, 'small.yaml', '--json', 'sweep.budget={}');
  const { trials, leftOut } = JSON.parse(more.stdout);
  assert.deepEqual(
    trials.map(({ status }: { status: string }) => status),
    Array(4).fill('finished'),
  );
  assert.equal(leftOut, undefined);
});

test('of choices that a budget left out no control is trained either', async () => {
  const grid = '  parameters: { training.optimizer.adam.learningRate: [0.003, 0.01, 0.03, 0.1] }\n';
  const controls = 'baselines: singleTask\n';
  const folder = smallExperiment(adaptive(`  budget: { epochs: 10 }\n${grid}${controls}`, 6));
  const { status, stdout, stderr } = await run(folder, 'small.yaml', '--json', '--jobs', '1');
  assert.equal(status, 0, stderr);
  const { trials, leftOut } = JSON.parse(stdout);
  assert.deepEqual(
    trials.map(({ number, tasks }: { number: number; tasks: string[] }) => [number, ...tasks]),
    [
      [1, 'ill', 'days'],
      [2, 'ill', 'days'],
      [5, 'ill'],
      [6, 'ill'],
      [9, 'days'],
      [10, 'days'],
    ],
  );
  assert.deepEqual(leftOut[0].trials, [3, 4, 7, 8, 11, 12]);
});

test('a budget of minutes interrupts what runs, and stays spent', async () => {
  const spec = adaptive(`  method: random\n  budget: { minutes: 0.1 }\n${space}`, 100_000);
  const folder = smallExperiment(spec);
  const first = await run(folder, 'small.yaml', '--json', '--jobs', '1');
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /the budget of 0.1 minutes is spent/);
  const [trial, ...others] = JSON.parse(first.stdout).trials;
  assert.equal(trial.status, 'interrupted');
  assert.deepEqual(others, []);
  const trained = journalOf(folder).filter(({ type }) => type === 'epoch').length;
  assert.ok(trained > 0);
  const second = await run(folder, 'small.yaml', '--json', '--jobs', '1');
  assert.match(second.stderr, /the budget of 0.1 minutes is spent/);
  assert.equal(journalOf(folder).filter(({ type }) => type === 'epoch').length, trained);
});

test('a space with nothing new left ends a sweep before its budget', async () => {
  const spec = adaptive(
    '  method: tpe\n  budget: { trials: 50 }\n  parameters: { heads.days.weight: [0.1, 1], training.batchSize: [32, 64] }\n',
    2,
  );
  const { status, stdout, stderr } = await run(smallExperiment(spec), 'small.yaml', '--json');
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).trials.length, 4);
});
