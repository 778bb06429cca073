/** @file Jobs of a small experiment, for executors to run. */
import { join } from 'node:path';
import { prepareEngine } from '../../src/engine/index.ts';
import type { TrialJob } from '../../src/execute/trial-event.ts';
import { jobTrial } from '../../src/experiment.ts';
import { createPlanner } from '../../src/experiment-plan.ts';
import { loadExperiment } from '../../src/load-experiment.ts';
import { grid } from '../../src/plan/samplers/grid.ts';
import { allPoints } from '../../src/sweep/proposer.ts';
import { trialNeeds } from '../../src/trial-needs.ts';
import { smallExperiment, smallSpec } from '../end-to-end/small-experiment.ts';

export const smallFolder = () => smallExperiment(smallSpec);

/** Of the small experiment in a folder, with changes: as many jobs as trials, numbered from 1. */
export async function smallJobs(folder: string, ...overrides: readonly string[]) {
  const loaded = await loadExperiment({ file: join(folder, 'small.yaml'), overrides, env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const prepared = await prepareEngine('auto', (line) => process.stderr.write(`${line}\n`));
  if (!prepared.ok) throw new Error(prepared.reason);
  const run = join(folder, 'runs/small');
  const planner = createPlanner(loaded.experiment, run, prepared.plan);
  const { spec } = loaded.experiment;
  const { space } = planner;
  const points = allPoints({ spec, sampler: grid, space, objectives: 1 }, 100);
  const trials = await planner.plan(points.map((point) => space.choiceAt(point)));
  const needsOf = trialNeeds(planner);
  const jobs = trials.map(
    (trial, index): TrialJob => ({
      number: index + 1,
      trial: jobTrial(trial),
      data: planner.dataOf(trial),
      checkpoint: null,
      ...needsOf(trial),
      engine: prepared.plan.programs,
    }),
  );
  return { jobs, engine: prepared.plan };
}
