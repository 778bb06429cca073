/** @file Whether prepared data are whole, byte for byte. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ArrayEntry,
  arraysOf,
  bytesOf,
  manifestFile,
  pieceBytes,
  readManifest,
} from './manifest.ts';

/** Everything that the manifest names is there. */
export function isIntact(directory: string): boolean {
  if (!existsSync(join(directory, manifestFile))) return false;
  try {
    const { splits } = readManifest(directory);
    const piece = new Uint8Array(pieceBytes);
    return Object.values(splits).every(
      (split) => !split || arraysOf(split).every((entry) => matches(directory, entry, piece)),
    );
  } catch {
    // Half a manifest, or one of another version: to be written again.
    return false;
  }
}

function matches(directory: string, entry: ArrayEntry, piece: Uint8Array): boolean {
  const descriptor = openSync(join(directory, entry.file), 'r');
  try {
    if (fstatSync(descriptor).size !== bytesOf(entry)) return false;
    const hash = createHash('sha256');
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece))
      hash.update(piece.subarray(0, read));
    return hash.digest('hex') === entry.sha256;
  } finally {
    closeSync(descriptor);
  }
}
