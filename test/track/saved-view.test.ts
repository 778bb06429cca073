import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import type { JournalRecord } from '../../src/record/index.ts';
import { type RunView, readRun } from '../../src/report/index.ts';
import { compareLink, sweepLink } from '../../src/track/links.ts';
import { savedViews } from '../../src/track/saved-view.ts';
import { madeJournal } from '../report/fixture.ts';
import { madeRecords } from './made-run.ts';

const view = readRun(madeJournal());
const saved = (of: RunView) => savedViews({ parentId: 'abc', view: of, created: 1 });

interface State {
  readonly searchFilter: string;
  readonly groupBy: unknown;
  readonly compareRunSections: readonly { readonly uuid: string; readonly name: string }[];
  readonly compareRunCharts: readonly Readonly<Record<string, unknown>>[];
}

/** As MLflow's page reads it. */
function stateOf(value: string): State {
  const { state } = JSON.parse(value);
  const [, packed] = /^deflate;(.*)$/s.exec(state) ?? [];
  return JSON.parse(packed ? inflateSync(Buffer.from(packed, 'base64')).toString() : state);
}

test('the first view groups replicates by their choice, the second shows joint trials', () => {
  const [choices, trials] = saved(view).map(({ value }) => stateOf(value));
  assert.deepEqual(choices?.groupBy, {
    aggregateFunction: 'average',
    groupByKeys: [{ mode: 'tag', groupByData: 'choice' }],
  });
  assert.equal(trials?.groupBy, null);
  assert.match(
    trials?.searchFilter ?? '',
    /mlflow.parentRunId` = 'abc' AND tags.`control` = 'none'/,
  );
  const names = choices?.compareRunSections.map(({ name }) => name);
  assert.deepEqual(names, ['Jointly and alone', 'Search space', 'Curves of ill', 'Curves of stay']);
});

test('every chart lies in a section that is there', () => {
  for (const { value } of saved(view)) {
    const { compareRunCharts, compareRunSections } = stateOf(value);
    const sections = compareRunSections.map(({ uuid }) => uuid);
    assert.ok(compareRunCharts.length > 0);
    for (const { metricSectionId } of compareRunCharts)
      assert.ok(sections.includes(String(metricSectionId)));
  }
});

test('averages get parallel coordinates of numbers that all trials have, trials get words too', () => {
  const records: JournalRecord[] = madeRecords({ trials: 6, epochs: 2 }).map((record) =>
    record.type === 'trial' && record.control === null
      ? { ...record, parameters: { ...record.parameters, weighting: `w${record.number % 2}` } }
      : record,
  );
  const parallel = saved(readRun(records)).map(({ value }) => {
    const chart = stateOf(value).compareRunCharts.find(({ type }) => type === 'PARALLEL');
    return chart?.selectedParams;
  });
  assert.deepEqual(parallel[0], ['training.optimizer.adam.learningRate']);
  assert.deepEqual(parallel[1], ['training.optimizer.adam.learningRate', 'weighting']);
});

test('a view of twenty tasks and thirty swept paths fits into a tag', () => {
  const head = {
    type: 'regression',
    target: ['y'],
    metrics: [{ name: 'mae', direction: 'minimize' as const }],
  };
  const heads = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`task_with_a_long_name_${at}`, head]),
  );
  const wide = (record: JournalRecord): JournalRecord =>
    record.type !== 'trial'
      ? record
      : {
          ...record,
          parameters: Object.fromEntries(
            Array.from({ length: 30 }, (_, at) => [
              `shared.layers[${at}].dense.units`,
              at * record.number,
            ]),
          ),
        };
  const large = { ...readRun(madeRecords({ trials: 60, epochs: 3 }).map(wide)), heads };
  const views = saved(large);
  assert.equal(views.length, 2);
  for (const { value } of views) assert.ok(value.length <= 20_000, `${value.length} characters`);
});

test('a run without anything swept, of one task, has a view of its curves', () => {
  const { stay } = readRun(madeRecords({ trials: 1, epochs: 2 })).heads;
  assert.ok(stay);
  const single = { ...readRun(madeRecords({ trials: 1, epochs: 2 })), heads: { stay } };
  const [choices] = saved(single).map(({ value }) => stateOf(value));
  assert.deepEqual(
    choices?.compareRunSections.map(({ name }) => name),
    ['Jointly and alone', 'Curves of stay'],
  );
});

test('the same run gives the same text', () => {
  assert.deepEqual(saved(view), saved(readRun(madeJournal())));
});

test('links keep a path and name the workflow', () => {
  assert.equal(
    sweepLink('https://host/mlflow/', '7', 'abc'),
    'https://host/mlflow/#/experiments/7/runs?workflowType=machine_learning&compareRunsMode=CHART&viewStateShareKey=abc',
  );
  assert.match(
    compareLink('http://host', '7', ['a', 'b']),
    /runs=%5B%22a%22%2C%22b%22%5D&experiments=%5B%227%22%5D$/,
  );
});
