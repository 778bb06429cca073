export { cacheDirectory } from './cache-directory.ts';
export { type ChildFile, childFile } from './child-file.ts';
export { type Check, diagnose } from './doctor.ts';
export type { Attempt, EngineName, EnginePlan, EngineRequest } from './engine-plan.ts';
export { engineEnvironment, loadEngine } from './load.ts';
export {
  type ElementType,
  hasNative,
  type LoadedGraph,
  loadGraph,
  type RecordedAttribute,
  type RecordedConstant,
  type RecordedOperation,
  type RecordedTensor,
  type Recording,
  recordOperations,
  UnknownType,
} from './native-session.ts';
export { isOutOfMemory } from './out-of-memory.ts';
export { prepareEngine } from './prepare.ts';
export { type LockResult, lockHolder, takeLock, waitForLock } from './process-lock.ts';
export { forgetPrograms, graphFolder } from './program-cache.ts';
export { lastLine, type ProgramResult, runProgram } from './run-program.ts';
