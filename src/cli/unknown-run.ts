/** @file What to say where a run is named that is not there. */
import type { RunSummary } from '../record/index.ts';
import { nearest } from '../spec/index.ts';

/** `experiment` undefined: none was named, and there is none. */
export function unknownRun(
  experiment: string | undefined,
  folder: string,
  runs: readonly RunSummary[],
): string {
  const names = runs.map((run) => run.experiment);
  if (experiment === undefined || names.length === 0)
    return `run-experiment: there is no run in ${folder}/; run-experiment SPEC makes one`;
  const near = nearest(experiment, names);
  const hint = near ? ` Did you mean "${near}"?` : '';
  return `run-experiment: no run is called "${experiment}".${hint} Runs: ${names.join(', ')}`;
}
