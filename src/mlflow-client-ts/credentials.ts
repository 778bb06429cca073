/** @file What lets us in, by the variables and the file of MLflow's own client. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readIni } from './ini.ts';
import type { Environment } from './types.ts';

export const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** The user's folder; HOME decides wherever it is set. */
export const homeOf = (env: Environment): string => env.HOME || homedir();

/** As in MLflow's Python client: Basic wins over a token; a file is the last resort. */
export function authorizationOf(env: Environment): string | null {
  const file = readIni(join(homeOf(env), '.mlflow', 'credentials')).mlflow ?? {};
  const user = env.MLFLOW_TRACKING_USERNAME || file.mlflow_tracking_username;
  const password = env.MLFLOW_TRACKING_PASSWORD || file.mlflow_tracking_password;
  if (user && password) return basicOf(user, password);
  const token = env.MLFLOW_TRACKING_TOKEN;
  return token ? `Bearer ${token}` : null;
}

/** Ways to be let in that are plugins of the Python client. */
export function unsupportedAuth(env: Environment): readonly string[] {
  const isSigned = /^(true|1)$/i.test(env.MLFLOW_TRACKING_AWS_SIGV4 ?? '');
  return [
    ...(isSigned ? ['MLFLOW_TRACKING_AWS_SIGV4'] : []),
    ...(env.MLFLOW_TRACKING_AUTH ? ['MLFLOW_TRACKING_AUTH'] : []),
  ].map((name) => `${name} is not supported: requests are sent without it`);
}
