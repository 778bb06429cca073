/** @file What the tests of a contract stand on: one server, one client, an experiment for each test. */
import { randomUUID } from 'node:crypto';
import {
  createMlflowClient,
  type Experiment,
  type MlflowClient,
  MlflowError,
  type Run,
} from '../../../src/mlflow-client-ts/index.ts';

export interface Ground {
  readonly uri: string;
  /** What lets us in. */
  readonly authorization?: string;
  readonly client: MlflowClient;
  /** What the client warned of. */
  readonly told: string[];
  /** For `assert.rejects`: what is not there, or not for whom asks. */
  readonly isMissing: (error: unknown) => boolean;
}

/** Tests get it when they run: the server is started after they were written down. */
export type GetGround = () => Ground;

export function createGround(uri: string, authorization?: string): Ground {
  const told: string[] = [];
  const retry = { retries: 3, backoff: 0.04, jitter: 0 };
  const headers = headersOf(authorization);
  const onWarning = (line: string) => told.push(line);
  const client = createMlflowClient({ uri, env: {}, retry, headers, onWarning });
  return { uri, authorization, client, told, isMissing: withCode('RESOURCE_DOES_NOT_EXIST') };
}

const headersOf = (authorization: string | undefined): Readonly<Record<string, string>> =>
  authorization ? { authorization } : {};

export const freshName = (what = 'test') => `${what}/${randomUUID().slice(0, 8)}`;

export const newExperiment = ({ client }: Ground): Promise<Experiment> =>
  client.experiments.getOrCreate(freshName());

export async function newRun(ground: Ground): Promise<Run> {
  const { experimentId } = await newExperiment(ground);
  return ground.client.runs.create({ experimentId, startTime: 1000 });
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** For `assert.rejects`: an error of the client with this code. */
export const withCode = (code: string) => (error: unknown) =>
  error instanceof MlflowError && error.code === code;

/** Past the client's checks: what a server makes of it. */
export async function postRaw({ uri, authorization }: Ground, path: string, body: string) {
  const response = await fetch(`${uri}/api/2.0/mlflow${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(authorization) },
    body,
  });
  return { status: response.status, text: await response.text() };
}
