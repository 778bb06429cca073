/** @file Checkpoints and files in Redis: in pieces, beside the events that name them. */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Static, Type } from 'typebox';
import { pieceKey } from './keys.ts';

/** One value in Redis: small enough that no other client waits long for it. */
const pieceBytes = 1 << 20;
/** What nobody reads is forgotten after an hour; the runner renews what it still needs. */
export const keptMilliseconds = 3_600_000;

/** Where bytes are; plain data. */
export const storedBytesSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    length: Type.Integer({ minimum: 0 }),
    pieces: Type.Integer({ minimum: 0, maximum: 1e6 }),
  },
  { additionalProperties: false },
);
export type StoredBytes = Static<typeof storedBytesSchema>;

/** One piece after the other, so that a slow network holds one of them at a time. */
export async function storeBytes(
  client: Redis,
  session: string,
  bytes: Uint8Array,
): Promise<StoredBytes> {
  const id = randomBytes(8).toString('hex');
  const pieces = Math.ceil(bytes.length / pieceBytes);
  for (let piece = 0; piece < pieces; piece++) {
    const part = bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes);
    const value = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    await client.set(pieceKey(session, id, piece), value, 'PX', keptMilliseconds);
  }
  return { id, length: bytes.length, pieces };
}

/** null where they are no longer whole. */
export async function loadBytes(
  client: Redis,
  session: string,
  { id, length, pieces }: StoredBytes,
): Promise<Uint8Array | null> {
  const parts: Buffer[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const part = await client.getBuffer(pieceKey(session, id, piece));
    if (!part) return null;
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  return bytes.length === length ? bytes : null;
}

const pieceKeys = (session: string, { id, pieces }: StoredBytes) =>
  Array.from({ length: pieces }, (_, piece) => pieceKey(session, id, piece));

export async function dropBytes(client: Redis, session: string, stored: StoredBytes) {
  const keys = pieceKeys(session, stored);
  if (keys.length > 0) await client.unlink(...keys);
}

export async function keepBytes(client: Redis, session: string, stored: StoredBytes) {
  for (const key of pieceKeys(session, stored)) await client.pexpire(key, keptMilliseconds);
}
