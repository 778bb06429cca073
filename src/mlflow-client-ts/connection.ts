/** @file Where the server is and how to be let in: from the address, the environment, the user's files. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MlflowError } from './mlflow-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Connection {
  /** Without credentials and without a slash at its end; a path prefix is kept. */
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly rejectUnauthorized?: boolean;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
  };
  readonly isDatabricks: boolean;
}

/** Throws an `MlflowError` where the address is none that has a server behind it. */
export function connectionOf(given: string | undefined, env: Environment): Connection {
  const address = given || env.MLFLOW_TRACKING_URI || 'http://127.0.0.1:5000';
  const databricks = /^databricks(?::\/\/(?<profile>.*))?$/.exec(address);
  if (databricks) return databricksConnection(databricks.groups?.profile, env);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw noServer(hidden(address));
  const { username, password } = url;
  [url.username, url.password, url.hash, url.search] = ['', '', '', ''];
  const own = username ? basic(decodeURIComponent(username), decodeURIComponent(password)) : null;
  const authorization = own ?? authorizationOf(env);
  const workspace = env.MLFLOW_WORKSPACE;
  return {
    uri: url.href.replace(/\/+$/, ''),
    headers: {
      ...(authorization ? { authorization } : {}),
      ...(workspace ? { 'x-mlflow-workspace': workspace } : {}),
    },
    tls: tlsOf(env),
    isDatabricks: false,
  };
}

const hidden = (address: string) => address.replace(/:\/\/[^/\s@]+@/, '://');

const noServer = (address: string) =>
  new MlflowError({
    request: `connect to ${address}`,
    detail: 'expected an http or https address',
    code: 'INVALID_ARGUMENT',
    hint: 'A REST client needs a server: mlflow server --backend-store-uri … serves a database or a folder',
  });

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** As in MLflow's Python client: Basic wins over a token; a file is the last resort. */
function authorizationOf(env: Environment): string | null {
  const file = readIni(join(env.HOME ?? homedir(), '.mlflow', 'credentials')).mlflow ?? {};
  const user = env.MLFLOW_TRACKING_USERNAME || file.mlflow_tracking_username;
  const password = env.MLFLOW_TRACKING_PASSWORD || file.mlflow_tracking_password;
  if (user && password) return basic(user, password);
  const token = env.MLFLOW_TRACKING_TOKEN;
  return token ? `Bearer ${token}` : null;
}

function tlsOf(env: Environment): Connection['tls'] {
  const ca = env.MLFLOW_TRACKING_SERVER_CERT_PATH;
  const client = env.MLFLOW_TRACKING_CLIENT_CERT_PATH;
  const isInsecure = /^(true|1)$/i.test(env.MLFLOW_TRACKING_INSECURE_TLS ?? '');
  if (isInsecure && ca)
    throw new MlflowError({
      request: 'connect',
      detail:
        'MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each other',
      code: 'INVALID_ARGUMENT',
    });
  return {
    ...(isInsecure ? { rejectUnauthorized: false } : {}),
    ...(ca ? { ca: readPem(ca, 'MLFLOW_TRACKING_SERVER_CERT_PATH') } : {}),
    // One file holds both, as the Python client takes it.
    ...(client ? bothOf(readPem(client, 'MLFLOW_TRACKING_CLIENT_CERT_PATH')) : {}),
  };
}

const bothOf = (pem: string) => ({ cert: pem, key: pem });

function readPem(path: string, variable: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new MlflowError({
    request: 'connect',
    detail: `${variable} names ${path}, which is not there`,
    code: 'INVALID_ARGUMENT',
  });
}

/** By Databricks' documentation: host and token from the environment, or from a profile. */
function databricksConnection(profile: string | undefined, env: Environment): Connection {
  const name = profile || env.DATABRICKS_CONFIG_PROFILE || 'DEFAULT';
  const path = env.DATABRICKS_CONFIG_FILE || join(env.HOME ?? homedir(), '.databrickscfg');
  const file = readIni(path)[name] ?? {};
  // A profile that is named comes before the variables.
  const host = (profile ? undefined : env.DATABRICKS_HOST) || file.host;
  const token = (profile ? undefined : env.DATABRICKS_TOKEN) || file.token;
  if (!host || !token)
    throw new MlflowError({
      request: `connect to databricks${profile ? `://${profile}` : ''}`,
      detail: `no ${host ? 'token' : 'host'} is known for it`,
      code: 'INVALID_ARGUMENT',
      hint: `Set DATABRICKS_HOST and DATABRICKS_TOKEN, or give host and token in the profile [${name}] of ${path}`,
    });
  return {
    uri: (/^https?:/.test(host) ? host : `https://${host}`).replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${token}` },
    tls: tlsOf(env),
    isDatabricks: true,
  };
}

/** `[section]` and `key = value`; nothing where there is no file. */
function readIni(path: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sections: Record<string, Record<string, string>> = {};
  if (!existsSync(path)) return sections;
  let current: Record<string, string> = {};
  for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^\s*([^#;=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined) {
      current = sections[section] ?? {};
      sections[section] = current;
    } else if (key !== undefined && value !== undefined) current[key] = value;
  }
  return sections;
}
