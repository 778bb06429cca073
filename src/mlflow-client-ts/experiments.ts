/** @file Experiments: found by name or number, made, deleted, restored, searched, tagged. */
import { type Api, get, named, post, postPages } from './api.ts';
import { MlflowError } from './mlflow-error.ts';
import { experimentOf, objectOf, textOf } from './read-wire.ts';
import type { CallOptions, Experiment, GivenTexts, ViewType } from './types.ts';
import { wireTexts } from './write-wire.ts';

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

export const experimentsOf = (api: Api) => ({ ...finding(api), ...changing(api) });

function finding(api: Api) {
  return {
    async get(experimentId: string, options?: CallOptions): Promise<Experiment> {
      const answer = await get(api, '/experiments/get', { experiment_id: experimentId }, options);
      return experimentOf(objectOf(answer).experiment);
    },
    /** null where there is none of this name, among the deleted ones neither. */
    async getByName(name: string, options?: CallOptions): Promise<Experiment | null> {
      try {
        const parameters = { experiment_name: name };
        const answer = await get(api, '/experiments/get-by-name', parameters, options);
        return experimentOf(objectOf(answer).experiment);
      } catch (error) {
        if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return null;
        throw error;
      }
    },
    /** All that match, page by page. */
    search(
      { filter, orderBy, viewType = 'ACTIVE_ONLY', maxResults = 1000 }: ExperimentSearch = {},
      options?: CallOptions,
    ): AsyncGenerator<Experiment> {
      const pages = { path: '/experiments/search', list: 'experiments', read: experimentOf };
      const view = { view_type: viewType, max_results: maxResults };
      return postPages(api, pages, { filter, order_by: orderBy, ...view }, options);
    },
  };
}

function changing(api: Api) {
  const { getByName } = finding(api);
  const change = (path: string, body: object, { signal }: CallOptions = {}): Promise<void> =>
    post(api, `/experiments/${path}`, body, { signal }).then(() => {});
  const create = creation(api);
  const restore = (experimentId: string, options?: CallOptions) =>
    change('restore', { experiment_id: experimentId }, options);
  return {
    create,
    restore,
    /** The one of this name: restored if it was deleted, made if there is none. */
    async getOrCreate(
      name: string,
      given: NewExperiment = {},
      options?: CallOptions,
    ): Promise<Experiment> {
      const found = await getByName(name, options);
      if (found?.lifecycleStage === 'active') return found;
      if (found) await restore(found.experimentId, options);
      else await unlessThere(() => create(name, given, options));
      const now = await getByName(name, options);
      if (now) return now;
      throw new Error(`internal: the experiment "${name}" was made and is not there`);
    },
    delete: (experimentId: string, options?: CallOptions) =>
      change('delete', { experiment_id: experimentId }, options),
    rename: (experimentId: string, name: string, options?: CallOptions) =>
      change('update', { experiment_id: experimentId, new_name: name }, options),
    async setTag(experimentId: string, key: string, value: string, options?: CallOptions) {
      const request = named('POST', '/experiments/set-experiment-tag');
      const tags = wireTexts({ [key]: value }, 'experimentTag', request, api.warn);
      for (const tag of tags)
        await change('set-experiment-tag', { experiment_id: experimentId, ...tag }, options);
    },
  };
}

function creation(api: Api) {
  const { getByName } = finding(api);
  /** Its number. */
  return async (
    name: string,
    { tags = {}, artifactLocation }: NewExperiment = {},
    { signal }: CallOptions = {},
  ): Promise<string> => {
    const path = '/experiments/create';
    const wire = wireTexts(tags, 'experimentTag', named('POST', path), api.warn);
    const body = { name, tags: wire, artifact_location: artifactLocation };
    // A name is taken once: what a lost answer made is found by it.
    const recover = async () => {
      const found = await getByName(name, { signal });
      return found ? { experiment_id: found.experimentId } : undefined;
    };
    return textOf(objectOf(await post(api, path, body, { signal, recover })).experiment_id);
  };
}

/** Somebody else may make it at the same moment. */
async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    const isThere = error instanceof MlflowError && error.code === 'RESOURCE_ALREADY_EXISTS';
    if (!isThere) throw error;
  }
}
