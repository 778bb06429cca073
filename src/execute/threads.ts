/** @file How many of TensorFlow's threads a trial gets: by the size of its step, never by a clock. */

export interface StepSize {
  /** Learned weights that a row is multiplied with. */
  readonly weights: number;
  readonly batchSize: number;
}

/** Multiplications and additions of a step: forward, and twice as many backward. */
export const stepOperations = ({ weights, batchSize }: StepSize) => 6 * batchSize * weights;

/** Below it a second thread costs more than it does (`npm run bench -- threads`). */
const worthTwoThreads = 400e6;

/**
 * 1, or 2 for a large step where the machine has two cores. It depends on nothing else, since the
 * number of threads may change the last bits of the weights.
 */
export const threadsFor = (size: StepSize, cores: number): number =>
  cores > 1 && stepOperations(size) >= worthTwoThreads ? 2 : 1;
