/** @file Versions of registered models, and the aliases that name them. */
import { type Api, get, getPages, named, post, send } from './api.ts';
import { filterText } from './filters.ts';
import { hasCode, invalid, isGone } from './mlflow-error.ts';
import { type Json, needed, textOf, versionOf } from './read-wire.ts';
import type { RegistrySearch } from './registry.ts';
import type { InnerOptions, Method } from './transport.ts';
import type { CallOptions, GivenText, GivenTexts, ModelVersion, UniqueTag } from './types.ts';
import { uniqueFilter, uniqueTagOf, withTag } from './unique-tag.ts';
import { optionalText, wireId } from './values.ts';
import { checkKey, textKinds, wireTexts } from './write-wire.ts';

export interface NewVersion {
  readonly name: string;
  /** `models:/m-…`, `runs:/<id>/path` or `mlflow-artifacts:/…`; the server refuses local paths. */
  readonly source: string;
  readonly runId?: string;
  /** Default: the one that the source names. */
  readonly modelId?: string;
  readonly description?: string;
  readonly tags?: GivenTexts;
  /** A tag that no other version has, as for runs: after a lost answer the version is found by it. */
  readonly uniqueTag?: UniqueTag;
}

/** A version of a registered model. */
export interface VersionName {
  readonly name: string;
  readonly version: string;
}

export interface VersionsApi extends VersionChangesApi, AliasesApi {
  createVersion(version: NewVersion, options?: CallOptions): Promise<ModelVersion>;
  getVersion(name: string, version: string, options?: CallOptions): Promise<ModelVersion>;
  searchVersions(
    search?: RegistrySearch,
    options?: CallOptions,
  ): AsyncGenerator<ModelVersion, void, undefined>;
  /** Where its files lie: an artifact URI. */
  getVersionUri(name: string, version: string, options?: CallOptions): Promise<string>;
}

interface VersionChangesApi {
  /** Its description. */
  updateVersion(of: VersionName, description: string, options?: CallOptions): Promise<void>;
  setVersionTag(
    of: VersionName,
    key: string,
    value: GivenText,
    options?: CallOptions,
  ): Promise<void>;
  deleteVersionTag(of: VersionName, key: string, options?: CallOptions): Promise<void>;
  deleteVersion(name: string, version: string, options?: CallOptions): Promise<void>;
}

interface AliasesApi {
  /** Letters, digits, `-` and `_`, but not `latest` nor `v1`. An alias names one version. */
  setAlias(name: string, alias: string, version: string, options?: CallOptions): Promise<void>;
  deleteAlias(name: string, alias: string, options?: CallOptions): Promise<void>;
  /** null where no version has this alias. */
  getVersionByAlias(
    name: string,
    alias: string,
    options?: CallOptions,
  ): Promise<ModelVersion | null>;
}

const at = (path: string) => `/model-versions${path}`;
const pages = { path: at('/search'), list: 'model_versions' } as const;

export const versionsOf = (api: Api): VersionsApi => ({
  createVersion: creation(api),
  async getVersion(name, version, options) {
    const request = named('GET', at('/get'));
    const answer = await get(api, at('/get'), versionName({ name, version }, request), options);
    return versionOf(needed(answer, 'model_version', request));
  },
  searchVersions({ filter, orderBy, maxResults = 1000 } = {}, options) {
    const what = { filter, order_by: orderBy, max_results: maxResults };
    return getPages(api, { ...pages, read: versionOf }, what, options);
  },
  async getVersionUri(name, version, options) {
    const path = at('/get-download-uri');
    const request = named('GET', path);
    const answer = await get(api, path, versionName({ name, version }, request), options);
    return textOf(needed(answer, 'artifact_uri', request));
  },
  ...changing(api),
  ...aliases(api),
});

function creation(api: Api): VersionsApi['createVersion'] {
  return async ({ name, source, runId, modelId, description, ...given }, { signal } = {}) => {
    const path = at('/create');
    const request = named('POST', path);
    const uniqueTag = uniqueTagOf(given.uniqueTag, request);
    const tags = withTag(given.tags ?? {}, uniqueTag);
    const body = {
      name: wireId(name, 'the name', request),
      source: wireId(source, 'the source', request),
      run_id: optionalText(runId, 'the run', request),
      model_id: optionalText(modelId ?? modelOfSource(source), 'the model', request),
      description: optionalText(description, 'the description', request),
      tags: wireTexts(tags, textKinds.registryTag, request, api.warn),
    };
    const recover = async (options: InnerOptions) => {
      const filter = `name = ${filterText(name)} AND ${uniqueFilter(uniqueTag)}`;
      const read = (wire: Json) => wire;
      for await (const version of getPages(api, { ...pages, read }, { filter }, options))
        return { model_version: version };
      return undefined;
    };
    const answer = await post(api, path, body, { signal, recover });
    return versionOf(needed(answer, 'model_version', request));
  };
}

/** The server insists on what the source says already. */
const modelOfSource = (source: string) => /^models:\/(m-[^/]+)/.exec(source)?.[1];

const versionName = ({ name, version }: VersionName, request: string) => ({
  name: wireId(name, 'the name', request),
  version: wireId(version, 'the version', request),
});

function changing(api: Api): VersionChangesApi {
  const change = async (
    [method, path]: readonly [Method, string],
    of: VersionName,
    body: object,
    { signal }: CallOptions = {},
    how: Parameters<typeof send>[4] = {},
  ): Promise<void> => {
    const json = { ...versionName(of, named(method, at(path))), ...body };
    await send(api, method, at(path), json, { ...how, signal });
  };
  return {
    updateVersion: (of, description, options) =>
      change(['PATCH', '/update'], of, { description: String(description) }, options),
    async setVersionTag(of, key, value, options) {
      const request = named('POST', at('/set-tag'));
      const [tag] = wireTexts([{ key, value }], textKinds.registryTag, request, api.warn);
      await change(['POST', '/set-tag'], of, { ...tag }, options);
    },
    async deleteVersionTag(of, key, options) {
      checkKey(key, 'tag', named('DELETE', at('/delete-tag')));
      await change(['DELETE', '/delete-tag'], of, { key }, options);
    },
    deleteVersion: (name, version, options) =>
      change(['DELETE', '/delete'], { name, version }, {}, options, { isDone: isGone }),
  };
}

const aliasPath = '/registered-models/alias';

function aliases(api: Api): AliasesApi {
  return {
    async setAlias(name, alias, version, { signal } = {}) {
      const request = named('POST', aliasPath);
      const body = { ...versionName({ name, version }, request), alias };
      if (!/^[\p{L}\p{N}_-]+$/u.test(alias) || alias === 'latest' || /^v\d+$/i.test(alias))
        throw invalid(
          request,
          `"${alias}" is no alias: letters, digits, - and _, but not "latest" nor "v1"`,
        );
      await post(api, aliasPath, body, { signal });
    },
    async deleteAlias(name, alias, { signal } = {}) {
      const body = { name: wireId(name, 'the name', named('DELETE', aliasPath)), alias };
      await send(api, 'DELETE', aliasPath, body, { signal });
    },
    async getVersionByAlias(name, alias, options) {
      const request = named('GET', aliasPath);
      try {
        const what = { name: wireId(name, 'the name', request), alias };
        const answer = await get(api, aliasPath, what, options);
        return versionOf(needed(answer, 'model_version', request));
      } catch (error) {
        // MLflow has no code of its own for it.
        const isUnknown = hasCode(error, 'INVALID_PARAMETER_VALUE', 'RESOURCE_DOES_NOT_EXIST');
        if (isUnknown && /alias .* not found/i.test(error.detail)) return null;
        throw error;
      }
    },
  };
}
