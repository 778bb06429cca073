/** @file An experiment's trials, each with the prepared data that it reads. */
import { basename, join } from 'node:path';
import { type PreparedDirectory, prepareData } from './data/index.ts';
import type { EnginePlan } from './engine/index.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { canonical, choicesOf, type PlannedTrial, planTrials, samplers } from './plan/index.ts';
import type { ResolvedSpec } from './spec/schema/experiment.ts';

export interface ExperimentPlan {
  readonly trials: readonly PlannedTrial[];
  /** What was prepared, each once. */
  readonly data: readonly PlannedData[];
  /** The folder of a trial's prepared splits. */
  readonly dataOf: (trial: PlannedTrial) => string;
}

export interface PlannedData extends PreparedDirectory {
  /** As the spec names it. */
  readonly source: readonly string[];
}

/** Prepares the data of every choice (equal ones once) and unfolds the trials. */
export async function planExperiment(
  experiment: LoadedExperiment,
  folder: string,
  engine: Pick<EnginePlan, 'family'>,
): Promise<ExperimentPlan> {
  const { spec, withValues } = experiment;
  const prepared = new Map<string, PlannedData>();
  for (const choice of choicesOf({ spec, samplers, withValues })) {
    const key = choiceKey(choice.spec);
    if (prepared.has(key)) continue;
    const { source } = choice.spec.data;
    const cache = join(folder, 'data');
    const directory = await prepareData(choice.spec, experiment.directory, cache);
    prepared.set(key, { ...directory, source });
  }
  const fingerprints = new Map(
    [...prepared].map(([key, { fingerprint }]) => [JSON.parse(key).data, fingerprint]),
  );
  const trials = planTrials({
    spec,
    samplers,
    withValues,
    engineFamily: engine.family,
    fingerprint: (data) => fingerprints.get(canonical(data)) ?? missing('fingerprint'),
  });
  return {
    trials,
    data: [...new Map([...prepared.values()].map((each) => [each.directory, each])).values()],
    dataOf: ({ choiceSpec }) => prepared.get(choiceKey(choiceSpec))?.directory ?? missing('data'),
  };
}

/** The key of prepared data in the journal: the name of their folder. */
export const dataKey = (directory: string): string => basename(directory);

/** Choices with an equal key read the same prepared data. */
const choiceKey = ({ data, heads, seed }: ResolvedSpec) =>
  JSON.stringify({ data: canonical(data), heads: canonical(heads), seed });

function missing(what: string): never {
  throw new Error(`internal: a choice without its ${what}`);
}
