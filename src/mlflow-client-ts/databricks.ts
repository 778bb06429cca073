/** @file Databricks as a tracking server: host and token by its documentation. */
import { join } from 'node:path';
import { withoutLastSlash } from './address.ts';
import { homeOf } from './credentials.ts';
import { readIni } from './ini.ts';
import { invalid } from './mlflow-error.ts';
import type { Environment } from './types.ts';

/** Of a server: where it is, and what lets us in. */
export interface Place {
  readonly uri: string;
  readonly authorization: string | null;
}

/** From the variables, or from a profile of the user's file; one that is named comes first. */
export function databricksPlace(profile: string | undefined, env: Environment): Place {
  const name = profile ?? (env.DATABRICKS_CONFIG_PROFILE || 'DEFAULT');
  const path = env.DATABRICKS_CONFIG_FILE || join(homeOf(env), '.databrickscfg');
  const file = readIni(path)[name] ?? {};
  const variables = profile === undefined ? env : {};
  const host = variables.DATABRICKS_HOST || file.host;
  const token = variables.DATABRICKS_TOKEN || file.token;
  if (!host || !token)
    throw invalid(
      `connect to databricks${profile === undefined ? '' : `://${profile}`}`,
      `no ${host ? 'token' : 'host'} is known for it`,
      `${profile === undefined ? 'Set DATABRICKS_HOST and DATABRICKS_TOKEN, or give' : 'Give'} host and token in the profile [${name}] of ${path}`,
    );
  const uri = withoutLastSlash(/^https?:\/\//.test(host) ? host : `https://${host}`);
  return { uri, authorization: `Bearer ${token}` };
}
