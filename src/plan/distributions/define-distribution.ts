/** @file The contract of a distribution: what a swept value is drawn from. */
import { type Static, type TObject, type TProperties, Type } from 'typebox';
import type { DistributionFacts } from '../../spec/kind.ts';
import type { Distribution } from '../../spec/space/search-space.ts';

interface DistributionKind<Options extends TProperties> {
  readonly name: string;
  readonly summary: string;
  readonly options: Options;
  readonly short?: string;
  readonly mistake?: (options: Static<TObject<Options>>) => string | null;
  readonly distribution: (options: Static<TObject<Options>>) => Distribution;
}

/** Declares a distribution; all of them have `when` beside their own options. */
export function defineDistribution<Options extends TProperties>(
  kind: DistributionKind<Options>,
): DistributionFacts {
  const options = Type.Object({ ...kind.options, when }, { additionalProperties: false });
  // The schema has checked them: what comes here are the kind's own options.
  const own = (given: Readonly<Record<string, unknown>>) => given as Static<TObject<Options>>;
  return {
    ...kind,
    options,
    mistake: (given) => kind.mistake?.(own(given)) ?? null,
    distribution: (given) => kind.distribution(own(given)),
  };
}

const when = Type.Unsafe<Readonly<Record<string, unknown>>>({
  type: 'object',
  description:
    'Only where other swept paths have these values, each one or a list: `{ training.optimizer: sgd }`.',
  additionalProperties: {},
  default: {},
});

/** `[low, high]`, both included. */
export const range = (description: string, expected = 'two numbers, the smaller one first') =>
  Type.Array(Type.Number(), { description, minItems: 2, maxItems: 2, 'x-expected': expected });

export const bounds = ({ range: [low = 0, high = 0] }: { readonly range: readonly number[] }) => ({
  low,
  high,
});

export function rangeMistake(options: { readonly range: readonly number[] }): string | null {
  const { low, high } = bounds(options);
  return low < high ? null : 'two numbers, the smaller one first';
}
