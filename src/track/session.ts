/** @file One process's dealings with one server about one run: where it is there, and under which names. */
import { createHash } from 'node:crypto';
import type PQueue from 'p-queue';
import { type MlflowClient, MlflowError, sanitizeKey } from '../mlflow-client-ts/index.ts';
import { type Cursor, sweep } from './cursor.ts';
import type { RunModel } from './run-model.ts';
import type { TrackingTarget } from './target.ts';
import { keyTag, parameterTexts, sourceTags, sweepTag, type Texts, trialKey } from './trial-run.ts';

export interface Session {
  readonly client: MlflowClient;
  readonly target: TrackingTarget;
  /** `runs/<experiment>` */
  readonly folder: string;
  readonly cursor: Cursor;
  readonly model: RunModel;
  /** The same for this run whoever sends it. */
  readonly runKey: string;
  readonly signal: AbortSignal;
  /** Lets one through at a time: MLflow fails where two requests bring the same new data set. */
  readonly inputs: PQueue;
  /** Something to tell the user, once. */
  readonly say: (line: string) => void;
}

export interface Place {
  readonly experimentId: string;
  /** The MLflow run of the sweep. */
  readonly parentId: string;
}

/** Of the journal's first line, which no other run has. */
export const runKeyOf = (firstLine: string): string =>
  createHash('sha256').update(firstLine).digest('hex').slice(0, 16);

/** Finds or makes the experiment and the sweep's own MLflow run. */
export async function openPlace(session: Session): Promise<Place> {
  const { cursor, client, signal } = session;
  const known = cursor.get(sweep, 'run');
  if (typeof known === 'string' && !(await isThere(session, known))) cursor.clear();
  const experimentId = await findExperiment(session);
  // Whoever sent before us may have been killed between a request and its mark.
  if (cursor.get(sweep, 'isClean') !== true) await adoptRuns(session, experimentId);
  const parentId = await parentOf(session, experimentId);
  const { lifecycleStage } = (await client.runs.get(parentId, { signal })).info;
  if (lifecycleStage === 'deleted') throw new DeletedThere(parentId);
  return { experimentId, parentId };
}

/** Somebody deleted the sweep's MLflow run: nothing is sent behind their back. */
export class DeletedThere extends Error {
  constructor(runId: string) {
    super(
      `its MLflow run ${runId} was deleted there: restore it there, or remove the run's folder "mlflow" to send everything anew`,
    );
  }
}

/** Its name and its number are not of the same experiment. */
export class WrongExperiment extends Error {}

/**
 * False where the server has never heard of it: another database, or an emptied one. A server with
 * users says to most of them that they may not see what is not there.
 */
async function isThere({ client, signal }: Session, runId: string): Promise<boolean> {
  try {
    await client.runs.get(runId, { signal });
    return true;
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    if (error.code === 'RESOURCE_DOES_NOT_EXIST' || error.status === 403) return false;
    throw error;
  }
}

async function findExperiment(session: Session): Promise<string> {
  const { target, cursor } = session;
  const known = cursor.get(sweep, 'experiment');
  if (typeof known === 'string') return known;
  const { experiment } = target;
  const id =
    'runId' in experiment
      ? await experimentOfRun(session, experiment)
      : 'id' in experiment
        ? await fitting(session, experiment.id, experiment.name, 'MLFLOW_EXPERIMENT_ID')
        : await experimentCalled(session, experiment.name);
  cursor.set(sweep, 'experiment', id);
  return id;
}

async function experimentOfRun(
  session: Session,
  { runId, name }: { readonly runId: string; readonly name?: string },
): Promise<string> {
  const { info } = await session.client.runs.get(runId, { signal: session.signal });
  return fitting(session, info.experimentId, name, `the experiment of MLFLOW_RUN_ID ${runId},`);
}

/** The experiment of this number, which must have this name if there is one. */
async function fitting(
  { client, signal }: Session,
  id: string,
  name: string | undefined,
  what: string,
): Promise<string> {
  const found = await client.experiments.get(id, { signal });
  if (name === undefined || found.name === name) return id;
  throw new WrongExperiment(`${what} ${id} is called "${found.name}" there, not "${name}"`);
}

async function experimentCalled({ client, model, signal }: Session, name: string): Promise<string> {
  const question = model.execution?.question;
  const tags: Texts = question ? { 'mlflow.note.content': question } : {};
  return (await client.experiments.getOrCreate(name, { tags }, { signal })).experimentId;
}

/**
 * Takes over the MLflow runs that carry our keys, and removes doubles of them: a request whose
 * answer was lost may have been carried out all the same.
 */
export async function adoptRuns(session: Session, experimentId: string): Promise<void> {
  const { client, runKey, signal } = session;
  const filter = `tags.\`${sweepTag}\` = '${runKey}'`;
  const runs = client.runs.search(
    { experimentIds: [experimentId], filter, orderBy: ['attributes.start_time ASC'] },
    { signal },
  );
  for await (const { info, data } of runs) {
    const found = { key: data.tags[keyTag], id: info.runId, uri: info.artifactUri };
    if (adopt(session, 'run', found)) noteParameters(session, found.key, data.params);
    else await client.runs.delete(info.runId, { signal });
  }
  const models = client.models.search({ experimentIds: [experimentId], filter }, { signal });
  for await (const { info } of models) {
    const found = { key: info.tags[keyTag], id: info.modelId, uri: info.artifactUri };
    if (!adopt(session, 'model', found)) await client.models.delete(info.modelId, { signal });
  }
}

/** False for a double: what the cursor has, or met first, is kept. */
function adopt(
  { cursor, runKey }: Session,
  what: 'run' | 'model',
  { key, id, uri }: { readonly key: string | undefined; readonly id: string; readonly uri: string },
): boolean {
  const number = numberOf(runKey, key);
  if (number === null) return true;
  const kept = cursor.get(number, what);
  if (kept === undefined) keep(cursor, number, what, id, uri);
  return kept === undefined || kept === id;
}

/** MLflow lets no parameter change: what another version has written in its own words stays. */
function noteParameters(
  { cursor, model, runKey }: Session,
  key: string | undefined,
  there: Texts,
): void {
  const number = numberOf(runKey, key);
  const trial = number === null ? undefined : model.trials.get(number);
  if (number === null || !trial) return;
  const keys = Object.keys(parameterTexts(trial)).map(sanitizeKey);
  if (keys.every((each) => each in there)) cursor.set(number, 'params', true);
}

/** Where its files go comes first: a mark of the other alone would be of no use. */
export function keep(
  cursor: Cursor,
  number: number,
  what: 'run' | 'model',
  id: string,
  uri: string,
): void {
  cursor.set(number, `${what}Uri`, uri);
  cursor.set(number, what, id);
}

function numberOf(runKey: string, key: string | undefined): number | null {
  const [own, number] = key?.split('/') ?? [];
  return own === runKey && number !== undefined ? Number(number) : null;
}

async function parentOf(session: Session, experimentId: string): Promise<string> {
  const { client, target, cursor, model, runKey, signal } = session;
  const known = cursor.get(sweep, 'run');
  if (typeof known === 'string') return known;
  if ('runId' in target.experiment) {
    const { info } = await client.runs.get(target.experiment.runId, { signal });
    return keepParent(cursor, info);
  }
  const key = trialKey(runKey, sweep);
  const { execution } = model;
  const { info } = await client.runs.create(
    {
      experimentId,
      startTime: model.started,
      runName: execution?.experiment ?? 'sweep',
      tags: {
        ...(execution ? { ...sourceTags(execution), experiment: execution.experiment } : {}),
        training: 'sweep',
        [sweepTag]: runKey,
        [keyTag]: key,
      },
      uniqueTag: { key: keyTag, value: key },
    },
    { signal },
  );
  return keepParent(cursor, info);
}

function keepParent(cursor: Cursor, info: { runId: string; artifactUri: string }): string {
  keep(cursor, sweep, 'run', info.runId, info.artifactUri);
  return info.runId;
}
