import { bounds, defineDistribution, range, rangeMistake } from './define-distribution.ts';

export const uniform = defineDistribution({
  name: 'uniform',
  summary: 'Any number of a range, all equally likely.',
  short: 'range',
  options: { range: range('`[low, high]`, both included.') },
  mistake: rangeMistake,
  distribution: (options) => ({ type: 'float', ...bounds(options), log: false, step: null }),
});
