/** @file What a person can do about an answer that is no success. */

interface Answered {
  readonly status: number;
  readonly message: string;
  readonly code: string | null;
}

export const notMlflow = 'No MLflow API answers there: is the address right, with its path?';
export const untrusted =
  'The connection is not trusted: MLFLOW_TRACKING_SERVER_CERT_PATH names the authority’s certificate';

/** In their order: what is named first is the more precise. */
const hints: readonly {
  readonly when: (answered: Answered) => boolean;
  readonly hint: string;
}[] = [
  {
    when: ({ status, message }) => status === 403 && /Invalid Host header/i.test(message),
    hint: 'The server does not know itself by this name: start it with --allowed-hosts, or set MLFLOW_SERVER_ALLOWED_HOSTS',
  },
  {
    when: ({ status, message }) => status === 403 && /Cross-origin/i.test(message),
    hint: 'The server refuses requests from this origin: start it with --cors-allowed-origins',
  },
  {
    when: ({ status }) => status === 401,
    hint: 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN',
  },
  { when: ({ status }) => status === 403, hint: 'The account is known but not allowed to do this' },
  {
    when: ({ status }) => status < 400,
    hint: 'Redirects are not followed, because they turn writes into reads: use the address that it sends on to',
  },
  {
    when: ({ status }) => status === 413,
    hint: 'A proxy before the server limits the size of requests: raise its limit',
  },
  {
    when: ({ code }) => code === 'ENDPOINT_NOT_FOUND',
    hint: 'The server does not know this call: it may be older than MLflow 3',
  },
  { when: ({ status, code }) => status === 404 && code === null, hint: notMlflow },
  {
    when: ({ message }) => /Changing param values is not allowed/.test(message),
    hint: 'A parameter keeps its first value: take another key, a tag, or a new run',
  },
  {
    when: ({ message }) => /must be in the .?active.? state/.test(message),
    hint: 'It was deleted there: restore it, or take another one',
  },
  {
    when: ({ message }) => /QueuePool limit/.test(message),
    hint: 'Too many writes at once for the server: send fewer, or set MLFLOW_SQLALCHEMYSTORE_POOL_SIZE there',
  },
  {
    when: ({ message }) => /disk is full|No space left/i.test(message),
    hint: 'The disk of the server is full',
  },
];

export const hintFor = (answered: Answered): string | null =>
  hints.find(({ when }) => when(answered))?.hint ?? null;
