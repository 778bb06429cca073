/**
 * @file A race between choices over their replicates: a choice is dropped once it is surely worse than another one.
 *
 * Races are Maron and Moore's (1994, with Hoeffding's bound); blocking by instance is Birattari, Stützle, Paquete and
 * Varrentrapp's (2002, F-Race, with Friedman's test). With two or three replicates Hoeffding's bound decides nothing, and
 * ranks little. Replicates of equal number share their seeds, so differences are paired, and all choices together tell
 * the variance of training: Student's t has degrees of freedom enough from a choice's first replicate on, provided that
 * the noise of choices is alike.
 *
 * `1 - confidence` bounds the chance that the best choice is ever dropped. It is divided (Bonferroni) by the number of
 * choices compared with, by m(m + 1) where m replicates are shared (the sum over all m of 1 / m(m + 1) is 1: the same
 * pair is looked at after every replicate), and by two for the two ways of telling the noise. It is not divided by the
 * number of objectives: a choice is dropped where it is worse in all of them, and a choice that is not
 * worse in one of them passes that test as often as if it were the only one (Berger 1982, intersection and union).
 */
import { Type } from 'typebox';
import { type Contender, definePruner } from '../define-pruner.ts';
import { studentQuantile } from '../student-quantile.ts';
import { missesSurely } from './race-floors.ts';
import { countText, valueText } from './reason.ts';
import {
  type Contrasts,
  contrastsOf,
  medianMean,
  type Noise,
  pairedNoise,
} from './replicate-noise.ts';
import { type ReplicateTable, replicateTables } from './replicate-table.ts';

export const race = definePruner({
  name: 'race',
  summary: 'Trains no more replicates of a choice that is surely worse than another one.',
  reference: 'Maron, Moore 1994; Birattari, Stützle, Paquete, Varrentrapp 2002',
  short: 'confidence',
  options: Type.Object(
    {
      confidence: Type.Number({
        description: 'How surely the best choice stays, over the whole race.',
        minimum: 0.5,
        exclusiveMaximum: 1,
        default: 0.95,
      }),
    },
    { additionalProperties: false },
  ),
  dropChoice({ choice, others: unordered, floors, signs, options: { confidence } }) {
    if (unordered.length === 0 || choice.replicates.size === 0) return null;
    // Sums depend on their order, in the last bits.
    const others = unordered.toSorted((one, other) => one.index - other.index);
    const objectives = choice.replicates.values().next().value?.length ?? 0;
    const contenders = [choice, ...others];
    const tables = replicateTables(contenders, [...choice.replicates.keys()], objectives);
    let known: readonly Contrasts[] | undefined;
    const contrasts = () => {
      known ??= contrastsOf(contenders, objectives);
      return known;
    };
    const level = (1 - confidence) / (others.length + floors.filter(Number.isFinite).length);
    return (
      worstLoss(tables, contrasts, others, level, confidence) ??
      missesSurely(tables, contrasts, floors, level, signs)
    );
  },
});

/** The comparison that the choice, in row 0, loses most surely, in words. */
function worstLoss(
  tables: readonly ReplicateTable[],
  contrasts: () => readonly Contrasts[],
  others: readonly Contender[],
  level: number,
  confidence: number,
): string | null {
  const margins = tables.map((_, objective) => marginsOf(() => contrasts()[objective], level));
  let [worst, greatest] = [-1, 1];
  for (let position = 0; position < others.length; position++) {
    const ratio = certainty(tables, margins, position + 1);
    if (ratio > greatest) [worst, greatest] = [position, ratio];
  }
  const rival = others[worst];
  if (rival === undefined) return null;
  let shared = 0;
  const losses = tables.map((table, objective) => {
    const lost = difference(table, worst + 1);
    const sum = lost.sum;
    shared = lost.shared;
    if (!Number.isFinite(sum)) return 'by an undefined value';
    const margin = valueText(margins[objective]?.(shared) ?? Number.NaN);
    return `by ${valueText(sum / shared)} (chance explains ${margin})`;
  });
  return `over ${countText(shared, 'replicate')} it is worse than ${rival.name ?? `choice ${rival.index}`} ${losses.join(' and ')}, at ${valueText(confidence * 100)} %`;
}

/** Up to which difference chance explains it, by the number of shared replicates. */
function marginsOf(
  contrasts: () => Contrasts | undefined,
  level: number,
): (shared: number) => number {
  const margins: number[] = [];
  let noises: readonly (Noise | null)[] | undefined;
  return (shared) => {
    noises ??= noisesOf(contrasts());
    const margin =
      margins[shared] ?? Math.min(...noises.map((noise) => marginOf(noise, shared, level / 2)));
    margins[shared] = margin;
    return margin;
  };
}

/**
 * Of all, and of the better half: bad choices are often noisy in a way of their own, and those that diverge must not hide
 * the rest. Who is among the better half does not depend on its contrasts, so the noise looks no smaller for it.
 */
const noisesOf = (contrasts: Contrasts | undefined): readonly (Noise | null)[] =>
  contrasts ? [pairedNoise(contrasts), pairedNoise(contrasts, medianMean(contrasts))] : [null];

function marginOf(noise: Noise | null, shared: number, level: number): number {
  if (noise === null) return Number.POSITIVE_INFINITY;
  const exceeded = level / (shared * (shared + 1));
  return studentQuantile(exceeded, noise.degrees) * Math.sqrt((2 * noise.variance) / shared);
}

/** The least of difference / margin over the objectives; 0 where the choice is not worse in all of them. */
function certainty(
  tables: readonly ReplicateTable[],
  margins: readonly ((shared: number) => number)[],
  row: number,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let objective = 0; objective < tables.length; objective++) {
    const { sum, shared } = difference(tables[objective] as ReplicateTable, row);
    // Not worse, or both the worst there is (Infinity - Infinity).
    if (!(sum > 0)) return 0;
    // What is not defined is surely worse than what is.
    if (sum === Number.POSITIVE_INFINITY) continue;
    least = Math.min(least, sum / shared / (margins[objective]?.(shared) ?? Number.NaN));
  }
  return least;
}

/** How much worse the choice is than a rival, summed over the replicates that both have. */
function difference({ cells, columns }: ReplicateTable, row: number) {
  let sum = 0;
  let shared = 0;
  for (let column = 0; column < columns; column++) {
    const own = cells[column] as number;
    const its = cells[row * columns + column] as number;
    if (Number.isNaN(own) || Number.isNaN(its)) continue;
    sum += own - its;
    shared++;
  }
  return { sum, shared };
}
