/** @file A proxy as companies have them: it forwards plain HTTP, and tunnels the rest. */
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface ForwardProxy extends AsyncDisposable {
  readonly uri: string;
  readonly seen: readonly { readonly what: string; readonly authorization: string | null }[];
}

/** Answers plain requests itself, and tunnels to one port of this machine whatever is asked for. */
export async function startForwardProxy(port = '1'): Promise<ForwardProxy> {
  const seen: { what: string; authorization: string | null }[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    seen.push({ what: `${method} ${url}`, authorization: headers['proxy-authorization'] ?? null });
    response.end('3.17.2');
  });
  server.on('connect', ({ url, headers }, socket) => {
    seen.push({ what: `CONNECT ${url}`, authorization: headers['proxy-authorization'] ?? null });
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
