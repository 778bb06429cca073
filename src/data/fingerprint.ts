/** @file What data is, whatever its files are called: a hash of their content and of how it is read. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { TableSpec } from './table/open-table.ts';

/** Of the files' bytes, the query, the missing texts and the key. */
export async function fingerprintOf(spec: TableSpec, files: readonly string[]): Promise<string> {
  const contents: string[] = [];
  for (const file of files) contents.push(await hashFile(file));
  const { query = null, missing, key } = spec;
  return hashJson({ contents, query, missing, key });
}

async function hashFile(file: string): Promise<string> {
  const hash: Hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}

/** Of JSON with its keys in order, so that the order in which a spec was written does not count. */
export const hashJson = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
