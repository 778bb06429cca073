/** @file The model registry: registered models, their versions, tags and aliases. */
import { type Api, get, getPages, named, post, root } from './api.ts';
import { invalid, MlflowError } from './mlflow-error.ts';
import { objectOf, registeredModelOf, versionOf } from './read-wire.ts';
import type { Method } from './transport.ts';
import type { CallOptions, GivenTexts, ModelVersion, RegisteredModel } from './types.ts';
import { wireTexts } from './write-wire.ts';

export interface NewVersion {
  readonly name: string;
  /** `models:/m-…`, `runs:/<id>/path` or `mlflow-artifacts:/…`; the server refuses local paths. */
  readonly source: string;
  readonly runId?: string;
  readonly modelId?: string;
  readonly description?: string;
  readonly tags?: GivenTexts;
}

interface NewRegisteredModel {
  readonly description?: string;
  readonly tags?: GivenTexts;
}
interface Search {
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly maxResults?: number;
}

const models = '/registered-models';
const versions = '/model-versions';

export const registryOf = (api: Api) => ({
  ...modelCreation(api),
  ...modelCalls(api),
  ...versionCalls(api),
  ...aliasCalls(api),
});

function modelCreation(api: Api) {
  const getModel = async (name: string, options?: CallOptions): Promise<RegisteredModel> => {
    const answer = await get(api, `${models}/get`, { name }, options);
    return registeredModelOf(objectOf(answer).registered_model);
  };
  const createModel = async (
    name: string,
    { description, tags = {} }: NewRegisteredModel = {},
    { signal }: CallOptions = {},
  ): Promise<RegisteredModel> => {
    const path = `${models}/create`;
    const request = named('POST', path);
    if (name === '' || /[/:]/.test(name))
      throw invalid(request, `"${name}" is no name: it must not be empty nor hold / or :`);
    const wire = wireTexts(tags, 'modelTag', request, api.warn);
    const answer = await post(api, path, { name, description, tags: wire }, { signal });
    return registeredModelOf(objectOf(answer).registered_model);
  };
  return {
    getModel,
    createModel,
    /** The one of this name, made if there is none. */
    async getOrCreateModel(
      name: string,
      given?: NewRegisteredModel,
      options?: CallOptions,
    ): Promise<RegisteredModel> {
      try {
        return await createModel(name, given, options);
      } catch (error) {
        const isThere = error instanceof MlflowError && error.code === 'RESOURCE_ALREADY_EXISTS';
        if (!isThere) throw error;
        return getModel(name, options);
      }
    },
  };
}

function modelCalls(api: Api) {
  const { transport } = api;
  const send = async (method: Method, path: string, json: unknown, options: CallOptions = {}) => {
    await transport.json({ method, path: `${root}${models}${path}`, json, signal: options.signal });
  };
  return {
    updateModel: (name: string, description: string, options?: CallOptions) =>
      send('PATCH', '/update', { name, description }, options),
    deleteModel: (name: string, options?: CallOptions) =>
      send('DELETE', '/delete', { name }, options),
    setModelTag: (name: string, key: string, value: string, options?: CallOptions) =>
      send('POST', '/set-tag', { name, key, value }, options),
    deleteModelTag: (name: string, key: string, options?: CallOptions) =>
      send('DELETE', '/delete-tag', { name, key }, options),
    searchModels(
      { filter, orderBy, maxResults = 100 }: Search = {},
      options?: CallOptions,
    ): AsyncGenerator<RegisteredModel> {
      const pages = {
        path: `${models}/search`,
        list: 'registered_models',
        read: registeredModelOf,
      };
      return getPages(api, pages, { filter, order_by: orderBy, max_results: maxResults }, options);
    },
  };
}

function versionCalls(api: Api) {
  const { transport } = api;
  const read = (answer: unknown): ModelVersion => versionOf(objectOf(answer).model_version);
  return {
    async createVersion(given: NewVersion, { signal }: CallOptions = {}): Promise<ModelVersion> {
      const path = `${versions}/create`;
      const { name, source, runId, modelId, description, tags = {} } = given;
      const wire = wireTexts(tags, 'modelTag', `POST ${root}${path}`, api.warn);
      const body = { name, source, run_id: runId, model_id: modelId, description, tags: wire };
      return read(await post(api, path, body, { signal }));
    },
    async getVersion(name: string, version: string, options?: CallOptions): Promise<ModelVersion> {
      return read(await get(api, `${versions}/get`, { name, version }, options));
    },
    /** `name = 'hospital'`, `run_id = '…'` */
    searchVersions(
      { filter, orderBy, maxResults = 1000 }: Search = {},
      options?: CallOptions,
    ): AsyncGenerator<ModelVersion> {
      const pages = { path: `${versions}/search`, list: 'model_versions', read: versionOf };
      const what = { filter, order_by: orderBy, max_results: maxResults };
      return getPages(api, pages, what, options);
    },
    async setVersionTag(
      { name, version }: { name: string; version: string },
      key: string,
      value: string,
      { signal }: CallOptions = {},
    ) {
      await post(api, `${versions}/set-tag`, { name, version, key, value }, { signal });
    },
    async deleteVersion(name: string, version: string, { signal }: CallOptions = {}) {
      const path = `${root}${versions}/delete`;
      await transport.json({ method: 'DELETE', path, json: { name, version }, signal });
    },
  };
}

function aliasCalls(api: Api) {
  const { transport } = api;
  return {
    async setAlias(name: string, alias: string, version: string, { signal }: CallOptions = {}) {
      const path = `${models}/alias`;
      if (!/^[\w-]+$/.test(alias) || alias === 'latest' || /^v\d+$/.test(alias))
        throw invalid(
          `POST ${root}${path}`,
          `"${alias}" is no alias: letters, digits, - and _, but not "latest" nor "v1"`,
        );
      await post(api, path, { name, alias, version }, { signal });
    },
    async deleteAlias(name: string, alias: string, { signal }: CallOptions = {}) {
      const path = `${root}${models}/alias`;
      await transport.json({ method: 'DELETE', path, json: { name, alias }, signal });
    },
    async getVersionByAlias(
      name: string,
      alias: string,
      options?: CallOptions,
    ): Promise<ModelVersion> {
      const answer = await get(api, `${models}/alias`, { name, alias }, options);
      return versionOf(objectOf(answer).model_version);
    },
  };
}
