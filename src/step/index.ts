export { stateFromBytes, stateToBytes } from './checkpoint.ts';
export { createStep } from './create-step.ts';
export type { Hyperparameters, MetricInput, MetricKind } from './define.ts';
export { losses } from './losses/index.ts';
export { optimizers } from './optimizers/index.ts';
export { schedules } from './schedules/index.ts';
export type { Evaluation, State, Step, StepBatch, StepRequest, StepResult } from './step.ts';
export { structureOf } from './structure.ts';
export { weightings } from './weightings/index.ts';
