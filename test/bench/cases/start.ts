/** @file How long it takes from the start of the process to the first trained step. */
import type { BenchCase } from '../bench.ts';
import { measureTable } from '../measures.ts';
import { runOwn } from '../own-run.ts';

export const start: BenchCase = async ({ folder, rounds, say, print }) => {
  const [first, whole]: [number[], number[]] = [[], []];
  const leftOut: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = await runOwn({ folder, spec: 'configs/quick.yaml', experiment: 'quick' });
    // The journal knows no step yet: the end of the first epoch, some steps later, comes after it.
    const record = run.ok ? run.journal.find(({ type }) => type === 'epoch') : undefined;
    if (!run.ok || !record) {
      leftOut.push(`round ${round + 1} failed: ${run.ok ? 'no epoch in its journal' : run.reason}`);
      continue;
    }
    first.push((Date.parse(record.time) - run.beganAt) / 1000);
    whole.push(run.seconds);
    say(`start, round ${round + 1}: ${first.at(-1)} s to the first epoch, ${run.seconds} s in all`);
  }
  const result = {
    title: 'start: configs/quick.yaml, caches warm',
    measures: [
      {
        name: 'from start to the end of the first epoch',
        unit: 's',
        figures: first,
        limit: { kind: 'at most', value: 3 } as const,
      },
      { name: 'from start to table', unit: 's', figures: whole, limit: null },
    ],
    leftOut,
  };
  print(measureTable(result));
  return [result];
};
