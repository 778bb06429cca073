import { Type } from 'typebox';
import { bounds, defineDistribution, range, rangeMistake } from './define-distribution.ts';

export const quantized = defineDistribution({
  name: 'quantized',
  summary: 'The numbers low, low + step, … of a range, all equally likely.',
  options: {
    range: range('`[low, high]`, both included.'),
    step: Type.Number({ description: 'Distance of two values.', exclusiveMinimum: 0 }),
  },
  mistake: (options) =>
    rangeMistake(options) ??
    (options.step <= bounds(options).high - bounds(options).low
      ? null
      : 'a step that fits into the range'),
  distribution: (options) => ({
    type: 'float',
    ...bounds(options),
    log: false,
    step: options.step,
  }),
});
