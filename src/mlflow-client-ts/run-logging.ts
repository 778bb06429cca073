/** @file What is logged to a run: metrics, parameters, tags, the data it read, the models it made. */
import { type Api, named, post } from './api.ts';
import { batchesOf } from './batches.ts';
import { isGone } from './mlflow-error.ts';
import { runOutputsOf } from './run-outputs.ts';
import type { CallOptions, DatasetInput, GivenMetric, GivenText, GivenTexts } from './types.ts';
import { wireId } from './values.ts';
import { checkKey, textKinds, wireDataset, wireMetric, wireTexts } from './write-wire.ts';

export interface RunLog {
  readonly runId: string;
  readonly metrics?: readonly GivenMetric[];
  /** A parameter keeps its first value: another one is refused by the server. */
  readonly params?: GivenTexts;
  /** A tag takes its last value. */
  readonly tags?: GivenTexts;
}

export interface RunOutputs {
  readonly runId: string;
  readonly models: readonly { readonly modelId: string; readonly step?: number }[];
}

export interface RunLoggingApi {
  /**
   * Any number of metrics, parameters and tags, in as few requests as MLflow allows, one after the
   * other. Everything is checked before the first one. Where one fails, what came before it is
   * there; the same call again, with the same timestamps, doubles nothing.
   */
  logBatch(log: RunLog, options?: CallOptions): Promise<void>;
  logMetric(runId: string, metric: GivenMetric, options?: CallOptions): Promise<void>;
  logParam(runId: string, key: string, value: GivenText, options?: CallOptions): Promise<void>;
  setTag(runId: string, key: string, value: GivenText, options?: CallOptions): Promise<void>;
  deleteTag(runId: string, key: string, options?: CallOptions): Promise<void>;
  /** The data that the run read; the same ones twice count once. */
  logInputs(
    inputs: { readonly runId: string; readonly datasets: readonly DatasetInput[] },
    options?: CallOptions,
  ): Promise<void>;
  /** The logged models that the run made; one that it has already is left as it is. */
  logOutputs(outputs: RunOutputs, options?: CallOptions): Promise<void>;
}

export function runLoggingOf(api: Api): RunLoggingApi {
  const logBatch = batching(api);
  return {
    logBatch,
    logMetric: (runId, metric, options) => logBatch({ runId, metrics: [metric] }, options),
    logParam: (runId, key, value, options) =>
      logBatch({ runId, params: [{ key, value }] }, options),
    setTag: (runId, key, value, options) => logBatch({ runId, tags: [{ key, value }] }, options),
    async deleteTag(runId, key, { signal } = {}) {
      const path = '/runs/delete-tag';
      const request = named('POST', path);
      checkKey(key, 'tag', request);
      const body = { run_id: wireId(runId, 'the run', request), key };
      await post(api, path, body, { signal, isDone: isGone });
    },
    async logInputs({ runId, datasets }, { signal } = {}) {
      const path = '/runs/log-inputs';
      const request = named('POST', path);
      const wire = datasets.map((each) => wireDataset(each, request, api.warn));
      const body = { run_id: wireId(runId, 'the run', request), datasets: wire };
      if (wire.length > 0) await post(api, path, body, { signal });
    },
    logOutputs: runOutputsOf(api),
  };
}

function batching(api: Api): RunLoggingApi['logBatch'] {
  return async ({ runId, metrics = [], params = {}, tags = {} }, { signal } = {}) => {
    const path = '/runs/log-batch';
    const request = named('POST', path);
    const id = wireId(runId, 'the run', request);
    const now = Date.now();
    const batches = batchesOf({
      params: wireTexts(params, textKinds.param, request, api.warn),
      metrics: metrics.map((metric) => wireMetric(metric, now, request)),
      tags: wireTexts(tags, textKinds.tag, request, api.warn),
    });
    // One after the other: a refused parameter in the first one stops the rest.
    for (const batch of batches) await post(api, path, { run_id: id, ...batch }, { signal });
  };
}
