/**
 * @file Hyperband: some trials are halved early and often, others late and seldom, since nobody knows beforehand how
 * early a curve tells where it ends. Each bracket is an asha of its own.
 */
import { Type } from 'typebox';
import { definePruner } from '../define-pruner.ts';
import { halvingOptions } from './asha.ts';
import { rungsOf, stopAtRung } from './halving.ts';

export const hyperband = definePruner({
  name: 'hyperband',
  summary: 'Deals the trials out to several ashas that begin to stop at different epochs.',
  reference: 'Li, Jamieson, DeSalvo et al. 2018, arXiv:1603.06560',
  options: Type.Object(halvingOptions, { additionalProperties: false }),
  stopTrial({ trial, others, floors, maxEpochs, options }) {
    const { minEpochs, reductionFactor } = options;
    const halvings = halvingsOf(minEpochs, reductionFactor, maxEpochs);
    const shares = sharesOf(halvings, reductionFactor);
    const bracket = bracketOf(trial.index, shares);
    // Bracket 0 halves as often as there is room, the last one never.
    const rungs = rungsOf(minEpochs, reductionFactor, maxEpochs).slice(bracket, halvings);
    if (!rungs.includes(trial.epochs.length)) return null;
    const alike = others.filter(({ index }) => bracketOf(index, shares) === bracket);
    return stopAtRung({ trial, others: alike, floors }, rungs, reductionFactor);
  },
});

/** The most halvings that fit: the greatest s with minEpochs · factor^s ≤ maxEpochs. */
export function halvingsOf(minEpochs: number, factor: number, maxEpochs: number): number {
  let halvings = 0;
  for (let epochs = minEpochs * factor; epochs <= maxEpochs; epochs *= factor) halvings++;
  return halvings;
}

/** Which part of the trials each bracket gets: Algorithm 1 starts ⌈(most + 1) · factor^s / (s + 1)⌉ that are halved s times. */
export function sharesOf(most: number, factor: number): readonly number[] {
  const counts = Array.from({ length: most + 1 }, (_, bracket) => {
    const halvings = most - bracket;
    return Math.ceil(((most + 1) * factor ** halvings) / (halvings + 1));
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Multiples of the golden ratio fill [0, 1) evenly from the first one on (Weyl 1916): the brackets are mixed, a sweep of
 * any length has them in about their shares, and no choice's bracket depends on another one.
 */
export function bracketOf(index: number, shares: readonly number[]): number {
  let left = ((index + 1) * goldenRatio) % 1;
  for (let bracket = 0; bracket < shares.length - 1; bracket++) {
    left -= shares[bracket] ?? 0;
    if (left < 0) return bracket;
  }
  return shares.length - 1;
}
