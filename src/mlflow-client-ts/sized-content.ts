/** @file Contents with their length: below a path of its own, MLflow stores nothing of what comes without. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MlflowError } from './mlflow-error.ts';

/** A text, bytes, or what makes a stream: anew for each try. */
export type Content = string | Uint8Array | (() => Readable);

export interface SizedContent extends AsyncDisposable {
  readonly make: () => string | Uint8Array | Readable;
  /** Of a stream, in bytes; texts and bytes have theirs. */
  readonly length?: number;
}

/** A stream of unknown length comes from a temporary file, which is removed with it. */
export async function sizedContent(
  content: Content,
  size: number | undefined,
  request: string,
  signal: AbortSignal | undefined,
): Promise<SizedContent> {
  const nothing = { [Symbol.asyncDispose]: async () => {} };
  if (typeof content !== 'function') return { make: () => content, ...nothing };
  if (size !== undefined) return { make: content, length: size, ...nothing };
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-client-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = join(folder, 'content');
  try {
    await pipeline(content(), createWriteStream(file), { signal });
    const { size: length } = await stat(file);
    return { make: () => createReadStream(file), length, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    signal?.throwIfAborted();
    throw unreadable(request, error);
  }
}

/** No fault of the server's. */
export function unreadable(request: string, cause: unknown): MlflowError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new MlflowError({ request, detail: `the content cannot be read: ${message}`, cause });
}
