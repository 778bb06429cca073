/** @file A trial as MLflow shows it: name, tags, parameters, the data it read. */
import { firstCharacters, isLonger, textLimits } from '../mlflow-client-ts/index.ts';
import { describeChoice, digest, exactWords } from '../plan/index.ts';
import type { DataRecord, ExecutionRecord, TrialRecord } from '../record/index.ts';
import { type TrackedStatus, type TrackedTrial, undefinedMetrics } from './run-model.ts';

export type Texts = Readonly<Record<string, string>>;

export const trialName = ({ record: { number, control, tasks } }: TrackedTrial): string =>
  control === null ? `trial ${number}` : `trial ${number}: ${tasks.join(', ')} alone`;

/** Of the sweep, and with its number of a trial: what makes an MLflow run ours. */
export const sweepTag = 'run-experiment.run';
export const keyTag = 'run-experiment.key';
export const trialKey = (runKey: string, number: number): string => `${runKey}/${number}`;

/** MLflow's words for a run's status. */
export const mlflowStatus = {
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  // MLflow has no word of its own for it; the tag `pruned` says why.
  pruned: 'KILLED',
  interrupted: 'KILLED',
} as const satisfies Record<TrackedStatus, string>;

type Chosen = Pick<TrialRecord, 'control' | 'tasks' | 'parameters'>;

const trainingOf = ({ control, tasks }: Chosen): string =>
  control === null ? 'joint' : `${tasks.join(', ')} alone`;

/** In words, the same for all replicates: the tag `choice`. */
export const choiceOf = (chosen: Chosen): string =>
  withinLimit(
    `${trainingOf(chosen)}: ${describeChoice(chosen.parameters, exactWords)}`,
    textLimits.tag,
  );

/** A swept path as a parameter's key: MLflow has no brackets in keys. */
export const parameterKey = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1');

/** What is known when it starts. */
export function openingTags(
  { record }: TrackedTrial,
  { experiment, engine, environment }: ExecutionRecord,
): Texts {
  const { number, id, seed, replicate, tasks, control } = record;
  return {
    experiment,
    trial: String(number),
    identity: id,
    seed: String(seed),
    replicate: String(replicate + 1),
    tasks: tasks.join(', '),
    control: control ?? 'none',
    training: trainingOf(record),
    // What runs are grouped by.
    choice: choiceOf(record),
    engine,
    ...(environment.version ? { version: environment.version } : {}),
  };
}

/** What its end adds. */
export function closingTags(trial: TrackedTrial): Texts {
  const { finish, failure, pruned } = trial;
  const empty = undefinedMetrics(trial);
  return {
    ...(failure ? { failure } : {}),
    ...(pruned ? { pruned } : {}),
    ...(empty.length > 0 ? { nan: empty.join(', ') } : {}),
    ...(finish?.program
      ? { program: finish.program.engine, 'program.fingerprint': finish.program.fingerprint ?? '' }
      : {}),
  };
}

/** Where it came from, in MLflow's own tags. */
export function sourceTags({ environment, file }: ExecutionRecord): Texts {
  return {
    'mlflow.source.name': `run-experiment ${file ?? ''}`.trim(),
    'mlflow.source.type': 'LOCAL',
    ...(environment.gitCommit ? { 'mlflow.source.git.commit': environment.gitCommit } : {}),
  };
}

/** The swept values by their keys. */
export const parameterTexts = ({ record: { parameters } }: TrackedTrial): Texts =>
  Object.fromEntries(
    Object.entries(parameters).map(([path, value]) => [parameterKey(path), parameterText(value)]),
  );

/** A swept value as MLflow holds it: a block in the words of the table, with every digit. */
export const parameterText = (value: unknown): string =>
  withinLimit(exactWords(value), textLimits.param);

/** Cut by the client, two long ones could become the same: here a hash tells them apart. */
function withinLimit(words: string, limit: number): string {
  if (!isLonger(words, limit)) return words;
  const hash = `… #${digest(words).slice(0, 12)}`;
  return `${firstCharacters(words, limit - hash.length)}${hash}`;
}

/** What MLflow may know of one split of a data set. */
export function datasetOf(data: DataRecord, context: keyof DataRecord['rows']) {
  const { key, fingerprint, source, rows, columns } = data;
  const schema = columns.map(({ name, type }) => ({
    name,
    type: columnType(type),
    required: false,
  }));
  return {
    name: source
      .map((each) => each.split('/').at(-1))
      .join(', ')
      .slice(0, 500),
    // Names and digests tell data sets apart: the splits of one source are three.
    digest: `${key.slice(0, 12)}-${context}`,
    sourceType: 'local',
    source: JSON.stringify({ uri: source.join(', '), fingerprint }),
    schema: JSON.stringify({ mlflow_colspec: schema }),
    profile: JSON.stringify({
      num_rows: rows[context],
      num_elements: rows[context] * columns.length,
    }),
  };
}

const columnType = (type: string): string =>
  ({ number: 'double', boolean: 'boolean', date: 'datetime' })[type] ?? 'string';
