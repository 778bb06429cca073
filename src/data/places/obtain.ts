/** @file Prepared data for a worker: found on its machine or fetched, and every byte held to its hash. */
import { createHash, randomBytes } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import type { Attempt } from '../../engine/engine-plan.ts';
import { isIntact } from '../prepared/intact.ts';
import { type ArrayEntry, type Manifest, manifestFile } from '../prepared/manifest.ts';
import { useData } from './data-users.ts';
import type { DataPlace } from './place.ts';
import { type DataName, filesOf, sha256, sharedFolder } from './publish.ts';

export interface DataSources {
  /** The worker's own, where it keeps what it fetched. */
  readonly cache: string;
  /** A folder of runs, where the runner's are among them: used in place. */
  readonly runs: string;
  readonly place: DataPlace | null;
  readonly say: (line: string) => void;
}

/** Each asks once at a time, and what was found whole is not read again. */
export function createDataStore(sources: DataSources) {
  const known = new Map<string, Promise<Attempt<{ directory: string }>>>();
  return (name: DataName): Promise<Attempt<{ directory: string }>> => {
    const key = sharedFolder(name);
    const found = known.get(key) ?? obtain(sources, name);
    known.set(key, found);
    // What is not there now may be there later.
    const forget = () => known.delete(key);
    found.then((result) => result.ok || forget(), forget);
    return found;
  };
}

async function obtain(
  sources: DataSources,
  name: DataName,
): Promise<Attempt<{ directory: string }>> {
  const cached = join(sources.cache, sharedFolder(name));
  // Before it looks whether they are there: `gc` clears what nobody says to use.
  const release = useData(cached);
  const found = await find(sources, name, cached);
  if (!found.ok || found.directory !== cached) release();
  return found;
}

async function find(
  sources: DataSources,
  name: DataName,
  cached: string,
): Promise<Attempt<{ directory: string }>> {
  const local = [cached, ...inRuns(sources.runs, name.key)].find((each) => isWhole(each, name));
  if (local) return { ok: true, directory: local };
  const { place } = sources;
  if (!place) return missing(name, 'give this worker the folder or bucket of the runner’s --data');
  try {
    return await fetchData(place, name, cached, sources.say);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return missing(name, `${place.shown}: ${error.message}`);
  }
}

const missing = ({ key }: DataName, why: string) => ({
  ok: false as const,
  reason: `the worker has no prepared data ${key}: ${why}`,
});

/** Of every run below `runs`. */
function inRuns(runs: string, key: string): readonly string[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(runs, name, 'data', key));
}

function isWhole(directory: string, { manifest }: DataName): boolean {
  const path = join(directory, manifestFile);
  return existsSync(path) && sha256(readFileSync(path)) === manifest && isIntact(directory);
}

/** Into a folder beside, which gets its name when all of it is there. */
async function fetchData(
  place: DataPlace,
  name: DataName,
  directory: string,
  say: (line: string) => void,
): Promise<Attempt<{ directory: string }>> {
  const folder = sharedFolder(name);
  const text = await place.read(folder, manifestFile);
  if (!text) return missing(name, `${place.shown} has none`);
  const bytes = await allOf(text);
  if (sha256(bytes) !== name.manifest) return missing(name, `${place.shown} has other content`);
  const manifest = readManifest(bytes);
  if (!manifest) return missing(name, 'its manifest names what it may not');
  say(`fetching data ${name.key} from ${place.shown}`);
  const staging = `${directory}.${process.pid}-${randomBytes(4).toString('hex')}.staging`;
  try {
    mkdirSync(staging, { recursive: true });
    for (const entry of filesOf(manifest)) {
      const content = await place.read(folder, entry.file);
      if (!content) return missing(name, `${place.shown} lacks its ${entry.file}`);
      if ((await writeHashed(content, join(staging, entry.file))) !== entry.sha256)
        return missing(name, `${entry.file} came with other content`);
    }
    writeFileSync(join(staging, manifestFile), bytes);
    // What is there is not whole, or it would have been used.
    rmSync(directory, { recursive: true, force: true });
    renameSync(staging, directory);
    return { ok: true, directory };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function allOf(content: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function writeHashed(content: Readable, path: string): Promise<string> {
  const hash = createHash('sha256');
  content.on('data', (part) => hash.update(part));
  await pipeline(content, createWriteStream(path));
  return hash.digest('hex');
}

const isManifest = new Ajv({ strict: false }).compile<Manifest>(
  Type.Object({
    signature: Type.Object({}),
    preprocessing: Type.Object({}),
    splits: Type.Object({}),
  }),
);
/** Names of files, none of them with a folder. */
const isFileName = ({ file }: ArrayEntry) =>
  /^(train|validation|test)\.[^/\\\0]{1,200}$/.test(file);

function readManifest(bytes: Buffer): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isManifest(value) && filesOf(value).every(isFileName) ? value : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
