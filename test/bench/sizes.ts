/** @file How much work each case is: as in the figures that we claim, or just enough to see it run. */

export interface TableSize {
  readonly train: number;
  readonly validation: number;
  readonly features: number;
}

export interface Sizes {
  /** Timed for about so long after the first epoch. */
  readonly steps: { readonly rows: number; readonly seconds: number };
  readonly grid: TableSize;
  readonly trials: TableSize;
  readonly trialGrid: { readonly rates: number; readonly weights: number };
  /** Rows and epochs of each table; the first epoch does not count. */
  readonly stream: readonly { readonly rows: number; readonly epochs: number }[];
  /** `data.memory` of the streamed tables; null leaves it out. */
  readonly streamMemory: string | null;
  readonly memory: TableSize;
  readonly memoryGrid: { readonly rates: number; readonly weights: number };
  /** Resident memory counts from after this many trials. */
  readonly memoryFrom: number;
  /** Sent to MLflow. */
  readonly mlflowTrials: number;
  /** Sides of the square matrices. */
  readonly matrices: readonly number[];
}

export const fullSizes: Sizes = {
  steps: { rows: 64_000, seconds: 3 },
  grid: { train: 70_000, validation: 15_000, features: 100 },
  trials: { train: 8000, validation: 2000, features: 20 },
  trialGrid: { rates: 20, weights: 10 },
  stream: [
    { rows: 100_000, epochs: 30 },
    { rows: 1_000_000, epochs: 5 },
    { rows: 10_000_000, epochs: 3 },
  ],
  streamMemory: '1GB',
  memory: { train: 1500, validation: 500, features: 20 },
  memoryGrid: { rates: 40, weights: 25 },
  memoryFrom: 50,
  mlflowTrials: 1000,
  matrices: [512, 1024, 2048],
};

/** For `--small`: nothing of it is a claim. */
export const smallSizes: Sizes = {
  steps: { rows: 6400, seconds: 0.5 },
  grid: { train: 2000, validation: 500, features: 100 },
  trials: { train: 800, validation: 200, features: 20 },
  trialGrid: { rates: 3, weights: 2 },
  stream: [
    { rows: 20_000, epochs: 3 },
    { rows: 100_000, epochs: 2 },
  ],
  streamMemory: null,
  memory: { train: 300, validation: 100, features: 20 },
  memoryGrid: { rates: 20, weights: 10 },
  memoryFrom: 4,
  mlflowTrials: 30,
  matrices: [512],
};

/** `count` values from low to high, evenly spaced on a logarithmic scale. */
export const spaced = (low: number, high: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) =>
    Number((low * (high / low) ** (index / Math.max(1, count - 1))).toPrecision(3)),
  );
