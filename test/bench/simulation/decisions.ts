/**
 * @file One decision among 10,000 courses that all got to the rung, the worst that can be asked.
 * `node --import tsx test/bench/simulation/decisions.ts`
 */
import { Value } from 'typebox/value';
import type { Contender, Course, PrunerKind } from '../../../src/plan/define-pruner.ts';
import { pruners } from '../../../src/plan/pruners/index.ts';
import { rng } from '../../../src/plan/random.ts';
import { type Measure, measureTable } from '../measures.ts';

const [count, maxEpochs, rung, rounds] = [10_000, 81, 27, 101];
const random = rng(1, 'decisions');
const drawn = (objectives: number) => Array.from({ length: objectives }, () => random.next());

const coursesOf = (objectives: number): readonly Course[] =>
  Array.from({ length: count }, (_, index) => ({
    index: index + 1,
    status: index % 3 === 0 ? 'finished' : 'pruned',
    epochs: Array.from({ length: maxEpochs }, () => drawn(objectives)),
  }));
const contendersOf = (objectives: number): readonly Contender[] =>
  Array.from({ length: count }, (_, index) => ({
    index: index + 1,
    replicates: new Map(
      Array.from({ length: 1 + (index % 5) }, (_, replicate) => [replicate, drawn(objectives)]),
    ),
  }));

/** A decision on a trial or choice with this value everywhere, from good to bad. */
function decisionOf(kind: PrunerKind, objectives: number): (value: number) => string | null {
  const options = Value.Default(kind.options, {}) as Readonly<Record<string, unknown>>;
  const floors = Array.from({ length: objectives }, () => 0.9);
  const all = (value: number) => Array.from({ length: objectives }, () => value);
  if (kind.dropChoice) {
    const others = contendersOf(objectives);
    return (value) => {
      const replicates = new Map([0, 1].map((replicate) => [replicate, all(5 * value)]));
      return (
        kind.dropChoice?.({ choice: { index: 0, replicates }, others, floors, options }) ?? null
      );
    };
  }
  const others = coursesOf(objectives);
  return (value) => {
    const epochs = Array.from({ length: rung }, () => all(value));
    const trial: Course = { index: 0, status: 'running', epochs };
    return kind.stopTrial?.({ trial, others, maxEpochs, floors, options }) ?? null;
  };
}

/** Processor time in milliseconds: the first decision reads all courses; then the median of many, and 95 of 100. */
function measure(kind: PrunerKind, objectives: number): readonly Measure[] {
  const decide = decisionOf(kind, objectives);
  const times = Array.from({ length: rounds }, (_, round) => {
    const used = process.cpuUsage();
    decide((round / rounds) * 0.4);
    const { user, system } = process.cpuUsage(used);
    return (user + system) / 1000;
  });
  const [first = Number.NaN, ...more] = times;
  const sorted = more.sort((one, other) => one - other);
  const name = `${kind.name}, ${objectives} objectives`;
  const limit = { kind: 'at most', value: 5 } as const;
  return [
    { name: `${name}: first`, unit: 'ms', figures: [first], limit: null },
    { name: `${name}: median`, unit: 'ms', figures: [sorted[50] ?? Number.NaN], limit },
    { name: `${name}: 95 of 100`, unit: 'ms', figures: [sorted[95] ?? Number.NaN], limit },
  ];
}

const measures = [1, 2, 3].flatMap((objectives) =>
  pruners.flatMap((kind) => measure(kind, objectives)),
);
const title = `a decision among ${count} others, processor time`;
process.stdout.write(`${measureTable({ title, measures, leftOut: [] })}\n`);
