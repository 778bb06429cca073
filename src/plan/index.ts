export type { Contender, Course, PrunerKind } from './define-pruner.ts';
export type { ChoiceValues, Observation, SamplerKind } from './define-sampler.ts';
export { canonical, digest, numerics, type TrialSpec } from './identity.ts';
export { pruners } from './pruners/index.ts';
export { rng, seedOf } from './random.ts';
export { samplers } from './samplers/index.ts';
export { describeChoice, type PlannedTrial, planTrials } from './trials.ts';
export { exactWords, valueInWords } from './value-words.ts';
