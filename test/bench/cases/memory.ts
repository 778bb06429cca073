/** @file Whether a worker grows: its resident memory after some trials, and after a thousand. */
import { existsSync, readFileSync } from 'node:fs';
import type { Bench, BenchCase } from '../bench.ts';
import type { Failure } from '../child.ts';
import { type Measure, measureTable } from '../measures.ts';
import { runOwn } from '../own-run.ts';
import { commandLine, hasProc, processTree, residentBytes } from '../process-tree.ts';
import { spaced } from '../sizes.ts';
import { figure, median } from '../statistics.ts';
import { tableOf } from './grid.ts';

interface Sample {
  /** Trials that were finished then. */
  readonly trials: number;
  readonly workerBytes: number;
  readonly runnerBytes: number;
}
interface Growth {
  readonly ok: true;
  readonly workerMegabytes: number;
  readonly growthMegabytes: number;
  readonly runnerGrowthMegabytes: number;
  readonly secondsPerTrial: number;
}

const growthLimitMegabytes = 50;

export const memory: BenchCase = async (bench) => {
  const { sizes, rounds, say, print } = bench;
  const count = sizes.memoryGrid.rates * sizes.memoryGrid.weights;
  const growths: Growth[] = [];
  const leftOut: string[] = hasProc() ? [] : ['left out: this system has no /proc'];
  for (let round = 0; hasProc() && round < rounds; round++) {
    const growth = await growthOf(bench);
    if (growth.ok) growths.push(growth);
    else leftOut.push(`round ${round + 1} failed: ${growth.reason}`);
    if (growth.ok) say(`memory, round ${round + 1}: ${figure(growth.growthMegabytes)} MB more`);
  }
  const measure = (name: string, unit: string, of: (growth: Growth) => number): Measure => ({
    ...{ name, unit, figures: growths.map(of), limit: null },
  });
  const result = {
    title: `memory: ${count} trials through one worker`,
    measures: [
      measure(`worker after ${sizes.memoryFrom} trials`, 'MB', (each) => each.workerMegabytes),
      {
        ...measure(`worker after ${count} trials, more`, 'MB', (each) => each.growthMegabytes),
        limit: { kind: 'at most', value: growthLimitMegabytes } as const,
      },
      measure(`runner after ${count} trials, more`, 'MB', (each) => each.runnerGrowthMegabytes),
      measure('a trial', 's', (each) => each.secondsPerTrial),
    ],
    leftOut,
  };
  print(measureTable(result));
  return [result];
};

async function growthOf({ folder, sizes }: Bench): Promise<Growth | Failure> {
  const { rates, weights } = sizes.memoryGrid;
  const data = await tableOf(folder, 'memory.csv', sizes.memory);
  const samples: Sample[] = [];
  const parameters = {
    'training.optimizer.adam.learningRate': spaced(0.0003, 0.03, rates),
    'heads.spent.weight': spaced(0.1, 3, weights),
  };
  const run = await runOwn({
    ...{ folder, spec: 'test/bench/specs/memory.yaml', experiment: 'memory', data },
    overrides: [`sweep.parameters=${JSON.stringify(parameters)}`],
    arguments: ['--jobs', '1'],
    watch: (pid, journal) => {
      const sample = sampleOf(pid, journal);
      if (sample) samples.push(sample);
    },
  });
  if (!run.ok) return run;
  const count = rates * weights;
  // The journal is flushed once a second: as many samples as that takes, at either end.
  const counted = samples.filter(({ trials }) => trials >= sizes.memoryFrom);
  const [early, late] = [counted.slice(0, 10), counted.slice(-10)];
  if (counted.length < 20) return { ok: false, reason: 'it ended before it could be watched' };
  const megabytes = (of: readonly Sample[], what: (sample: Sample) => number) =>
    median(of.map(what)) / 1e6;
  const more = (what: (sample: Sample) => number) => megabytes(late, what) - megabytes(early, what);
  return {
    ok: true,
    workerMegabytes: megabytes(early, ({ workerBytes }) => workerBytes),
    growthMegabytes: more(({ workerBytes }) => workerBytes),
    runnerGrowthMegabytes: more(({ runnerBytes }) => runnerBytes),
    secondsPerTrial: run.seconds / count,
  };
}

/** Nothing until the worker is there. */
function sampleOf(runner: number, journal: string): Sample | undefined {
  const worker = processTree(runner).find((pid) => /\/worker\.[jt]s/.test(commandLine(pid)));
  if (worker === undefined || !existsSync(journal)) return undefined;
  const workerBytes = residentBytes(worker);
  // It has ended, but is still listed.
  if (workerBytes === 0) return undefined;
  const trials = readFileSync(journal, 'utf8').split('"type":"finish"').length - 1;
  return { trials, workerBytes, runnerBytes: residentBytes(runner) };
}
