/** @file Connections: with their timeouts, their certificates, and through a proxy where one is named. */
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Connection } from './connection.ts';
import { invalid } from './mlflow-error.ts';
import type { Environment } from './types.ts';

export interface Dispatchers {
  of(url: URL): Dispatcher;
  /** Ends every connection, those in use too. */
  destroy(): Promise<void>;
}

const longestConnectSeconds = 10;

export function createDispatchers(
  { tls }: Connection,
  env: Environment,
  timeout: number,
): Dispatchers {
  const milliseconds = Math.max(1, Math.min(longestConnectSeconds, timeout) * 1000);
  const connect = { ...tls, timeout: milliseconds };
  const direct = new Agent({ connect });
  const through = (proxy: string | undefined) =>
    proxy ? proxied(proxy, env.no_proxy ?? env.NO_PROXY ?? '', connect) : direct;
  const http = through(env.http_proxy || env.HTTP_PROXY);
  const https = through(env.https_proxy || env.HTTPS_PROXY);
  return {
    of({ hostname, protocol }) {
      if (isLoopback(hostname)) return direct;
      return protocol === 'https:' ? https : http;
    },
    async destroy() {
      await Promise.all([...new Set([direct, http, https])].map((each) => each.destroy()));
    },
  };
}

/** This machine itself is never behind a proxy. */
const isLoopback = (hostname: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

function proxied(
  proxy: string,
  noProxy: string,
  connect: Connection['tls'] & { readonly timeout: number },
): Dispatcher {
  const uri = proxy.includes('://') ? proxy : `http://${proxy}`;
  // The name may hold a password: it is not shown.
  if (!URL.canParse(uri))
    throw invalid('connect', 'HTTP_PROXY or HTTPS_PROXY holds no address of a proxy');
  return new EnvHttpProxyAgent({
    httpProxy: uri,
    httpsProxy: uri,
    noProxy,
    connect,
    requestTls: connect,
    // Plain HTTP is forwarded: few proxies let anybody tunnel to another port than 443.
    proxyTunnel: false,
  });
}
