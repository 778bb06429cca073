import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JournalRecord, runState } from '../../src/record/index.ts';
import { renderHtml } from '../../src/report/html.ts';
import { readRun, renderTable, resultsJson } from '../../src/report/index.ts';
import { createRunModel } from '../../src/track/run-model.ts';
import { sweepView } from '../../src/track/send-sweep.ts';
import { madeJournal } from '../report/fixture.ts';
import { madeRecords } from '../track/made-run.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds).toISOString();
const timed = (records: readonly JournalRecord[], secondsOf: (index: number) => number) =>
  records.map((record, index) => ({ ...record, time: at(secondsOf(index)) }));

const made: readonly JournalRecord[] = [
  ...madeJournal(),
  { type: 'end', time: at(0), execution: 1, status: 'finished' },
];
const clocks: Readonly<Record<string, (index: number) => number>> = {
  'goes back once': (index) => index - (index > 40 ? 3600 : 0),
  'runs backwards': (index) => -index,
  'jumps to and fro': (index) => (index * 7919) % 1000,
  stands: () => 0,
};

for (const [how, clock] of Object.entries(clocks)) {
  test(`a journal whose clock ${how} reads as any other`, () => {
    const [plain, turned] = [timed(made, (index) => index), timed(made, clock)];
    const viewsOf = (records: readonly JournalRecord[]) => {
      const model = createRunModel();
      for (const record of records) model.add(record);
      const view = readRun(records);
      const { seconds: _, ...state } = runState(records);
      return {
        state,
        results: resultsJson(view),
        table: renderTable(view, { width: 160, color: false }),
        page: renderHtml(view),
        mlflow: renderHtml(sweepView(model)),
        points: [...model.trials.values()].map(({ points, status, finish }) => [
          status,
          finish?.epochs,
          points.map(({ key, value, step }) => [key, value, step]),
        ]),
      };
    };
    assert.deepEqual(viewsOf(turned), viewsOf(plain));
  });
}

test('the time that was spent is counted on both sides of a clock that went back', () => {
  const records = madeRecords({ trials: 1, epochs: 6 });
  const steps = records.length - 1;
  assert.equal(runState(timed(records, (index) => index)).seconds, steps);
  const turned = timed(records, (index) => index - (index > 4 ? 3600 : 0));
  assert.equal(runState(turned).seconds, steps - 1);
  const again = timed([...records, ...records], (index) => 10 * index);
  assert.equal(
    runState(again).seconds,
    20 * steps,
    'what lies between two executions is not spent',
  );
});
