export { bestTrial, metricSpread, rankedJoint } from './choices.ts';
export { gainOf, type TaskGain, type Verdict } from './gain.ts';
export {
  type Objective,
  type ReadOptions,
  type RunView,
  readRun,
  type TrialView,
} from './read-run.ts';
export { resultsJson } from './results-json.ts';
export { type SelectOptions, selectChoices } from './sweep/select.ts';
export { renderChoices, renderTable, type TableOptions } from './table.ts';
