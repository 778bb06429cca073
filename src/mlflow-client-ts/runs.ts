/** @file Runs: made once, found, searched; with what changes them and what is logged to them. */
import { type Api, get, getPages, named, post, postPages } from './api.ts';
import { type Json, listOf, metricOf, needed, runMetricOf, runOf } from './read-wire.ts';
import { nameOf, type RunChangesApi, runChangesOf } from './run-changes.ts';
import { type RunLoggingApi, runLoggingOf } from './run-logging.ts';
import type { InnerOptions } from './transport.ts';
import {
  type CallOptions,
  type GivenTexts,
  type Metric,
  type Run,
  type RunMetric,
  type UniqueTag,
  type ViewType,
  viewTypes,
} from './types.ts';
import { uniqueFilter, uniqueTagOf, withTag } from './unique-tag.ts';
import { optionalText, wireChoice, wireId, wireInteger, wireTime } from './values.ts';
import { checkKey, textKinds, wireTexts } from './write-wire.ts';

export interface NewRun {
  readonly experimentId: string;
  /** Milliseconds since 1970. Default: now. */
  readonly startTime?: number;
  /** Default: MLflow makes one up. */
  readonly runName?: string;
  readonly userId?: string;
  readonly tags?: GivenTexts;
  /**
   * A tag that no other run has, set with the rest. After a lost answer the run is looked for by it
   * before another one is made. Default: one of this client's own, `mlflow-client-ts.key`.
   * What remains possible: a server that carries out the lost request only after that look, or a
   * process that ends between request and answer. With a tag of your own, `findByTag` shows both.
   */
  readonly uniqueTag?: UniqueTag;
}

export interface RunSearch {
  readonly experimentIds: readonly string[];
  /** ``metrics.`validation/loss` < 1 AND tags.model = 'a'``; see `filterKey` and `filterText`. */
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly viewType?: ViewType;
  /** Of a page, at most 50,000; all pages come anyway. */
  readonly maxResults?: number;
}

interface FindingApi {
  get(runId: string, options?: CallOptions): Promise<Run>;
  /** All that match, page by page. */
  search(search: RunSearch, options?: CallOptions): AsyncGenerator<Run, void, undefined>;
  /** Active runs with exactly this tag, the earliest first. */
  findByTag(
    experimentId: string,
    key: string,
    value: string,
    options?: CallOptions,
  ): Promise<readonly Run[]>;
  /** All values of a metric, page by page. */
  metricHistory(
    runId: string,
    key: string,
    options?: CallOptions,
  ): AsyncGenerator<Metric, void, undefined>;
  /** Of one metric of at most 100 runs so many values each, evenly spread over the steps. */
  sampledHistory(
    search: { readonly runIds: readonly string[]; readonly key: string; readonly count?: number },
    options?: CallOptions,
  ): Promise<readonly RunMetric[]>;
}

export interface RunsApi extends FindingApi, RunChangesApi, RunLoggingApi {
  create(run: NewRun, options?: CallOptions): Promise<Run>;
}

export const runsOf = (api: Api): RunsApi => ({
  ...finding(api),
  create: creation(api),
  ...runChangesOf(api),
  ...runLoggingOf(api),
});

const runSearch = { path: '/runs/search', list: 'runs' } as const;

function finding(api: Api): FindingApi {
  return {
    async get(runId, options) {
      const path = '/runs/get';
      const request = named('GET', path);
      const answer = await get(api, path, { run_id: wireId(runId, 'the run', request) }, options);
      return runOf(needed(answer, 'run', request));
    },
    search(
      { experimentIds, filter, orderBy, viewType = 'ACTIVE_ONLY', maxResults = 1000 },
      options,
    ) {
      const request = named('POST', runSearch.path);
      const body = {
        experiment_ids: experimentIds.map(String),
        filter: optionalText(filter, 'the filter', request),
        order_by: orderBy?.map(String),
        run_view_type: wireChoice(viewType, viewTypes, 'the view', request),
        max_results: wireInteger(maxResults, 'maxResults', request),
      };
      return postPages(api, { ...runSearch, read: runOf }, body, options);
    },
    async findByTag(experimentId, key, value, options) {
      const found: Run[] = [];
      for await (const run of withThisTag(api, experimentId, { key, value }, options))
        found.push(runOf(run));
      return found;
    },
    metricHistory(runId, key, options) {
      const pages = { path: '/metrics/get-history', list: 'metrics', read: metricOf };
      const id = wireId(runId, 'the run', named('GET', pages.path));
      const what = { run_id: id, metric_key: key, max_results: 10_000 };
      return getPages(api, pages, what, options);
    },
    async sampledHistory({ runIds, key, count = 1000 }, options) {
      const path = '/metrics/get-history-bulk-interval';
      const what = { run_ids: runIds, metric_key: key, max_results: count };
      const answer = await get(api, path, what, options);
      return listOf(answer.metrics).map(runMetricOf);
    },
  };
}

/** As MLflow gives them. */
function withThisTag(
  api: Api,
  experimentId: string,
  { key, value }: UniqueTag,
  options?: InnerOptions,
): AsyncGenerator<Json, void, undefined> {
  const request = named('POST', runSearch.path);
  checkKey(key, 'tag', request);
  const body = {
    experiment_ids: [wireId(experimentId, 'the experiment', request)],
    filter: uniqueFilter({ key, value }),
    order_by: ['attributes.start_time ASC'],
  };
  return postPages(api, { ...runSearch, read: (wire) => wire }, body, options);
}

function creation(api: Api): RunsApi['create'] {
  return async ({ experimentId, startTime = Date.now(), ...given }, { signal } = {}) => {
    const path = '/runs/create';
    const request = named('POST', path);
    const { runName, userId, tags = {} } = given;
    const uniqueTag = uniqueTagOf(given.uniqueTag, request);
    const body = {
      experiment_id: wireId(experimentId, 'the experiment', request),
      start_time: wireTime(startTime, 'the start time', request),
      run_name: runName === undefined ? undefined : nameOf(api, runName, request),
      user_id: optionalText(userId, 'the user', request),
      tags: wireTexts(withTag(tags, uniqueTag), textKinds.tag, request, api.warn),
    };
    const recover = async (options: InnerOptions) => {
      for await (const run of withThisTag(api, experimentId, uniqueTag, options)) return { run };
      return undefined;
    };
    return runOf(needed(await post(api, path, body, { signal, recover }), 'run', request));
  };
}
