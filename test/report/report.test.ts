import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderHtml } from '../../src/report/html.ts';
import { gainOf, readRun, renderTable, resultsJson } from '../../src/report/index.ts';
import { intervalOf, quantile975, spreadOf } from '../../src/report/statistics.ts';
import { madeJournal, madeTrials } from './fixture.ts';

const close = (value: number | undefined, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < tolerance, `${value} is not ${expected}`);

test('quantiles of Student’s t are those of the tables', () => {
  const table: readonly (readonly [number, number])[] = [
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [9, 2.2622],
    [30, 2.0423],
    [99, 1.9842],
  ];
  for (const [degrees, quantile] of table) close(quantile975(degrees), quantile, 1e-4);
});

test('an interval is the mean and t times the standard error on both sides', () => {
  const spread = spreadOf([1, 2, 3]);
  assert.deepEqual(spread, { n: 3, mean: 2, deviation: 1 });
  const [low, high] = intervalOf(spread) ?? [0, 0];
  close(low, 2 - 4.302653 / Math.sqrt(3), 1e-5);
  close(high, 2 + 4.302653 / Math.sqrt(3), 1e-5);
  assert.equal(intervalOf(spreadOf([1])), undefined);
});

test('joint and control are chosen on validation and compared on test, pair by pair', () => {
  const [ill, stay] = gainOf(readRun(madeJournal())) ?? [];
  // `large` is the best joint choice; of ill's controls `small` is, though `large` is better on test.
  assert.deepEqual(ill?.jointTrials, [4, 5, 6]);
  assert.deepEqual(ill?.controlTrials, [7, 8, 9]);
  // 0.75 - 0.70, 0.76 - 0.72, 0.77 - 0.71
  close(ill?.gain?.mean, 0.05);
  close(ill?.gain?.deviation, 0.01);
  close(ill?.relative ?? undefined, 0.05 / 0.71);
  assert.equal(ill?.verdict, 'paid');
  // Less error is better: 2.01 - 2.00, 2.07 - 2.10, 2.06 - 2.05
  close(stay?.gain?.mean, -0.01 / 3);
  assert.equal(stay?.verdict, 'no clear difference');
  assert.match(
    ill?.sentence ?? '',
    /^ill: training it jointly paid: test auc 0\.7600 ± 0\.0100 jointly, 0\.7100 ± 0\.0100 alone; gain \+0\.0500/,
  );
});

test('a gain surely below zero is negative transfer', () => {
  const worse = madeTrials.map((made) =>
    made.choice === 'large'
      ? {
          ...made,
          test: [
            [0.5, 3],
            [0.51, 3.1],
            [0.5, 3],
          ] as const,
        }
      : made,
  );
  assert.deepEqual(
    (gainOf(readRun(madeJournal(worse))) ?? []).map(({ verdict }) => verdict),
    ['hurt', 'hurt'],
  );
});

test('nothing is called better with one or two replicates', () => {
  for (const count of [1, 2]) {
    const few = madeTrials.map((made) => ({
      ...made,
      validation: made.validation.slice(0, count),
    }));
    const gains = gainOf(readRun(madeJournal(few))) ?? [];
    assert.deepEqual(
      gains.map(({ verdict }) => verdict),
      ['unknown', 'unknown'],
    );
    assert.match(gains[0]?.sentence ?? '', /fewer than 3 replicates/);
  }
});

test('without controls there is no gain, and the table says how to get it', () => {
  const run = readRun(madeJournal(madeTrials.filter(({ tasks }) => tasks.length > 1)));
  assert.equal(gainOf(run), null);
  assert.match(renderTable(run, { width: 100, color: false }), /Set `baselines: singleTask`/);
});

test('results have the shape that scripts rely on', () => {
  const results = resultsJson(readRun(madeJournal()));
  assert.deepEqual(Object.keys(results), [
    'experiment',
    'objective',
    'trials',
    'gain',
    'choices',
    'front',
    'hypervolume',
  ]);
  assert.deepEqual(Object.keys(results.trials[0] ?? {}), [
    'number',
    'id',
    'status',
    'tasks',
    'control',
    'parameters',
    'replicate',
    'seed',
    'epochs',
    'bestEpoch',
    'seconds',
    'metrics',
    'mlflowRunId',
  ]);
  assert.equal(results.trials[0]?.metrics['test/stay/mae'], 2.25);
});

test('a trial that was killed is interrupted, one that failed tells why, and the last record counts', () => {
  const journal = madeJournal().filter(
    (record) => !(record.type === 'finish' && record.number <= 2),
  );
  const time = '2026-01-01T00:00:00.000Z';
  const failed = [
    ...journal,
    { type: 'fail', time, number: 2, reason: 'the loss of task "stay" is NaN' } as const,
  ];
  const statuses = (records: typeof journal, isLive = false) =>
    readRun(records, { isLive })
      .trials.slice(0, 3)
      .map(({ status }) => status);
  assert.deepEqual(statuses(failed), ['interrupted', 'failed', 'finished']);
  assert.deepEqual(statuses(journal, true), ['running', 'running', 'finished']);
  assert.match(
    renderTable(readRun(failed), { width: 100, color: false }),
    /trial 2 \(.*\): the loss of task "stay" is NaN/,
  );
});

test('only the trials of the spec as last executed are listed, unless all are asked for', () => {
  const journal = madeJournal();
  const [first] = journal;
  if (first?.type !== 'execution') throw new Error('no execution');
  const narrowed = [...journal, { ...first, execution: 2, trials: [4, 5, 6] }];
  assert.deepEqual(
    readRun(narrowed).trials.map(({ number }) => number),
    [4, 5, 6],
  );
  assert.equal(readRun(narrowed, { execution: 'all' }).trials.length, 15);
});

test('the table ranks choices by mean rank and shows mean and spread', () => {
  const lines = renderTable(readRun(madeJournal()), { width: 120, color: false }).split('\n');
  assert.deepEqual(lines.slice(0, 6), [
    'Does sharing pay?',
    'made: 15 trials finished, tensorflow-2.21.0',
    '',
    'rank   units  ill/auc          stay/mae       test ill/auc     test stay/mae  epochs  s      replicates  trials',
    '   1*  64     0.7500 ± 0.0100  2.033 ± 0.058  0.7600 ± 0.0100  2.050 ± 0.050  5       5.000  3           4,5,6',
    '   2   32     0.7100 ± 0.0100  2.200 ± 0.100  0.7000 ± 0.0100  2.250 ± 0.010  5       5.000  3           1,2,3',
  ]);
});

test('the page is self-contained and shows a spec’s words as words', () => {
  const page = renderHtml(
    readRun(madeJournal(madeTrials, '<script>alert(1)</script> & "quotes"?')),
  );
  assert.doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org\/)|<link|<img/);
  assert.match(page, /&#60;script&#62;alert\(1\)/);
  assert.ok((page.match(/<svg/g) ?? []).length >= 4);
  assert.match(page, /ill: training it jointly paid/);
});
