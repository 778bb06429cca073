/** @file Trainings that take no time: a search space, and what a point of it comes to after each epoch. */
import type { RandomStream } from '../../../src/plan/random.ts';
import type { Point, SearchSpace } from '../../../src/spec/space/search-space.ts';

export interface Training {
  readonly space: SearchSpace;
  readonly maxEpochs: number;
  readonly objectives: number;
  /** The objectives after an epoch, from 1; the stream is the trial's and the epoch's own. */
  readonly objectivesAt: (point: Point, epoch: number, random: RandomStream) => readonly number[];
}

const names = ['depth', 'dropout', 'learningRate', 'units', 'weight'] as const;

/** A valley in five dimensions; the objectives have their bottoms at different places. */
export function syntheticTraining(maxEpochs: number, objectives: number): Training {
  return {
    space: {
      dimensions: [
        { name: 'depth', when: [], distribution: { type: 'category', count: 4 } },
        { name: 'dropout', when: [], distribution: float(0, 0.6, false) },
        { name: 'learningRate', when: [], distribution: float(1e-5, 1, true) },
        {
          name: 'units',
          when: [],
          distribution: { type: 'int', low: 16, high: 1024, log: true, step: 1 },
        },
        { name: 'weight', when: [], distribution: float(0.01, 100, true) },
      ],
    },
    maxEpochs,
    objectives,
    objectivesAt: (point, epoch, random) =>
      Array.from({ length: objectives }, (_, objective) => {
        const end = 0.2 + distance(point, objective / 4);
        return end + 1.5 / Math.sqrt(epoch) + 0.02 * (random.next() - 0.5);
      }),
  };
}

const float = (low: number, high: number, log: boolean) =>
  ({ type: 'float', low, high, log, step: null }) as const;

/** Squares of how far a point is from the best one, each dimension scaled to about [0, 1]. */
function distance(point: Point, shift: number): number {
  const scaled = {
    depth: (point.depth ?? 0) === 2 ? 0 : 0.3,
    dropout: (point.dropout ?? 0) / 0.6 - 0.3,
    learningRate: (Math.log10(point.learningRate ?? 1) + 3) / 5 - shift,
    units: Math.log(point.units ?? 16) / Math.log(1024) - 0.7,
    weight: Math.log10(point.weight ?? 1) / 4 + shift,
  };
  return names.reduce((sum, name) => sum + scaled[name] ** 2, 0);
}
