/** @file Logged models: MLflow 3's models of a run, before and besides the registry. */
import { type Api, get, named, post, postPages, root } from './api.ts';
import { modelOf, objectOf } from './read-wire.ts';
import type { Method } from './transport.ts';
import type { CallOptions, GivenTexts, LoggedModel, ModelStatus } from './types.ts';
import { wireTexts } from './write-wire.ts';

export interface NewModel {
  readonly experimentId: string;
  /** Without `/ : . % " '`. */
  readonly name: string;
  readonly modelType?: string;
  readonly sourceRunId?: string;
  readonly params?: GivenTexts;
  readonly tags?: GivenTexts;
  /** A tag that no other model has: after a lost answer the model is looked for by it. */
  readonly uniqueTag?: { readonly key: string; readonly value: string };
}

export interface ModelSearch {
  readonly experimentIds: readonly string[];
  /** `source_run_id = '…'`, `name = '…'`, ``tags.`key` = '…'``, ``params.`lr` = '0.1'`` */
  readonly filter?: string;
  readonly orderBy?: readonly { readonly fieldName: string; readonly ascending?: boolean }[];
  readonly maxResults?: number;
}

export const modelsOf = (api: Api) => ({ ...finding(api), ...creation(api), ...changing(api) });

const pathOf = (modelId: string, rest = '') =>
  `/logged-models/${encodeURIComponent(modelId)}${rest}`;

function finding(api: Api) {
  return {
    search(
      { experimentIds, filter, orderBy, maxResults = 50 }: ModelSearch,
      options?: CallOptions,
    ): AsyncGenerator<LoggedModel> {
      const pages = { path: '/logged-models/search', list: 'models', read: modelOf };
      const order = orderBy?.map(({ fieldName, ascending = true }) => ({
        field_name: fieldName,
        ascending,
      }));
      const what = { experiment_ids: experimentIds, filter, order_by: order };
      return postPages(api, pages, { ...what, max_results: maxResults }, options);
    },
    async get(modelId: string, options?: CallOptions): Promise<LoggedModel> {
      return modelOf(objectOf(await get(api, pathOf(modelId), {}, options)).model);
    },
  };
}

function creation(api: Api) {
  const { search } = finding(api);
  return {
    async create(model: NewModel, { signal }: CallOptions = {}): Promise<LoggedModel> {
      const path = '/logged-models';
      const request = named('POST', path);
      const { experimentId, name, modelType, sourceRunId } = model;
      const { params = {}, tags = {}, uniqueTag } = model;
      const all = uniqueTag ? { ...tags, [uniqueTag.key]: uniqueTag.value } : tags;
      const body = {
        experiment_id: experimentId,
        name,
        model_type: modelType,
        source_run_id: sourceRunId,
        params: wireTexts(params, 'param', request, api.warn),
        tags: wireTexts(all, 'modelTag', request, api.warn),
      };
      let recovered: LoggedModel | undefined;
      const recover = async () => {
        if (!uniqueTag) return undefined;
        const filter = `tags.\`${uniqueTag.key}\` = '${uniqueTag.value.replaceAll("'", "\\'")}'`;
        for await (const found of search({ experimentIds: [experimentId], filter }, { signal }))
          recovered ??= found;
        return recovered;
      };
      const answer = await post(api, path, body, { signal, recover });
      return recovered ?? modelOf(objectOf(answer).model);
    },
  };
}

function changing(api: Api) {
  const { transport } = api;
  const send = async (method: Method, path: string, json: unknown, options: CallOptions = {}) => {
    await transport.json({ method, path: root + path, json, signal: options.signal });
  };
  return {
    /** Its files are complete, or will never be. */
    finalize: (modelId: string, status: ModelStatus, options?: CallOptions) =>
      // MLflow wants the number in the body as well.
      send('PATCH', pathOf(modelId), { model_id: modelId, status }, options),
    setTags(modelId: string, tags: GivenTexts, options?: CallOptions) {
      const path = pathOf(modelId, '/tags');
      const wire = wireTexts(tags, 'modelTag', named('PATCH', path), api.warn);
      return send('PATCH', path, { model_id: modelId, tags: wire }, options);
    },
    deleteTag: (modelId: string, key: string, options?: CallOptions) =>
      send('DELETE', pathOf(modelId, `/tags/${encodeURIComponent(key)}`), undefined, options),
    logParams(modelId: string, params: GivenTexts, options?: CallOptions) {
      const path = pathOf(modelId, '/params');
      const wire = wireTexts(params, 'param', named('POST', path), api.warn);
      return send('POST', path, { model_id: modelId, params: wire }, options);
    },
    delete: (modelId: string, options?: CallOptions) =>
      send('DELETE', pathOf(modelId), undefined, options),
  };
}
