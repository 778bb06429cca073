import { Type } from 'typebox';
import { bounds, defineDistribution, range, rangeMistake } from './define-distribution.ts';

export const int = defineDistribution({
  name: 'int',
  summary: 'A whole number of a range.',
  short: 'range',
  options: {
    range: range('`[low, high]`, both included.', 'two whole numbers, the smaller one first'),
    step: Type.Integer({ description: 'Distance of two values.', minimum: 1, default: 1 }),
    log: Type.Boolean({
      description: 'All orders of magnitude equally likely; not with a step.',
      default: false,
    }),
  },
  mistake(options) {
    const { low, high } = bounds(options);
    if (!Number.isInteger(low) || !Number.isInteger(high)) return 'whole numbers as bounds';
    if (options.log && low < 1) return 'a range from 1 on, since it is logarithmic';
    if (options.log && options.step !== 1) return 'either log or a step';
    return rangeMistake(options);
  },
  distribution: (options) => ({
    type: 'int',
    ...bounds(options),
    log: options.log,
    step: options.step,
  }),
});
