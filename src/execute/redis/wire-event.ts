/** @file Events as they travel through Redis: JSON that is checked on arrival, bytes beside it. */
import { Ajv } from 'ajv';
import { type Static, Type } from 'typebox';
import { words } from '../../spec/schema/slots.ts';
import type { TrialEvent } from '../trial-event.ts';
import { type StoredBytes, storedBytesSchema } from './bytes.ts';

const strict = { additionalProperties: false };
const count = Type.Integer({ minimum: 0 });
const amount = Type.Number({ minimum: 0 });
const text = Type.String({ maxLength: 20_000 });
/** JSON has no NaN and no infinity: they are spelled. */
const numbers = Type.Record(
  Type.String({ maxLength: 500 }),
  Type.Union([Type.Number(), words(['NaN', 'Infinity', '-Infinity'], { description: '' })]),
);
/** Inside the trial's folder: no part of it starts with a dot. */
const fileName = Type.String({
  pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$',
  maxLength: 200,
});

const wireEvents = [
  Type.Object({ type: Type.Literal('started'), fromEpoch: count }, strict),
  Type.Object({ type: Type.Literal('progress'), epoch: amount, epochs: count }, strict),
  Type.Object(
    { type: Type.Literal('epoch'), epoch: count, metrics: numbers, seconds: amount },
    strict,
  ),
  Type.Object({ type: Type.Literal('checkpoint'), epoch: count, bytes: storedBytesSchema }, strict),
  Type.Object(
    {
      type: Type.Literal('finished'),
      epochs: count,
      bestEpoch: count,
      seconds: amount,
      metrics: numbers,
      weights: count,
      program: Type.Object(
        {
          engine: words(['xla', 'graph', 'eager'], { description: '' }),
          fingerprint: Type.Union([Type.String({ maxLength: 200 }), Type.Null()]),
          reason: Type.Union([text, Type.Null()]),
          compileSeconds: amount,
          isReused: Type.Boolean(),
        },
        strict,
      ),
      /** One after the other in `bytes`. */
      files: Type.Array(Type.Object({ name: fileName, length: count }, strict), { maxItems: 100 }),
      bytes: storedBytesSchema,
    },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal('failed'),
      reason: text,
      cause: words(['lost', 'trial'], { description: '' }),
    },
    strict,
  ),
  Type.Object({ type: Type.Literal('interrupted'), epoch: count }, strict),
] as const;
const wireSchema = Type.Array(Type.Union([...wireEvents]), { maxItems: 10_000 });

/** An event without its trial's number, which stands beside it. */
export type WireEvent = Static<typeof wireSchema>[number];

const validate = new Ajv({ strict: false }).compile<WireEvent[]>(wireSchema);

/** The events of one message, or undefined where they are none. */
export function readEvents(json: string): readonly WireEvent[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return validate(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Metrics = Readonly<Record<string, number>>;
const spelled = (metrics: Metrics) =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [
      name,
      Number.isFinite(value) ? value : String(value),
    ]),
  );
const unspelled = (metrics: Readonly<Record<string, unknown>>): Metrics =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));

/** What an event has to carry besides its JSON. */
export function bytesOf(event: TrialEvent): Uint8Array | null {
  if (event.type === 'checkpoint') return event.bytes;
  return event.type === 'finished' ? Buffer.concat(Object.values(event.files)) : null;
}

/** `stored`: where the bytes of `bytesOf` are. */
export function toWire(event: TrialEvent, stored: StoredBytes | null): object {
  const { number: _, ...rest } = event;
  switch (rest.type) {
    case 'epoch':
      return { ...rest, metrics: spelled(rest.metrics) };
    case 'checkpoint':
      return { ...rest, bytes: stored };
    case 'finished': {
      const files = Object.entries(rest.files).map(([name, { length }]) => ({ name, length }));
      return { ...rest, metrics: spelled(rest.metrics), files, bytes: stored };
    }
    case 'failed':
      return { ...rest, reason: rest.reason.slice(0, 10_000) };
    default:
      return rest;
  }
}

/** The reverse; `bytes` are those that it names, null for events without any. */
export function fromWire(wire: WireEvent, number: number, bytes: Uint8Array | null): TrialEvent {
  switch (wire.type) {
    case 'epoch':
      return { ...wire, number, metrics: unspelled(wire.metrics) };
    case 'checkpoint':
      return { ...wire, number, bytes: bytes ?? new Uint8Array() };
    case 'finished': {
      const { bytes: _, files, ...rest } = wire;
      const cut = cutFiles(files, bytes ?? new Uint8Array());
      return { ...rest, number, metrics: unspelled(rest.metrics), files: cut };
    }
    default:
      return { ...wire, number };
  }
}

function cutFiles(files: readonly { name: string; length: number }[], bytes: Uint8Array) {
  let at = 0;
  return Object.fromEntries(
    files.map(({ name, length }) => {
      at += length;
      return [name, bytes.subarray(at - length, at)];
    }),
  );
}

export const isLast = ({ type }: Pick<TrialEvent, 'type'>) =>
  type === 'finished' || type === 'failed' || type === 'interrupted';
