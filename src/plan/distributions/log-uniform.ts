import { bounds, defineDistribution, range, rangeMistake } from './define-distribution.ts';

export const logUniform = defineDistribution({
  name: 'logUniform',
  summary: 'Any number of a range above zero, all orders of magnitude equally likely.',
  short: 'range',
  options: { range: range('`[low, high]`, both included, above zero.') },
  mistake: (options) =>
    bounds(options).low > 0 ? rangeMistake(options) : 'a range above zero, since it is logarithmic',
  distribution: (options) => ({ type: 'float', ...bounds(options), log: true, step: null }),
});
