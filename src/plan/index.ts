export type { ChoiceValues, SamplerKind, SearchSpace } from './define-sampler.ts';
export { canonical, numerics, type TrialSpec } from './identity.ts';
export { rng, seedOf } from './random.ts';
export { samplers } from './samplers/index.ts';
export { choicesOf, describeChoice, type PlannedTrial, planTrials } from './trials.ts';
