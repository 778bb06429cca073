/** @file A proxy before a real server that makes the faults which a server will not make on command. */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export type FaultAction =
  /** This instead of the server's answer; the server hears nothing of it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: OutgoingHttpHeaders;
      readonly body?: string;
    }
  /** The server carries it out, and nobody hears of it. */
  | { readonly kind: 'loseAnswer' }
  /** Cut before the server hears of it. */
  | { readonly kind: 'reset' }
  /** Nothing ever comes back, and the server hears nothing of it. */
  | { readonly kind: 'hang' }
  /** The server hears of it so much later, also when whoever asked has given up. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The server's answer breaks off after so many bytes of its body. */
  | { readonly kind: 'breakOff'; readonly bytes: number };

export interface Fault {
  /** Which requests: all of these must fit. */
  readonly method?: string;
  readonly path?: string | RegExp;
  /** Leaves so many of them alone first. Default: 0. */
  readonly skip?: number;
  /** Default: 1. */
  readonly times?: number;
  readonly action: FaultAction;
}

export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** How many were under way when it came, itself counted. */
  readonly atOnce: number;
  /** Of the answer that was given; null while there is none, and where there never was one. */
  status: number | null;
  /** What was done to it. */
  fault: FaultAction['kind'] | null;
}

export interface FaultProxy {
  /** `http://127.0.0.1:…` */
  readonly uri: string;
  readonly requests: readonly ProxiedRequest[];
  plan(fault: Fault): void;
  /** Forgets what was planned and what came. */
  clear(): void;
  /** As if nothing ran there: connections are cut and refused. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(target: string): Promise<FaultProxy> {
  const requests: ProxiedRequest[] = [];
  const plans: Plan[] = [];
  let underWay = 0;
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    const seen = { method, path: url, headers, atOnce: underWay, status: null, fault: null };
    const entry: ProxiedRequest = seen;
    requests.push(entry);
    const action = chosen(plans, entry);
    entry.fault = action?.kind ?? null;
    serve({ target, incoming, response, entry }, action).catch(() => response.destroy());
  });
  // Of its own accord it ends no connection: the servers behind it do.
  server.keepAliveTimeout = 0;
  const port = await listen(server, 0);
  return {
    uri: `http://127.0.0.1:${port}`,
    requests,
    plan: ({ skip = 0, times = 1, ...fault }) => plans.push({ ...fault, skip, times }),
    clear() {
      plans.length = 0;
      requests.length = 0;
    },
    down: () => close(server),
    async up() {
      await listen(server, port);
    },
    stop: () => close(server),
  };
}

type Plan = Omit<Fault, 'skip' | 'times'> & { skip: number; times: number };

/** The first plan that fits and still has something to do. */
function chosen(plans: Plan[], { method, path }: ProxiedRequest): FaultAction | null {
  for (const plan of plans) {
    const isPath =
      plan.path instanceof RegExp ? plan.path.test(path) : path.includes(plan.path ?? '');
    if ((plan.method !== undefined && plan.method !== method) || !isPath || plan.times <= 0)
      continue;
    if (plan.skip > 0) {
      plan.skip -= 1;
      continue;
    }
    plan.times -= 1;
    return plan.action;
  }
  return null;
}

interface Exchange {
  readonly target: string;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: ProxiedRequest;
}

async function serve(exchange: Exchange, action: FaultAction | null): Promise<void> {
  const { incoming, response, entry } = exchange;
  switch (action?.kind) {
    case undefined:
      return forward(exchange);
    case 'answer':
      await drained(incoming);
      entry.status = action.status;
      response.writeHead(action.status, action.headers).end(action.body ?? '');
      return;
    case 'loseAnswer': {
      const answer = await ask(exchange, await drained(incoming));
      await drained(answer);
      incoming.socket.destroy();
      return;
    }
    case 'reset':
      incoming.socket.resetAndDestroy();
      return;
    case 'hang':
      incoming.resume();
      return;
    case 'delay': {
      const body = await drained(incoming);
      await wait(action.milliseconds);
      return give(exchange, await ask(exchange, body));
    }
    case 'breakOff': {
      const answer = await ask(exchange, await drained(incoming));
      const body = await drained(answer);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.write(body.subarray(0, action.bytes), () => incoming.socket.destroy());
      return;
    }
    default:
      return action satisfies never;
  }
}

async function drained(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Asks the server; with the body that was read before, or with what still comes in. */
function ask({ target, incoming, response }: Exchange, body?: Buffer): Promise<IncomingMessage> {
  const { method, url = '', headers } = incoming;
  return new Promise((resolve, reject) => {
    const { host } = new URL(target);
    const outgoing = request(new URL(url, target), { method, headers: { ...headers, host } });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    if (body) outgoing.end(body);
    else {
      incoming.pipe(outgoing);
      // Whoever gives up while it is sent takes the server's half with it.
      response.once('close', () => outgoing.destroy());
    }
  });
}

async function forward(exchange: Exchange): Promise<void> {
  give(exchange, await ask(exchange));
}

function give({ response, entry }: Exchange, answer: IncomingMessage): void {
  entry.status = answer.statusCode ?? null;
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
