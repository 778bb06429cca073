/** @file Runs: made once, logged to in batches of any size, searched, deleted. */
import { type Api, get, getPages, named, post, postPages } from './api.ts';
import { batchesOf } from './batches.ts';
import { invalid } from './mlflow-error.ts';
import { metricOf, objectOf, runOf } from './read-wire.ts';
import type {
  CallOptions,
  DatasetInput,
  GivenTexts,
  Metric,
  Run,
  RunStatus,
  ViewType,
} from './types.ts';
import { wireInteger } from './values.ts';
import { checkKey, wireDataset, wireMetric, wireTexts } from './write-wire.ts';

export interface NewRun {
  readonly experimentId: string;
  /** Milliseconds; MLflow would take 1970. */
  readonly startTime: number;
  /** Default: MLflow makes one up. */
  readonly runName?: string;
  readonly userId?: string;
  readonly tags?: GivenTexts;
  /**
   * A tag that no other run has. After a lost answer the run is looked for by it before another one
   * is made. What remains possible: a request that the server carries out only after that look; look
   * for doubles with `findByTag` when a call had trouble.
   */
  readonly uniqueTag?: { readonly key: string; readonly value: string };
}

export interface RunLog {
  readonly runId: string;
  readonly metrics?: readonly Metric[];
  /** A parameter keeps its first value: another one is refused by the server. */
  readonly params?: GivenTexts;
  readonly tags?: GivenTexts;
}

export interface RunSearch {
  readonly experimentIds: readonly string[];
  /** Keys with slashes or hyphens need backticks: ``metrics.`validation/loss` < 1``. */
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly viewType?: ViewType;
  /** Of a page, at most 50,000; all pages come anyway. */
  readonly maxResults?: number;
}

const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;

export const runsOf = (api: Api) => ({ ...finding(api), ...creation(api), ...logging(api) });

function finding(api: Api) {
  const search = (
    { experimentIds, filter, orderBy, viewType = 'ACTIVE_ONLY', maxResults = 1000 }: RunSearch,
    options?: CallOptions,
  ): AsyncGenerator<Run> => {
    const what = { experiment_ids: experimentIds, filter, order_by: orderBy };
    const view = { run_view_type: viewType, max_results: maxResults };
    const pages = { path: '/runs/search', list: 'runs', read: runOf };
    return postPages(api, pages, { ...what, ...view }, options);
  };
  return {
    search,
    /** Active runs with exactly this tag, the earliest first. */
    async findByTag(experimentId: string, key: string, value: string, options?: CallOptions) {
      const filter = `tags.\`${key}\` = ${quoted(value)}`;
      const found: Run[] = [];
      const orderBy = ['attributes.start_time ASC'];
      for await (const run of search({ experimentIds: [experimentId], filter, orderBy }, options))
        found.push(run);
      return found;
    },
    async get(runId: string, options?: CallOptions): Promise<Run> {
      return runOf(objectOf(await get(api, '/runs/get', { run_id: runId }, options)).run);
    },
    /** All values of a metric, in MLflow's order. */
    metricHistory(runId: string, key: string, options?: CallOptions): AsyncGenerator<Metric> {
      const pages = { path: '/metrics/get-history', list: 'metrics', read: metricOf };
      const what = { run_id: runId, metric_key: key, max_results: 10_000 };
      return getPages(api, pages, what, options);
    },
  };
}

function creation(api: Api) {
  const { findByTag } = finding(api);
  const change =
    (path: string) =>
    (runId: string, { signal }: CallOptions = {}): Promise<void> =>
      post(api, path, { run_id: runId }, { signal }).then(() => {});
  return {
    delete: change('/runs/delete'),
    restore: change('/runs/restore'),
    async create(run: NewRun, { signal }: CallOptions = {}): Promise<Run> {
      const path = '/runs/create';
      const request = named('POST', path);
      const { experimentId, startTime, runName, userId, tags = {}, uniqueTag } = run;
      const all = uniqueTag ? { ...tags, [uniqueTag.key]: uniqueTag.value } : tags;
      const body = {
        experiment_id: experimentId,
        start_time: wireInteger(startTime, 'the start time', request),
        run_name: runName,
        user_id: userId,
        tags: wireTexts(all, 'tag', request, api.warn),
      };
      let recovered: Run | undefined;
      const recover = async () => {
        if (!uniqueTag) return undefined;
        const { key, value } = uniqueTag;
        [recovered] = await findByTag(experimentId, key, value, { signal });
        return recovered;
      };
      const answer = await post(api, path, body, { signal, recover });
      return recovered ?? runOf(objectOf(answer).run);
    },
    async update(
      change: { runId: string; status?: RunStatus; endTime?: number; runName?: string },
      { signal }: CallOptions = {},
    ): Promise<void> {
      const path = '/runs/update';
      const { runId, status, endTime, runName } = change;
      const end =
        endTime === undefined
          ? undefined
          : wireInteger(endTime, 'the end time', named('POST', path));
      const body = { run_id: runId, status, end_time: end, run_name: runName };
      await post(api, path, body, { signal });
    },
  };
}

function logging(api: Api) {
  const logBatch = batching(api);
  return {
    /** Any number of metrics, parameters and tags, in as few requests as MLflow allows. */
    logBatch,
    logMetric: (runId: string, metric: Metric, options?: CallOptions) =>
      logBatch({ runId, metrics: [metric] }, options),
    logParam: (
      runId: string,
      key: string,
      value: string | number | boolean,
      options?: CallOptions,
    ) => logBatch({ runId, params: { [key]: value } }, options),
    setTag: (runId: string, key: string, value: string | number | boolean, options?: CallOptions) =>
      logBatch({ runId, tags: { [key]: value } }, options),
    async deleteTag(runId: string, key: string, { signal }: CallOptions = {}): Promise<void> {
      const path = '/runs/delete-tag';
      checkKey(key, 'tag', named('POST', path));
      await post(api, path, { run_id: runId, key }, { signal });
    },
    /** The data that the run read; the same ones twice count once. */
    async logInputs(
      { runId, datasets }: { runId: string; datasets: readonly DatasetInput[] },
      { signal }: CallOptions = {},
    ): Promise<void> {
      const path = '/runs/log-inputs';
      const wire = datasets.map((each) => wireDataset(each, named('POST', path), api.warn));
      await post(api, path, { run_id: runId, datasets: wire }, { signal });
    },
    /** The logged models that the run made. */
    async logOutputs(
      given: { runId: string; models: readonly { modelId: string; step?: number }[] },
      { signal }: CallOptions = {},
    ): Promise<void> {
      const path = '/runs/outputs';
      const { runId, models } = given;
      if (models.length === 0) throw invalid(named('POST', path), 'expected at least one model');
      const wire = models.map(({ modelId, step = 0 }) => ({ model_id: modelId, step }));
      await post(api, path, { run_id: runId, models: wire }, { signal });
    },
  };
}

function batching(api: Api) {
  return async (log: RunLog, { signal }: CallOptions = {}): Promise<void> => {
    const path = '/runs/log-batch';
    const request = named('POST', path);
    const { runId, metrics = [], params = {}, tags = {} } = log;
    const batches = batchesOf({
      params: wireTexts(params, 'param', request, api.warn),
      metrics: metrics.map((metric) => wireMetric(metric, request)),
      tags: wireTexts(tags, 'tag', request, api.warn),
    });
    // One after the other: a refused parameter in the first one stops the rest.
    for (const batch of batches) {
      const isEmpty = batch.params.length + batch.metrics.length + batch.tags.length === 0;
      if (!isEmpty) await post(api, path, { run_id: runId, ...batch }, { signal });
    }
  };
}
