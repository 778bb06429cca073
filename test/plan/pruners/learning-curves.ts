/** @file Synthetic learning curves: a loss that falls as a power of the epochs to where it ends, with noise. */
import { type RandomStream, rng } from '../../../src/plan/random.ts';

/** Standard normal (Box, Muller 1958). */
export function normal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

export interface Curve {
  /** Where it ends, without noise: what makes the choice good or bad. */
  readonly end: number;
  /** The loss after each epoch, seen through noise. */
  readonly losses: readonly number[];
}

/** Curves with ends in (0.2, 1.2) and speeds of their own, so that they cross. */
export function learningCurve(seed: number, index: number, epochs: number): Curve {
  const random = rng(seed, 'curve', index);
  const end = 0.2 + random.next();
  const height = 1 + random.next();
  const speed = 0.4 + 0.6 * random.next();
  const losses = Array.from(
    { length: epochs },
    (_, epoch) => end + height * (epoch + 1) ** -speed + 0.01 * normal(random),
  );
  return { end, losses };
}
