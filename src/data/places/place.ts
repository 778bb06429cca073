/** @file A place that runner and workers share: where prepared data lie under the hash of their content. */
import type { Readable } from 'node:stream';
import { withoutCredentials } from '../../spec/with-values.ts';
import { folderPlace } from './folder-place.ts';

/** Folders of files by name; a folder is there when its manifest is. */
export interface DataPlace {
  /** For people. */
  readonly shown: string;
  has(folder: string, file: string): Promise<boolean>;
  /** Whole or not at all. */
  write(folder: string, file: string, content: () => Readable, length: number): Promise<void>;
  /** null where there is no such file. */
  read(folder: string, file: string): Promise<Readable | null>;
}

/** A folder, or `s3://bucket/prefix`. */
export async function openPlace(text: string): Promise<DataPlace> {
  if (!text.startsWith('s3://')) return folderPlace(text);
  // The client takes half a second to load, and few need it.
  const { s3Place } = await import('./s3-place.ts');
  return s3Place(withoutCredentials(text));
}
