/** @file Sends what MLflow lacks of one trial: its run, points, data, pictures, model, and its end. */
import { existsSync, readFileSync } from 'node:fs';
import type { SavedPreprocessing } from '../execute/trial-files.ts';
import { sanitizeKey } from '../mlflow-client-ts/index.ts';
import { runPaths } from '../record/index.ts';
import { loggedModelFiles, mlmodelText } from './model-files.ts';
import type { TrackedStatus, TrackedTrial } from './run-model.ts';
import { keep, type Place, type Session } from './session.ts';
import { shownTags, trialArtifacts } from './trial-artifacts.ts';
import {
  closingTags,
  datasetOf,
  keyTag,
  mlflowStatus,
  openingTags,
  parameterTexts,
  sourceTags,
  sweepTag,
  type Texts,
  trialKey,
  trialName,
} from './trial-run.ts';

/** A trial that was running when its runner was killed runs no more. */
export const statusNow = ({ status }: TrackedTrial, isLive: boolean): TrackedStatus =>
  status === 'running' && !isLive ? 'interrupted' : status;

/** Whether MLflow lacks something of it. One that has not started yet is no run there. */
export function isBehind(
  { cursor }: Pick<Session, 'cursor'>,
  trial: TrackedTrial,
  isLive: boolean,
): boolean {
  const { number } = trial.record;
  if (trial.started === null) return false;
  const status = statusNow(trial, isLive);
  return (
    cursor.get(number, 'points') !== trial.points.length || cursor.get(number, 'status') !== status
  );
}

/** May be cut at any request and called again: what was sent twice counts once. */
export async function sendTrial(
  session: Session,
  place: Place,
  trial: TrackedTrial,
  isLive: boolean,
): Promise<void> {
  const { client, cursor, signal } = session;
  const { number } = trial.record;
  const status = statusNow(trial, isLive);
  const runId = await runOf(session, place, trial);
  const files = trial.finish ? modelFiles(session.folder, number) : null;
  const modelId = files && (await modelOf(session, place, trial, runId));
  await sendBatch(session, trial, runId, modelId);
  await sendInputs(session, trial, runId);
  if (trial.finish && cursor.get(number, 'artifacts') !== true) {
    await sendArtifacts(session, trial);
    cursor.set(number, 'artifacts', true);
  }
  if (files && modelId && cursor.get(number, 'modelReady') !== true) {
    await sendModel(session, trial, runId, modelId, files);
    cursor.set(number, 'modelReady', true);
  }
  if (cursor.get(number, 'status') === status) return;
  // Not before its start, where the clock went back.
  const last = Math.max(trial.started ?? 0, trial.touched);
  const endTime = status === 'running' ? undefined : last;
  await client.runs.update({ runId, status: mlflowStatus[status], endTime }, { signal });
  cursor.set(number, 'status', status);
}

async function runOf(session: Session, place: Place, trial: TrackedTrial): Promise<string> {
  const { client, cursor, model, runKey, signal } = session;
  const { number } = trial.record;
  const known = cursor.get(number, 'run');
  if (typeof known === 'string') return known;
  const { execution } = model;
  const key = trialKey(runKey, number);
  const tags: Texts = {
    ...(execution ? { ...sourceTags(execution), ...openingTags(trial, execution) } : {}),
    'mlflow.parentRunId': place.parentId,
    [sweepTag]: runKey,
    [keyTag]: key,
  };
  const { info } = await client.runs.create(
    {
      experimentId: place.experimentId,
      startTime: trial.started ?? trial.touched,
      runName: trialName(trial),
      tags,
      uniqueTag: { key: keyTag, value: key },
    },
    { signal },
  );
  keep(cursor, number, 'run', info.runId, info.artifactUri);
  cursor.set(number, 'status', 'running');
  return info.runId;
}

/** Parameters, and the points that came since the last time; at its end what that adds to the tags. */
async function sendBatch(
  { client, cursor, model, signal }: Session,
  trial: TrackedTrial,
  runId: string,
  modelId: string | null,
): Promise<void> {
  const { number } = trial.record;
  const sent = Number(cursor.get(number, 'points') ?? 0);
  const { points } = trial;
  const isEnded = trial.status !== 'running';
  if (sent === points.length && !isEnded) return;
  const metrics = points.slice(sent).map(({ key, ...point }) => ({
    key: sanitizeKey(key),
    ...point,
    // What a model reached stands beside it in the Models tab.
    ...(modelId && key.startsWith('best/') ? { modelId } : {}),
  }));
  const params = cursor.get(number, 'params') === true ? {} : parameterTexts(trial);
  const tags = isEnded ? { ...closingTags(trial), ...shownTags(model, trial) } : {};
  await client.runs.logBatch(
    { runId, metrics, params: withKeys(params), tags: withKeys(tags) },
    { signal },
  );
  cursor.set(number, 'points', points.length);
  cursor.set(number, 'params', true);
}

const withKeys = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, value]) => [sanitizeKey(key), value]));

async function sendInputs(
  { client, cursor, model, signal, inputs }: Session,
  { record: { number, data: key } }: TrackedTrial,
  runId: string,
): Promise<void> {
  const data = key === undefined ? undefined : model.data.get(key);
  if (!data || cursor.get(number, 'inputs') === true) return;
  const contexts = (['train', 'validation', 'test'] as const).filter((name) => data.rows[name] > 0);
  const datasets = contexts.map((context) => ({
    ...datasetOf(data, context),
    tags: { 'mlflow.data.context': context === 'train' ? 'training' : context },
  }));
  await inputs.add(() => client.runs.logInputs({ runId, datasets }, { signal }));
  cursor.set(number, 'inputs', true);
}

async function sendArtifacts(
  { client, folder, model, cursor, signal }: Session,
  trial: TrackedTrial,
): Promise<void> {
  const uri = String(cursor.get(trial.record.number, 'runUri'));
  for (const [path, content] of Object.entries(trialArtifacts(folder, model, trial)))
    await client.artifacts.upload(uri, path, content, { signal });
}

/** The files that a model is logged from; null where they are gone, or it never had any. */
function modelFiles(folder: string, number: number): Readonly<Record<string, Uint8Array>> | null {
  const files = Object.entries(loggedModelFiles).map(
    ([name, file]) => [name, runPaths(folder).trial(number, file)] as const,
  );
  if (files.some(([, path]) => !existsSync(path))) return null;
  return Object.fromEntries(files.map(([name, path]) => [name, readFileSync(path)]));
}

async function modelOf(
  { client, cursor, model, runKey, signal }: Session,
  { experimentId }: Place,
  trial: TrackedTrial,
  runId: string,
): Promise<string> {
  const { number } = trial.record;
  const known = cursor.get(number, 'model');
  if (typeof known === 'string') return known;
  const name = `${model.execution?.experiment ?? 'model'}-trial-${number}`;
  const { info } = await client.models.create(
    {
      experimentId,
      name: name.replace(/[/:.%"']/g, '-'),
      modelType: 'tfjs-layers',
      sourceRunId: runId,
      params: withKeys(parameterTexts(trial)),
      tags: {
        tasks: trial.record.tasks.join(', '),
        [sweepTag]: runKey,
        [keyTag]: trialKey(runKey, number),
      },
      uniqueTag: { key: keyTag, value: trialKey(runKey, number) },
    },
    { signal },
  );
  keep(cursor, number, 'model', info.modelId, info.artifactUri);
  return info.modelId;
}

async function sendModel(
  { client, cursor, signal }: Session,
  trial: TrackedTrial,
  runId: string,
  modelId: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const uri = String(cursor.get(trial.record.number, 'modelUri'));
  const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
  const saved: SavedPreprocessing = JSON.parse(text('preprocessing.json'));
  const created = trial.finish?.time ?? new Date(trial.touched).toISOString();
  const mlmodel = mlmodelText({ modelId, runId, created }, text('model.json'), saved);
  for (const [name, content] of Object.entries({ ...files, MLmodel: mlmodel }))
    await client.artifacts.upload(uri, name, content, { signal });
  const step = trial.finish?.bestEpoch ?? 0;
  await client.runs.logOutputs({ runId, models: [{ modelId, step }] }, { signal });
  await client.models.finalize(modelId, 'LOGGED_MODEL_READY', { signal });
}
