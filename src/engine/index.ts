export { cacheDirectory } from './cache-directory.ts';
export { type Check, diagnose } from './doctor.ts';
export type { EngineName, EnginePlan, EngineRequest } from './engine-plan.ts';
export { engineEnvironment, loadEngine } from './load.ts';
export { prepareEngine } from './prepare.ts';
