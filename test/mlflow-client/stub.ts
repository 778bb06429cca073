/** @file A server that answers what a test tells it to, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is a text. */
  readonly body?: unknown;
}

/** A reply, or whatever the test does with the response itself. */
export type Answering = (
  asked: Asked,
  count: number,
  response: ServerResponse,
) => Reply | undefined | Promise<Reply | undefined>;

export interface Stub extends AsyncDisposable {
  readonly uri: string;
  readonly asked: readonly Asked[];
}

/** With a certificate it speaks TLS. */
export async function startStub(answer: Answering, tls?: ServerOptions): Promise<Stub> {
  const asked: Asked[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request).catch(() => null);
    if (body === null) return;
    const { method = '', url = '', headers } = request;
    asked.push({ method, path: url, headers, body });
    const reply = await answer({ method, path: url, headers, body }, asked.length, response);
    if (!reply) return;
    const { status = 200, headers: given = {}, body: content = {} } = reply;
    response.writeHead(status, given);
    response.end(typeof content === 'string' ? content : JSON.stringify(content));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uri: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
