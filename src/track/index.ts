export { type LiveTracking, startTracking } from './live.ts';
export { mlflowRunIds } from './run-ids.ts';
export { recordedTarget, type SentRun, sendRun } from './send-run.ts';
export { type Environment, localTarget, trackingTarget } from './target.ts';
