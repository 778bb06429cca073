/** @file From choices to trials, each with the prepared data that it reads. */
import { basename, join } from 'node:path';
import { catalog } from './catalog.ts';
import { type PreparedDirectory, prepareData } from './data/index.ts';
import type { EnginePlan } from './engine/index.ts';
import type { LoadedExperiment } from './load-experiment.ts';
import { canonical, type PlannedTrial, planTrials } from './plan/index.ts';
import { type SweepChoice, type SweepSpace, sweepSpace } from './spec/index.ts';
import type { ResolvedSpec } from './spec/schema/experiment.ts';

export interface PlannedData extends PreparedDirectory {
  /** As the spec names it. */
  readonly source: readonly string[];
}

/** Plans trials as choices come; data that several choices read are prepared once. */
export interface Planner {
  readonly space: SweepSpace;
  /** Trials and controls of these choices. */
  plan(choices: readonly SweepChoice[]): Promise<readonly PlannedTrial[]>;
  /** What was prepared so far, each once. */
  data(): readonly PlannedData[];
  /** The folder of a trial's prepared splits. */
  readonly dataOf: (trial: Pick<PlannedTrial, 'choiceSpec'>) => string;
}

export function createPlanner(
  experiment: LoadedExperiment,
  folder: string,
  engine: Pick<EnginePlan, 'family'>,
): Planner {
  const { spec } = experiment;
  const prepared = new Map<string, PlannedData>();
  const fingerprints = new Map<string, string>();
  const prepare = async (choice: ResolvedSpec) => {
    const key = choiceKey(choice);
    if (prepared.has(key)) return;
    const { source } = choice.data;
    const directory = await prepareData(choice, experiment.directory, join(folder, 'data'));
    prepared.set(key, { ...directory, source });
    fingerprints.set(canonical(choice.data), directory.fingerprint);
  };
  return {
    space: sweepSpace(spec, catalog),
    async plan(choices) {
      for (const choice of choices) await prepare(choice.spec);
      const fingerprint = (data: ResolvedSpec['data']) =>
        fingerprints.get(canonical(data)) ?? missing('fingerprint');
      return planTrials({ spec, engineFamily: engine.family, fingerprint }, choices);
    },
    data: () => [...new Map([...prepared.values()].map((each) => [each.directory, each])).values()],
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
