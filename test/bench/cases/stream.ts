/** @file What a row costs in tables from small to larger than `data.memory`, and the peak of memory. */
import { statSync } from 'node:fs';
import type { JournalRecord } from '../../../src/record/index.ts';
import type { Bench, BenchCase } from '../bench.ts';
import type { Failure } from '../child.ts';
import { makeTable } from '../generate.ts';
import { type Measure, type MeasureResult, measureTable } from '../measures.ts';
import { runOwn } from '../own-run.ts';
import { hasProc, processTree, residentBytes } from '../process-tree.ts';
import { figure } from '../statistics.ts';

const features = 50;
const trainFraction = 0.9;
const peakLimitMegabytes = 2000;
const flatness = 1.2;

interface Cost {
  readonly ok: true;
  readonly nanoseconds: number;
  readonly peakMegabytes: number;
  readonly seconds: number;
}

export const stream: BenchCase = async (bench) => {
  const { sizes, rounds, say, print } = bench;
  const rounded: (readonly (Cost | Failure)[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const costs: (Cost | Failure)[] = [];
    for (const { rows, epochs } of sizes.stream) {
      const cost = await costOf(bench, rows, epochs);
      const told = cost.ok
        ? `${figure(cost.nanoseconds)} ns a row-step, peak ${figure(cost.peakMegabytes)} MB, ${figure(cost.seconds)} s in all`
        : `failed: ${cost.reason}`;
      say(`stream, round ${round + 1}: ${rows} rows: ${told}`);
      costs.push(cost);
    }
    rounded.push(costs);
  }
  const result = summarize(bench, rounded);
  print(measureTable(result));
  return [result];
};

async function costOf(bench: Bench, rows: number, epochs: number): Promise<Cost | Failure> {
  const { folder, sizes, say } = bench;
  const name = `stream-${rows}.parquet`;
  const data = await makeTable({ folder, name, rows, train: null, features });
  say(`stream: ${name} has ${figure(statSync(data).size / 1e6)} MB`);
  let peak = 0;
  const memory = sizes.streamMemory === null ? [] : [`data.memory=${sizes.streamMemory}`];
  const run = await runOwn({
    ...{ folder, spec: 'test/bench/specs/stream.yaml', experiment: 'stream', data },
    overrides: [`training.epochs=${epochs}`, ...memory],
    watch: (pid) => {
      const bytes = processTree(pid).reduce((sum, each) => sum + residentBytes(each), 0);
      peak = Math.max(peak, bytes);
    },
  });
  if (!run.ok) return run;
  const perEpoch = secondsPerEpoch(run.journal);
  if (perEpoch === undefined) return { ok: false, reason: 'its journal has no two epochs' };
  const nanoseconds = (perEpoch * 1e9) / (rows * trainFraction);
  return { ok: true, nanoseconds, peakMegabytes: peak / 1e6, seconds: run.seconds };
}

/** From the first epoch's end to the last one's: compiling and the first read do not count. */
function secondsPerEpoch(journal: readonly JournalRecord[]): number | undefined {
  const epochs = journal.flatMap((record) => (record.type === 'epoch' ? [record] : []));
  const [first, last] = [epochs.at(0), epochs.at(-1)];
  if (!first || !last || first === last) return undefined;
  return (last.seconds - first.seconds) / (last.epoch - first.epoch);
}

function summarize(
  { sizes }: Bench,
  rounded: readonly (readonly (Cost | Failure)[])[],
): MeasureResult {
  const counted = (index: number, measure: (cost: Cost, first: Cost) => number) =>
    rounded.flatMap((costs) => {
      const [first, cost] = [costs[0], costs[index]];
      return first?.ok && cost?.ok ? [measure(cost, first)] : [];
    });
  const peakLimit = hasProc() ? ({ kind: 'at most', value: peakLimitMegabytes } as const) : null;
  const measures = sizes.stream.flatMap(({ rows }, index): readonly Measure[] => {
    const name = `${figure(rows)} rows`;
    return [
      {
        name,
        unit: 'ns a row-step',
        figures: counted(index, (cost) => cost.nanoseconds),
        limit: null,
      },
      {
        name: `${name}, against ${figure(sizes.stream[0]?.rows ?? 0)}`,
        unit: 'times',
        figures: counted(index, (cost, first) => cost.nanoseconds / first.nanoseconds),
        limit: index === 0 ? null : { kind: 'at most', value: flatness },
      },
      {
        name: `${name}, peak of all processes`,
        unit: 'MB',
        figures: hasProc() ? counted(index, (cost) => cost.peakMegabytes) : [],
        limit: peakLimit,
      },
      {
        name: `${name}, start to table`,
        unit: 's',
        figures: counted(index, ({ seconds }) => seconds),
        limit: null,
      },
    ];
  });
  const failed = rounded.flatMap((costs) =>
    costs.flatMap((cost) => (cost.ok ? [] : [cost.reason])),
  );
  return {
    title: `stream: ${features} features from Parquet, data.memory ${sizes.streamMemory ?? 'not set'}`,
    measures,
    leftOut: failed.map((reason) => `failed: ${reason}`),
  };
}
