/** @file Where the server is: from the address or the environment, with what lets us in. */
import { withoutLastSlash } from './address.ts';
import { authorizationOf, basicOf, unsupportedAuth } from './credentials.ts';
import { databricksPlace, type Place } from './databricks.ts';
import { invalid } from './mlflow-error.ts';
import { type TlsOptions, tlsOf } from './tls.ts';
import type { Environment } from './types.ts';

export interface Connection {
  /** Without credentials and without a slash at its end; a path prefix is kept. */
  readonly uri: string;
  /** What lets us in: for this server only. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions;
  /** What the environment asks for and this client does not do. */
  readonly warnings: readonly string[];
}

const defaultAddress = 'http://127.0.0.1:5000';

/** Throws an `MlflowError` where the address is none that has a server behind it. */
export function connectionOf(given: string | undefined, env: Environment): Connection {
  const address = given || env.MLFLOW_TRACKING_URI || defaultAddress;
  const databricks = /^databricks(?::\/\/(?<profile>.*))?$/.exec(address);
  const place = databricks
    ? databricksPlace(databricks.groups?.profile || undefined, env)
    : placeOf(address, env);
  const workspace = env.MLFLOW_WORKSPACE;
  const { uri, authorization } = place;
  return {
    uri,
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(workspace && !databricks ? { 'x-mlflow-workspace': workspace } : {}),
    },
    tls: tlsOf(env),
    warnings: unsupportedAuth(env),
  };
}

function placeOf(address: string, env: Environment): Place {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw noServer(address);
  const { username, password } = url;
  [url.username, url.password, url.hash, url.search] = ['', '', '', ''];
  const own = username || password ? basicOf(decoded(username), decoded(password)) : null;
  return { uri: withoutLastSlash(url.href), authorization: own ?? authorizationOf(env) };
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function noServer(address: string) {
  // Of a database's address nothing but its kind is shown: it may hold a password in any place.
  const kind = /^([a-z][\w+.-]*):/i.exec(address)?.[1];
  const isHost = kind === undefined || /^[\w.-]+:\d+(\/|$)/.test(address);
  return invalid(
    `connect to ${kind === undefined || isHost ? 'the tracking server' : `${kind}:…`}`,
    'expected an address with http:// or https://, or databricks',
    isHost
      ? 'A server’s address begins with http:// or https://; a folder or file needs a server: mlflow server --backend-store-uri … serves it'
      : `A REST client needs a server: mlflow server --backend-store-uri ${kind}:… serves it at ${defaultAddress}`,
  );
}
