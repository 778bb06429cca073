/** @file Logged models: MLflow 3's models of a run, before and besides the registry. */
import { type Api, get, named, post, postPages, send } from './api.ts';
import { allFiles } from './artifacts.ts';
import { isGone } from './mlflow-error.ts';
import { logModelParams } from './model-params.ts';
import { modelPath } from './model-path.ts';
import { type Json, modelOf, needed } from './read-wire.ts';
import type { InnerOptions } from './transport.ts';
import {
  type Artifact,
  type CallOptions,
  type GivenTexts,
  type LoggedModel,
  type ModelStatus,
  modelStatuses,
  type UniqueTag,
} from './types.ts';
import { uniqueFilter, uniqueTagOf, withTag } from './unique-tag.ts';
import { optionalText, wireChoice, wireId, wireInteger } from './values.ts';
import { textKinds, wireTexts } from './write-wire.ts';

export interface NewModel {
  readonly experimentId: string;
  /** Without `/ : . % " '`. Default: MLflow makes one up. */
  readonly name?: string;
  readonly modelType?: string;
  readonly sourceRunId?: string;
  readonly params?: GivenTexts;
  readonly tags?: GivenTexts;
  /** A tag that no other model has, as for runs: after a lost answer the model is looked for by it. */
  readonly uniqueTag?: UniqueTag;
}

export interface ModelSearch {
  readonly experimentIds: readonly string[];
  /** `source_run_id = '…'`, `name = '…'`, ``tags.`key` = '…'``, ``params.`lr` = '0.1'`` */
  readonly filter?: string;
  readonly orderBy?: readonly { readonly fieldName: string; readonly ascending?: boolean }[];
  /** Of a page; all pages come anyway. */
  readonly maxResults?: number;
}

interface FindingApi {
  get(modelId: string, options?: CallOptions): Promise<LoggedModel>;
  /** All that match, page by page. */
  search(search: ModelSearch, options?: CallOptions): AsyncGenerator<LoggedModel, void, undefined>;
  /** One folder of a model's files; empty where there is none. */
  listArtifacts(
    modelId: string,
    path?: string,
    options?: CallOptions,
  ): Promise<readonly Artifact[]>;
}

export interface ModelsApi extends FindingApi {
  create(model: NewModel, options?: CallOptions): Promise<LoggedModel>;
  /** Its files are complete, or will never be. */
  finalize(modelId: string, status: ModelStatus, options?: CallOptions): Promise<void>;
  setTags(modelId: string, tags: GivenTexts, options?: CallOptions): Promise<void>;
  /** MLflow cannot delete one whose key has a slash. */
  deleteTag(modelId: string, key: string, options?: CallOptions): Promise<void>;
  /** Those that it has already are left as they are; another value for one is refused. */
  logParams(modelId: string, params: GivenTexts, options?: CallOptions): Promise<void>;
  delete(modelId: string, options?: CallOptions): Promise<void>;
}

export const modelsOf = (api: Api): ModelsApi => ({
  ...finding(api),
  create: creation(api),
  ...changing(api),
});

const search = { path: '/logged-models/search', list: 'models' } as const;

function finding(api: Api): FindingApi {
  return {
    async get(modelId, options) {
      const path = modelPath(modelId, 'GET');
      return modelOf(needed(await get(api, path, {}, options), 'model', named('GET', path)));
    },
    search({ experimentIds, filter, orderBy, maxResults = 50 }, options) {
      const order = orderBy?.map(({ fieldName, ascending = true }) => ({
        field_name: String(fieldName),
        ascending: ascending === true,
      }));
      const request = named('POST', search.path);
      const body = {
        experiment_ids: experimentIds.map(String),
        filter: optionalText(filter, 'the filter', request),
        order_by: order,
        max_results: wireInteger(maxResults, 'maxResults', request),
      };
      return postPages(api, { ...search, read: modelOf }, body, options);
    },
    async listArtifacts(modelId, path, options) {
      const folder = modelPath(modelId, 'GET', '/artifacts/directories');
      return allFiles((token) =>
        get(api, folder, { artifact_directory_path: path, page_token: token }, options),
      );
    },
  };
}

function creation(api: Api): ModelsApi['create'] {
  return async ({ experimentId, name, modelType, sourceRunId, ...given }, { signal } = {}) => {
    const path = '/logged-models';
    const request = named('POST', path);
    const { params = {}, tags = {} } = given;
    const uniqueTag = uniqueTagOf(given.uniqueTag, request);
    const id = wireId(experimentId, 'the experiment', request);
    const body = {
      experiment_id: id,
      name: optionalText(name, 'the name', request),
      model_type: optionalText(modelType, 'the type', request),
      source_run_id: optionalText(sourceRunId, 'the run', request),
      params: wireTexts(params, textKinds.modelParam, request, api.warn),
      tags: wireTexts(withTag(tags, uniqueTag), textKinds.modelTag, request, api.warn),
    };
    const recover = async (options: InnerOptions) => {
      const read = (wire: Json) => wire;
      const what = { experiment_ids: [id], filter: uniqueFilter(uniqueTag) };
      for await (const model of postPages(api, { ...search, read }, what, options))
        return { model };
      return undefined;
    };
    return modelOf(needed(await post(api, path, body, { signal, recover }), 'model', request));
  };
}

function changing(api: Api): Omit<ModelsApi, keyof FindingApi | 'create'> {
  return {
    async finalize(modelId, status, { signal } = {}) {
      const path = modelPath(modelId, 'PATCH');
      wireChoice(status, modelStatuses, 'the status', named('PATCH', path));
      // MLflow wants the number in the body as well.
      await send(api, 'PATCH', path, { model_id: modelId, status }, { signal });
    },
    async setTags(modelId, tags, { signal } = {}) {
      const path = modelPath(modelId, 'PATCH', '/tags');
      const wire = wireTexts(tags, textKinds.modelTag, named('PATCH', path), api.warn);
      const body = { model_id: modelId, tags: wire };
      if (wire.length > 0) await send(api, 'PATCH', path, body, { signal });
    },
    async deleteTag(modelId, key, { signal } = {}) {
      const path = modelPath(modelId, 'DELETE', `/tags/${encodeURIComponent(key)}`);
      await send(api, 'DELETE', path, undefined, { signal, isDone: isGone });
    },
    logParams: (modelId, params, options) => logModelParams(api, modelId, params, options),
    async delete(modelId, { signal } = {}) {
      await send(api, 'DELETE', modelPath(modelId, 'DELETE'), undefined, { signal });
    },
  };
}
