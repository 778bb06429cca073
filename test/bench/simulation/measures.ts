/** @file The figures of a simulation beside the limits they have to keep. */
import type { Measure } from '../measures.ts';
import type { SimulationFigures, Timings } from './meters.ts';
import type { Training } from './synthetic-training.ts';

const decisionLimit = 50;

export function measuresOf(
  figures: SimulationFigures,
  { maxEpochs }: Training,
): { measures: readonly Measure[]; leftOut: readonly string[] } {
  const { heap, traffic } = figures;
  const growth = heap.slice(1).map((bytes, each) => (bytes - (heap[each] ?? 0)) / 1000);
  // A job, its end, a stop, and each epoch: twice where a worker dies.
  const most = 2 * (maxEpochs + 3);
  return {
    measures: [
      ...timesOf('proposal', figures.proposals),
      ...timesOf('decision', figures.decisions),
      plain('memory a trial adds', 'bytes', growth, 100_000),
      plain(
        'messages a trial',
        '',
        traffic.map(({ messages }) => messages),
        most,
      ),
      plain(
        'bytes of messages a trial',
        'bytes',
        traffic.map(({ bytes }) => bytes),
        most * 500,
      ),
      plain('longest message', 'bytes', [figures.longestMessage], 500),
    ],
    leftOut: [
      `${figures.failed} trials failed, ${figures.pruned} were stopped, ${figures.workersLost} workers died`,
      `${figures.epochs} epochs of ${figures.trials * maxEpochs}, ${figures.simulatedHours.toFixed(1)} simulated hours, best ${figures.best.toFixed(4)}`,
      `heartbeats: ${Math.round(figures.heartbeats)}, one a worker every 10 simulated seconds`,
    ],
  };
}

const timesOf = (name: string, { clock, processor, count }: Timings): readonly Measure[] => [
  plain(`${name}: median of ${count}`, 'ms', [clock.p50], decisionLimit),
  plain(`${name}: 99 of 100`, 'ms', [clock.p99], decisionLimit),
  plain(`${name}: longest`, 'ms', [clock.max], decisionLimit),
  plain(`${name}: longest, processor time`, 'ms', [processor.max], decisionLimit),
];

const plain = (name: string, unit: string, figures: readonly number[], value: number): Measure => ({
  name,
  unit,
  figures,
  limit: { kind: 'at most', value },
});
