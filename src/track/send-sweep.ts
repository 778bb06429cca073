/** @file Sends what the sweep's own MLflow run shows: the answer, the report, the saved views. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { filterText, MlflowError } from '../mlflow-client-ts/index.ts';
import type { ExecutionRecord, JournalRecord } from '../record/index.ts';
import { runPaths } from '../record/index.ts';
import { renderHtml } from '../report/html.ts';
import {
  bestTrial,
  gainOf,
  metricSpread,
  type RunView,
  rankedJoint,
  readRun,
  resultsJson,
} from '../report/index.ts';
import { runNote } from '../report/run-note.ts';
import { sweepPictures } from '../report/sweep/pictures.ts';
import { trialNote } from '../report/trial/index.ts';
import { sweep } from './cursor.ts';
import type { RunModel, TrackedStatus, TrackedTrial } from './run-model.ts';
import { type SavedView, savedViews } from './saved-view.ts';
import type { Place, Session } from './session.ts';
import { viewOf } from './trial-artifacts.ts';
import { choiceOf, keyTag, mlflowStatus, type Texts, trialKey } from './trial-run.ts';

/** What is known of the whole run now. */
export function sweepView({ trials, choices, execution, end }: RunModel): RunView {
  const own: JournalRecord[] = [...trials.values()].flatMap((trial) => [...trial.records]);
  const records = [...choices, ...own, ...(end ? [end] : [])];
  return readRun(execution ? [execution, ...records] : records, { isLive: true });
}

export function sweepStatus({ end }: RunModel, isLive: boolean): TrackedStatus {
  if (end) return end.status;
  return isLive ? 'running' : 'interrupted';
}

/** Sends what differs from what was sent last, each part by its hash. */
export async function sendSweep(session: Session, place: Place, isLive: boolean): Promise<void> {
  const { client, cursor, model, signal } = session;
  const { execution } = model;
  if (!execution) return;
  const { parentId } = place;
  const view = sweepView(model);
  const status = sweepStatus(model, isLive);
  const saved = savedViews({ parentId, view, created: model.started, runIds: runIds(cursor) });
  await once(session, 'views', saved, () => sendViews(session, place, saved));
  const isOver = status !== 'running';
  const tags = sweepTags(view, execution);
  // A step has one point: what the sweep came to is known at its end, if it came to one.
  const metrics = model.end ? sweepMetrics(view, model) : [];
  await once(session, 'content', { tags, metrics }, () =>
    client.runs.logBatch({ runId: parentId, metrics, params: {}, tags }, { signal }),
  );
  if (!isOver) return reopen(session, parentId);
  await sendFiles(session, view, execution);
  await registerBest(session, view, status);
  if (cursor.get(sweep, 'status') === `${status} ${model.touched}`) return;
  await client.runs.update(
    {
      runId: parentId,
      status: mlflowStatus[status],
      endTime: Math.max(model.started, model.touched),
    },
    { signal },
  );
  cursor.set(sweep, 'status', `${status} ${model.touched}`);
}

/** They are of use in MLflow's own UI alone: a server that refuses them gets everything else. */
async function sendViews(
  { client, signal, say }: Session,
  { experimentId }: Place,
  saved: readonly SavedView[],
): Promise<void> {
  for (const { key, name, value } of saved) {
    const tag = `mlflow.sharedViewState.${key}`;
    try {
      await client.experiments.setTag(experimentId, tag, value, { signal });
    } catch (error) {
      const isRefused = error instanceof MlflowError && error.code === 'INVALID_PARAMETER_VALUE';
      if (!isRefused) throw error;
      say(`MLflow refused the view "${name}": ${error.message}`);
    }
  }
}

/** Does it unless the very same was done before. */
async function once<Content>(
  { cursor }: Session,
  name: string,
  content: Content,
  send: (content: Content) => Promise<unknown>,
): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  if (cursor.get(sweep, name) === hash) return;
  await send(content);
  cursor.set(sweep, name, hash);
}

function sweepTags(view: RunView, { environment }: ExecutionRecord): Texts {
  const answers = gainOf(view) ?? [];
  return {
    'mlflow.note.content': runNote(view),
    engine: view.engine,
    ...(environment.version ? { version: environment.version } : {}),
    ...Object.fromEntries(answers.map(({ task, verdict }) => [`verdict.${task}`, verdict])),
  };
}

/** Means over the replicates of the best choice, and the gain; a step is an execution. */
function sweepMetrics(view: RunView, { execution, touched }: RunModel) {
  const [best] = rankedJoint(view);
  const names = [...new Set(best?.finished.flatMap(({ metrics }) => Object.keys(metrics)) ?? [])];
  const means = names.map((name) => [
    `best/${name}`,
    metricSpread(best ?? { finished: [] }, name).mean,
  ]);
  const gains = (gainOf(view) ?? []).flatMap(({ task, gain, interval }) => [
    ...(gain ? [[`gain/${task}`, gain.mean]] : []),
    ...(interval
      ? [
          [`gain/${task}/low`, interval[0]],
          [`gain/${task}/high`, interval[1]],
        ]
      : []),
  ]);
  const count = (status: string) => view.trials.filter((trial) => trial.status === status).length;
  const counts = [
    ['trials/finished', count('finished')],
    ['trials/failed', count('failed')],
    ...(count('pruned') > 0 ? [['trials/pruned', count('pruned')]] : []),
  ];
  return [...means, ...gains, ...counts].map(([key, value]) => ({
    key: String(key),
    value: Number(value),
    timestamp: touched,
    step: execution?.execution ?? 0,
  }));
}

/** An execution that adds trials to a run: it goes on there as well. */
async function reopen({ client, cursor, signal }: Session, runId: string): Promise<void> {
  const before = cursor.get(sweep, 'status');
  if (before === undefined || before === 'running') return;
  await client.runs.update({ runId, status: 'RUNNING' }, { signal });
  cursor.set(sweep, 'status', 'running');
}

/** The page and its pictures, the results, the spec as written and as resolved. */
async function sendFiles(
  session: Session,
  view: RunView,
  { execution }: ExecutionRecord,
): Promise<void> {
  const { client, cursor, folder, signal } = session;
  const uri = String(cursor.get(sweep, 'runUri'));
  const path = runPaths(folder).execution;
  const written = ['spec.yaml', 'resolved.yaml'].filter((name) =>
    existsSync(path(execution, name)),
  );
  const files: Record<string, () => string | Uint8Array> = {
    'results.json': () => JSON.stringify(resultsJson(view, runIds(cursor)), null, 2),
    'report.html': () => renderHtml(view),
    ...Object.fromEntries(
      written.map((name) => [name, () => readFileSync(path(execution, name))] as const),
    ),
  };
  await once(session, 'files', view, async () => {
    for (const [name, content] of Object.entries(files))
      await client.artifacts.upload(uri, name, content(), { signal });
    for (const [name, svg] of sweepPictures(view))
      await client.artifacts.upload(uri, `plots/${name}`, svg, { signal });
  });
}

/** MLflow keeps so much of it. */
const longestDescription = 5000;

/** The best model as a version of the registered model that the spec names. */
async function registerBest(session: Session, view: RunView, status: TrackedStatus): Promise<void> {
  const { client, cursor, target, signal } = session;
  const name = target.registeredModel;
  const best = bestTrial(view);
  if (name === null || best === undefined || status !== 'finished') return;
  const modelId = cursor.get(best, 'model');
  const mark = `${name}/${modelId}`;
  if (typeof modelId !== 'string' || cursor.get(sweep, 'registered') === mark) return;
  const description = view.question?.slice(0, longestDescription);
  await client.registry.getOrCreateModel(name, { description }, { signal });
  const { version } = await versionOf(session, view, best, name);
  await client.registry.setAlias(name, 'champion', version, { signal });
  cursor.set(sweep, 'registered', mark);
}

/** The version that was made of this trial's model, also by a request whose answer was lost. */
async function versionOf(
  { client, cursor, model, runKey, signal }: Session,
  { experiment }: RunView,
  best: number,
  name: string,
): Promise<{ version: string }> {
  const [modelId, runId] = [String(cursor.get(best, 'model')), String(cursor.get(best, 'run'))];
  for await (const found of client.registry.searchVersions(
    { filter: `name = ${filterText(name)}` },
    { signal },
  ))
    if (found.runId === runId) return found;
  const trial = model.trials.get(best);
  return client.registry.createVersion(
    {
      ...{ name, source: `models:/${modelId}`, runId, modelId },
      description: trial && descriptionOf(model, trial),
      tags: { experiment, trial: best, ...(trial && { choice: choiceOf(trial.record) }) },
      uniqueTag: { key: keyTag, value: trialKey(runKey, best) },
    },
    { signal },
  );
}

function descriptionOf(model: RunModel, trial: TrackedTrial): string {
  const { view, trial: shown } = viewOf(model, trial);
  const note = shown && trialNote(view, shown);
  return note && note.length <= longestDescription ? note : choiceOf(trial.record);
}

const runIds = (cursor: Session['cursor']) =>
  new Map([...cursor.entries('run')].map(([number, runId]) => [number, String(runId)]));
