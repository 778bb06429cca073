/** @file Prepared data from a folder of this machine into a shared place, each file once. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { arraysOf, type Manifest, manifestFile } from '../prepared/manifest.ts';
import type { DataPlace } from './place.ts';

/** What prepared data are called where they are not in their folder. */
export interface DataName {
  /** Of the spec and the content of its source. */
  readonly key: string;
  /** SHA-256 of the manifest, which has the SHA-256 of every other file. */
  readonly manifest: string;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Of a folder that `prepareData` wrote. */
export const dataName = (directory: string): DataName => ({
  key: basename(directory),
  manifest: sha256(readFileSync(join(directory, manifestFile))),
});

/** In shared places, and in a worker's own cache. */
export const sharedFolder = ({ key, manifest }: DataName) => `${key}-${manifest.slice(0, 16)}`;

export const filesOf = ({ splits }: Pick<Manifest, 'splits'>) =>
  Object.values(splits).flatMap((split) => (split ? arraysOf(split) : []));

/** The manifest comes last: whoever finds it finds everything that it names. */
export async function publishData(place: DataPlace, directory: string): Promise<void> {
  const folder = sharedFolder(dataName(directory));
  if (await place.has(folder, manifestFile)) return;
  const text = readFileSync(join(directory, manifestFile));
  // It has just been written, or checked, by `prepareData`.
  const manifest: Manifest = JSON.parse(text.toString('utf8'));
  for (const { file } of filesOf(manifest)) {
    const path = join(directory, file);
    await place.write(folder, file, () => createReadStream(path), statSync(path).size);
  }
  await place.write(folder, manifestFile, () => Readable.from([text]), text.length);
}
