/** @file Experiments: found by name or number, made, deleted, restored, searched, tagged. */
import { type Api, get, named, post, postPages } from './api.ts';
import { hasCode, isGone, type MlflowError } from './mlflow-error.ts';
import { experimentOf, needed, textOf } from './read-wire.ts';
import {
  type CallOptions,
  type Experiment,
  type GivenText,
  type GivenTexts,
  type ViewType,
  viewTypes,
} from './types.ts';
import { optionalText, wireChoice, wireId, wireInteger } from './values.ts';
import { checkKey, textKinds, wireTexts } from './write-wire.ts';

export interface ExperimentSearch {
  /** `name LIKE 'a/%'` */
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly viewType?: ViewType;
  /** Of a page; all pages come anyway. */
  readonly maxResults?: number;
}

export interface NewExperiment {
  readonly tags?: GivenTexts;
  /** Default: the server's. */
  readonly artifactLocation?: string;
}

export interface ExperimentsApi {
  get(experimentId: string, options?: CallOptions): Promise<Experiment>;
  /** Deleted ones too; null where there is none of this name. */
  getByName(name: string, options?: CallOptions): Promise<Experiment | null>;
  /** All that match, page by page. */
  search(
    search?: ExperimentSearch,
    options?: CallOptions,
  ): AsyncGenerator<Experiment, void, undefined>;
  /** Its number. A name that is taken, if only by a deleted one, is RESOURCE_ALREADY_EXISTS. */
  create(name: string, given?: NewExperiment, options?: CallOptions): Promise<string>;
  /** The one of this name: restored if it was deleted, made as given if there is none. */
  getOrCreate(name: string, given?: NewExperiment, options?: CallOptions): Promise<Experiment>;
  /** Its runs go with it. */
  delete(experimentId: string, options?: CallOptions): Promise<void>;
  restore(experimentId: string, options?: CallOptions): Promise<void>;
  rename(experimentId: string, name: string, options?: CallOptions): Promise<void>;
  setTag(experimentId: string, key: string, value: GivenText, options?: CallOptions): Promise<void>;
  deleteTag(experimentId: string, key: string, options?: CallOptions): Promise<void>;
}

export const experimentsOf = (api: Api): ExperimentsApi => ({ ...finding(api), ...changing(api) });

function finding(api: Api): Pick<ExperimentsApi, 'get' | 'getByName' | 'search'> {
  return {
    async get(experimentId, options) {
      const path = '/experiments/get';
      const request = named('GET', path);
      const id = wireId(experimentId, 'the experiment', request);
      const answer = await get(api, path, { experiment_id: id }, options);
      return experimentOf(needed(answer, 'experiment', request));
    },
    async getByName(name, options) {
      const path = '/experiments/get-by-name';
      const request = named('GET', path);
      const wanted = wireId(name, "the experiment's name", request);
      try {
        const answer = await get(api, path, { experiment_name: wanted }, options);
        return experimentOf(needed(answer, 'experiment', request));
      } catch (error) {
        if (hasCode(error, 'RESOURCE_DOES_NOT_EXIST')) return null;
        throw error;
      }
    },
    search({ filter, orderBy, viewType = 'ACTIVE_ONLY', maxResults = 1000 } = {}, options) {
      const pages = { path: '/experiments/search', list: 'experiments', read: experimentOf };
      const request = named('POST', pages.path);
      const body = {
        filter: optionalText(filter, 'the filter', request),
        order_by: orderBy?.map(String),
        view_type: wireChoice(viewType, viewTypes, 'the view', request),
        max_results: wireInteger(maxResults, 'maxResults', request),
      };
      return postPages(api, pages, body, options);
    },
  };
}

function changing(api: Api): Omit<ExperimentsApi, 'get' | 'getByName' | 'search'> {
  const { getByName } = finding(api);
  const create = creation(api);
  const change = changes(api);
  return {
    create,
    async getOrCreate(name, given, options) {
      const found = await getByName(name, options);
      if (found?.lifecycleStage === 'active') return found;
      if (found) await change.restore(found.experimentId, options);
      else await unlessThere(() => create(name, given, options));
      const now = await getByName(name, options);
      if (now) return now;
      throw new Error(`internal: the experiment "${name}" was made and is not there`);
    },
    ...change,
  };
}

function changes(api: Api) {
  const change = async (
    name: string,
    experimentId: string,
    body: object,
    { signal }: CallOptions = {},
    isDone?: (refusal: MlflowError) => boolean,
  ): Promise<void> => {
    const path = `/experiments/${name}`;
    const id = wireId(experimentId, 'the experiment', named('POST', path));
    await post(api, path, { experiment_id: id, ...body }, { signal, isDone });
  };
  return {
    delete: (id: string, options?: CallOptions) => change('delete', id, {}, options, isGone),
    // An active one is not there to be restored.
    restore: (id: string, options?: CallOptions) => change('restore', id, {}, options, isGone),
    async rename(id: string, name: string, options?: CallOptions) {
      const wanted = wireId(name, 'the new name', named('POST', '/experiments/update'));
      await change('update', id, { new_name: wanted }, options);
    },
    async setTag(id: string, key: string, value: GivenText, options?: CallOptions) {
      const request = named('POST', '/experiments/set-experiment-tag');
      const [tag] = wireTexts([{ key, value }], textKinds.experimentTag, request, api.warn);
      await change('set-experiment-tag', id, { ...tag }, options);
    },
    async deleteTag(id: string, key: string, options?: CallOptions) {
      checkKey(key, 'tag', named('POST', '/experiments/delete-experiment-tag'));
      await change('delete-experiment-tag', id, { key }, options, isGone);
    },
  };
}

function creation(api: Api): ExperimentsApi['create'] {
  const { getByName } = finding(api);
  return async (name, { tags = {}, artifactLocation } = {}, { signal } = {}) => {
    const path = '/experiments/create';
    const request = named('POST', path);
    const body = {
      name: wireId(name, "the experiment's name", request),
      tags: wireTexts(tags, textKinds.experimentTag, request, api.warn),
      artifact_location: optionalText(artifactLocation, 'the location', request),
    };
    // A name is taken once: what a lost answer made is found by it.
    const recover = async (options: CallOptions) => {
      const found = await getByName(name, options);
      return found ? { experiment_id: found.experimentId } : undefined;
    };
    const answer = await post(api, path, body, { signal, recover });
    return textOf(needed(answer, 'experiment_id', request));
  };
}

/** Somebody else may make it at the same moment. */
async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!hasCode(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
  }
}
