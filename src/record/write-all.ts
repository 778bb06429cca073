/** @file Writing to an open file to the last byte, and saying which file it was where that fails. */
import { writeSync } from 'node:fs';

/** A disk that fills up takes a part and says so; only the next write fails. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written);
  }
}

/** The same error; one of the file system has the path, which it lacks where a file was open. */
export function withPath(error: unknown, path: string): unknown {
  return error instanceof Error && 'code' in error ? Object.assign(error, { path }) : error;
}
