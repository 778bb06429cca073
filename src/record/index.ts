export { dropForeignCheckpoints, readCheckpoint } from './checkpoints.ts';
export {
  type CostKind,
  costKinds,
  type FolderCost,
  folderCost,
  type Leftover,
  removeLeftovers,
} from './gc.ts';
export { type Journal, openJournal, readJournal } from './journal.ts';
export type * from './journal-record.ts';
export { createJournalTail, type JournalTail } from './journal-tail.ts';
export { createRecorder } from './recorder.ts';
export { listRuns, lockRun, type RunSummary, runPaths, writeWhole } from './run-folder.ts';
export { type RunState, runState } from './run-state.ts';
export { createSystemMonitor } from './system-metrics.ts';
