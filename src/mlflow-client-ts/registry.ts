/** @file The model registry: registered models, with their tags and aliases; see also the versions. */
import { type Api, get, getPages, named, post, send } from './api.ts';
import { hasCode, invalid, isGone } from './mlflow-error.ts';
import { needed, registeredModelOf } from './read-wire.ts';
import { type VersionsApi, versionsOf } from './registry-versions.ts';
import type { Method } from './transport.ts';
import type { CallOptions, GivenText, GivenTexts, RegisteredModel } from './types.ts';
import { optionalText, wireId } from './values.ts';
import { checkKey, textKinds, wireTexts } from './write-wire.ts';

export interface NewRegisteredModel {
  readonly description?: string;
  readonly tags?: GivenTexts;
}

export interface RegistrySearch {
  /** `name LIKE 'hospital%'`; for versions also `run_id = '…'` and ``tags.`key` = '…'``. */
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  /** Of a page; all pages come anyway. */
  readonly maxResults?: number;
}

interface RegisteredModelsApi {
  createModel(
    name: string,
    given?: NewRegisteredModel,
    options?: CallOptions,
  ): Promise<RegisteredModel>;
  getModel(name: string, options?: CallOptions): Promise<RegisteredModel>;
  /** The one of this name, made if there is none. */
  getOrCreateModel(
    name: string,
    given?: NewRegisteredModel,
    options?: CallOptions,
  ): Promise<RegisteredModel>;
  /** Its description. */
  updateModel(name: string, description: string, options?: CallOptions): Promise<void>;
  renameModel(name: string, newName: string, options?: CallOptions): Promise<void>;
  /** With all its versions. */
  deleteModel(name: string, options?: CallOptions): Promise<void>;
  searchModels(
    search?: RegistrySearch,
    options?: CallOptions,
  ): AsyncGenerator<RegisteredModel, void, undefined>;
  setModelTag(name: string, key: string, value: GivenText, options?: CallOptions): Promise<void>;
  deleteModelTag(name: string, key: string, options?: CallOptions): Promise<void>;
}

export interface RegistryApi extends RegisteredModelsApi, VersionsApi {}

export const registryOf = (api: Api): RegistryApi => ({
  ...creation(api),
  ...changing(api),
  ...versionsOf(api),
});

const at = (path: string) => `/registered-models${path}`;

function creation(
  api: Api,
): Pick<RegisteredModelsApi, 'createModel' | 'getModel' | 'getOrCreateModel'> {
  const getModel: RegistryApi['getModel'] = async (name, options) => {
    const request = named('GET', at('/get'));
    const answer = await get(api, at('/get'), { name: nameOf(name, request) }, options);
    return registeredModelOf(needed(answer, 'registered_model', request));
  };
  const createModel: RegistryApi['createModel'] = async (
    name,
    { description, tags = {} } = {},
    { signal } = {},
  ) => {
    const path = at('/create');
    const request = named('POST', path);
    const wire = wireTexts(tags, textKinds.registryTag, request, api.warn);
    const about = optionalText(description, 'the description', request);
    const body = { name: nameOf(name, request), description: about, tags: wire };
    // A name is taken once: what a lost answer made is found by it.
    const recover = async (inner: CallOptions) =>
      get(api, at('/get'), { name }, inner).catch((error: unknown) => {
        if (hasCode(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined;
        throw error;
      });
    const answer = await post(api, path, body, { signal, recover });
    return registeredModelOf(needed(answer, 'registered_model', request));
  };
  return {
    getModel,
    createModel,
    async getOrCreateModel(name, given, options) {
      try {
        return await createModel(name, given, options);
      } catch (error) {
        if (!hasCode(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
        return getModel(name, options);
      }
    },
  };
}

function changing(
  api: Api,
): Omit<RegisteredModelsApi, 'createModel' | 'getModel' | 'getOrCreateModel'> {
  const change = async (
    [method, path]: readonly [Method, string],
    name: string,
    body: object,
    { signal }: CallOptions = {},
    how: Parameters<typeof send>[4] = {},
  ): Promise<void> => {
    const json = { name: nameOf(name, named(method, at(path))), ...body };
    await send(api, method, at(path), json, { ...how, signal });
  };
  return {
    updateModel: (name, description, options) =>
      change(['PATCH', '/update'], name, { description: String(description) }, options),
    async renameModel(name, newName, options) {
      const body = { new_name: nameOf(newName, named('POST', at('/rename'))) };
      // After a lost answer the old name may be gone.
      await change(['POST', '/rename'], name, body, options, { isDone: isGone });
    },
    deleteModel: (name, options) =>
      change(['DELETE', '/delete'], name, {}, options, { isDone: isGone }),
    async setModelTag(name, key, value, options) {
      const request = named('POST', at('/set-tag'));
      const [tag] = wireTexts([{ key, value }], textKinds.registryTag, request, api.warn);
      await change(['POST', '/set-tag'], name, { ...tag }, options);
    },
    async deleteModelTag(name, key, options) {
      checkKey(key, 'tag', named('DELETE', at('/delete-tag')));
      await change(['DELETE', '/delete-tag'], name, { key }, options);
    },
    searchModels({ filter, orderBy, maxResults = 100 } = {}, options) {
      const pages = { path: at('/search'), list: 'registered_models', read: registeredModelOf };
      return getPages(api, pages, { filter, order_by: orderBy, max_results: maxResults }, options);
    },
  };
}

/** As MLflow takes it. */
function nameOf(name: string, request: string): string {
  const text = wireId(name, 'the name', request);
  if (!/[/:]/.test(text)) return text;
  throw invalid(request, `the name "${text}" must not hold / or :`);
}
