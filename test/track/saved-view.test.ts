import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalRecord } from '../../src/record/index.ts';
import { type RunView, readRun } from '../../src/report/index.ts';
import { type SavedViewInput, savedViews } from '../../src/track/saved-view.ts';
import { openingTags } from '../../src/track/trial-run.ts';
import { hospital, madeSweepRecords } from '../mlflow/populate.ts';
import { madeJournal } from '../report/fixture.ts';
import { chartsOf, idOf, runOf, saved, sectionsOf, stateOf, statesOf } from './read-view.ts';

const view = runOf(hospital);
const rate = 'training.optimizer.adam.learningRate';
const groupedBy = (tag: string) => ({
  aggregateFunction: 'average',
  groupByKeys: [{ mode: 'tag', groupByData: tag }],
});

test('all choices come first, then the best of each kind, then joint trials one by one', () => {
  assert.deepEqual(
    saved(view).map(({ key, name }) => [key, name]),
    [
      ['abc', 'hospital: choices'],
      ['abc-best', 'hospital: the best, jointly and alone'],
      ['abc-trials', 'hospital: joint trials'],
    ],
  );
  const { choices, best, trials } = statesOf(view);
  assert.deepEqual(choices?.groupBy, groupedBy('choice'));
  assert.equal(choices?.searchFilter, "tags.`mlflow.parentRunId` = 'abc'");
  assert.deepEqual(best?.groupBy, groupedBy('training'));
  assert.equal(trials?.groupBy, null);
  assert.equal(
    trials?.searchFilter,
    "tags.`mlflow.parentRunId` = 'abc' AND tags.`control` = 'none'",
  );
});

test('the answer is of the three choices that won, each with its three replicates', () => {
  const { best } = statesOf(view);
  const ids = [...(best?.searchFilter.matchAll(/'(\w{32})'/g) ?? [])].map(([, id]) => id);
  const numbers = ids.map((id) => Number.parseInt(id ?? '', 16));
  const of = (kind: string) =>
    view.trials
      .filter(({ number }) => numbers.includes(number))
      .filter(({ tasks }) =>
        kind === 'joint' ? tasks.length === 2 : tasks.length === 1 && tasks[0] === kind,
      );
  assert.equal(numbers.length, 9);
  for (const kind of ['joint', 'circulatory', 'stay'])
    assert.equal(new Set(of(kind).map(({ choice }) => choice)).size, 1, kind);
  // Its losses lie beside each other: what is learned by heart shows.
  const losses = best?.compareRunCharts.find(
    ({ metricKey }) => metricKey === 'validation/stay/loss',
  );
  assert.deepEqual(losses?.selectedMetricKeys, ['validation/stay/loss', 'train/stay/loss']);
});

test('sections go from the answer over the search space to curves, the rest is closed', () => {
  const { choices, best, trials } = statesOf(view);
  const curves = ['Curves of circulatory', 'Curves of stay'];
  const space = ['From parameters to metrics', 'Search space'];
  const [answer, rest] = ['Jointly and alone, on test', 'All other metrics'];
  assert.deepEqual(sectionsOf(choices), [answer, ...space, ...curves, rest]);
  assert.deepEqual(sectionsOf(best), [answer, ...curves, rest]);
  assert.deepEqual(sectionsOf(trials), [...space, 'Validation and test', rest]);
  for (const state of [choices, best, trials])
    assert.deepEqual(
      state?.compareRunSections.filter(({ display }) => !display).map(({ name }) => name),
      [rest],
    );
});

test('every chart lies in a section that is there, and has a name of its own', () => {
  for (const { value } of saved(view)) {
    const { compareRunCharts, compareRunSections } = stateOf(value);
    const sections = new Set(compareRunSections.map(({ uuid }) => uuid));
    assert.ok(compareRunCharts.every(({ metricSectionId }) => sections.has(metricSectionId)));
    assert.equal(new Set(compareRunCharts.map(({ uuid }) => uuid)).size, compareRunCharts.length);
    assert.equal(
      sections.size,
      new Set(compareRunCharts.map((chart) => chart.metricSectionId)).size,
    );
  }
});

test('no metric is left to the page, which would lay it out by itself', () => {
  const known = new Set(
    view.trials.flatMap(({ curve, metrics }) => [
      ...curve.flatMap((epoch) => Object.keys(epoch)),
      ...Object.keys(metrics).map((name) => `best/${name}`),
    ]),
  );
  for (const { value } of saved(view)) {
    const shown = new Set(stateOf(value).compareRunCharts.map(({ metricKey }) => metricKey));
    assert.deepEqual(
      [...known].filter((key) => !shown.has(key)),
      [],
    );
  }
});

test('rows are ordered by the objective, and have the columns that matter', () => {
  const { choices } = statesOf(view);
  assert.equal(choices?.orderByKey, 'metrics.`best/validation/circulatory/auc`');
  assert.equal(choices?.orderByAsc, false);
  assert.deepEqual(choices?.selectedColumns, [
    'tags.`training`',
    'tags.`replicate`',
    'params.`training.optimizer.adam.learningRate`',
    'params.`heads.stay.weight`',
    'params.`shared.layers.0.dense.units`',
    'metrics.`best/validation/circulatory/auc`',
    'metrics.`best/test/circulatory/auc`',
    'metrics.`best/validation/stay/mae`',
    'metrics.`best/test/stay/mae`',
  ]);
});

test('of a large sweep the best choices of each kind are there, as many as a page loads', () => {
  const large = runOf({
    ...hospital,
    epochs: 1,
    parameters: { ...hospital.parameters, [rate]: Array.from({ length: 50 }, (_, at) => at + 1) },
  });
  assert.ok(large.trials.length > 1000);
  const { choices } = statesOf(large);
  const ids = new Set(
    [...(choices?.searchFilter.matchAll(/'(\w{32})'/g) ?? [])].map(([, id]) => id),
  );
  assert.ok(ids.size > 60 && ids.size <= 100, `${ids.size}`);
  const shown = large.trials.filter(({ number }) => ids.has(idOf(number)));
  const kinds = new Set(shown.map(({ tasks }) => tasks.join(' ')));
  assert.deepEqual([...kinds].sort(), ['circulatory', 'circulatory stay', 'stay']);
  // As long as MLflow's runs are not known, all of them.
  assert.match(statesOf(large, { runIds: new Map() }).choices?.searchFilter ?? '', /parentRunId/);
});

test('a view of twenty tasks and thirty swept paths fits into a tag', () => {
  const task = hospital.tasks.stay;
  assert.ok(task);
  const names = Array.from({ length: 20 }, (_, at) => `a_task_with_quite_a_long_name_${at}`);
  const made = {
    ...hospital,
    tasks: Object.fromEntries(names.map((name) => [name, task])),
    epochs: 2,
  };
  const paths = Array.from(
    { length: 30 },
    (_, at) => `shared.layers[${at}].dense.kernelRegularizer`,
  );
  const records = madeSweepRecords({ ...made, replicates: 1 }).map(
    (record): JournalRecord =>
      record.type === 'trial'
        ? {
            ...record,
            parameters: Object.fromEntries(
              paths.map((path, at) => [path, (at + 1) / record.number]),
            ),
          }
        : record,
  );
  const views = saved(readRun(records));
  assert.equal(views.length, 3);
  for (const { value } of views) assert.ok(value.length < 20_000, `${value.length} characters`);
  const [choices] = views.map(({ value }) => stateOf(value));
  assert.equal(
    choices?.compareRunCharts.filter(({ metricSectionId }) => metricSectionId === 'results').length,
    20,
  );
});

test('a run without anything swept, of one task, has its result and its curves', () => {
  const { stay } = hospital.tasks;
  assert.ok(stay);
  const single = {
    ...hospital,
    tasks: { stay },
    parameters: {},
    replicates: 1,
    hasControls: false,
  };
  const { choices, best, trials } = statesOf(runOf(single));
  assert.deepEqual(sectionsOf(choices), [
    'Results, on test',
    'Curves of stay',
    'All other metrics',
  ]);
  assert.equal(best, undefined);
  assert.deepEqual(sectionsOf(trials), ['Validation and test', 'All other metrics']);
});

test('a run that has just begun has a view without charts that would be empty', () => {
  const records = madeSweepRecords(hospital).slice(0, 4);
  const { choices, best } = statesOf(readRun(records, { isLive: true }));
  assert.deepEqual(
    chartsOf(choices, 'LINE')
      .map(({ metricKey }) => metricKey)
      .slice(0, 2),
    ['validation/circulatory/auc', 'validation/circulatory/loss'],
  );
  assert.equal(best, undefined);
  assert.deepEqual(savedViews({ parentId: 'abc', view: readRun([]), created: 1 }).length, 2);
});

test('one trial that went astray does not flatten the curves of the others', () => {
  const astray = madeSweepRecords(hospital).map(
    (record): JournalRecord =>
      record.type === 'epoch' && record.number === 1
        ? { ...record, metrics: { ...record.metrics, 'validation/stay/loss': 1e6 * record.epoch } }
        : record,
  );
  const rangeOf = (of: RunView) =>
    statesOf(of).choices?.compareRunCharts.find(
      ({ metricKey }) => metricKey === 'validation/stay/loss',
    )?.range;
  const { yMin = Number.NaN, yMax = Number.NaN } = rangeOf(readRun(astray)) ?? {};
  const values = view.trials
    .filter(({ number }) => number !== 1)
    .flatMap(({ curve }) => curve.map((metrics) => metrics['validation/stay/loss'] ?? 0.6));
  assert.ok(yMin <= Math.min(...values) && yMax >= Math.max(...values));
  assert.ok(yMax < 10, `${yMax}`);
});

test('groups are closed at first, by the very names that runs carry in their tags', () => {
  const groups = (more: Partial<SavedViewInput>) =>
    Object.keys(statesOf(view, more).choices?.groupsExpanded ?? {});
  const records = madeSweepRecords(hospital);
  const [execution] = records;
  assert.ok(execution?.type === 'execution');
  const tags = records.flatMap((record) =>
    record.type === 'trial'
      ? [
          openingTags(
            {
              ...{ record, started: null, touched: 0, status: 'running', points: [] },
              ...{ finish: null, failure: null, pruned: null, records: [] },
            },
            execution,
          ).choice,
        ]
      : [],
  );
  assert.deepEqual(new Set(groups({})), new Set(tags.map((tag) => `tag.choice.${tag}`)));
});

test('the same run gives the same text', () => {
  assert.deepEqual(saved(view), saved(runOf(hospital)));
  const small = readRun(madeJournal());
  assert.deepEqual(saved(small), saved(readRun(madeJournal())));
});
