/** @file TLS before a real server, as a reverse proxy ends it: only those whom its authority knows come in. */
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface TlsFront {
  /** `https://127.0.0.1:…`, without any path. */
  readonly uri: string;
  stop(): Promise<void>;
}

export async function startTlsFront(
  target: string,
  certificate: { readonly cert: string; readonly key: string; readonly ca: string },
): Promise<TlsFront> {
  const { hostname, port } = new URL(target);
  const options = { ...certificate, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (incoming, response) => {
    const { method, url: path, headers } = incoming;
    const asked = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.once('error', () => response.destroy());
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    uri: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
