/** @file Prepared data on disk: typed arrays as raw little-endian files, and a manifest in JSON. */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { InputArray, LabelArray, PreparedData, Split, SplitName } from './signature.ts';

type NumberArray = Float32Array | Int32Array | Uint8Array;
type ArrayType = 'float32' | 'int32' | 'uint8';

interface StoredArray {
  readonly file: string;
  readonly type: ArrayType;
  readonly length: number;
  readonly sha256: string;
}
interface StoredSplit {
  readonly rows: number;
  readonly rowNumbers: StoredArray;
  readonly weights: StoredArray | null;
  readonly inputs: Readonly<Record<string, { values: StoredArray; columns: number }>>;
  readonly labels: Readonly<
    Record<string, { values: StoredArray; present: StoredArray; columns: number }>
  >;
}
interface Manifest extends Pick<PreparedData, 'signature' | 'preprocessing'> {
  readonly splits: Readonly<Record<SplitName, StoredSplit | null>>;
}

const manifestFile = 'manifest.json';
const pieceBytes = 1 << 28;

/**
 * Writes the folder in one move: who finds it finds all of it. When another process was faster,
 * its folder stays: the same key has the same content.
 */
export function writePrepared(directory: string, prepared: PreparedData): void {
  const staging = `${directory}.${process.pid}-${randomBytes(4).toString('hex')}.staging`;
  mkdirSync(staging, { recursive: true });
  try {
    const { train, validation, test } = prepared.splits;
    const manifest: Manifest = {
      signature: prepared.signature,
      preprocessing: prepared.preprocessing,
      splits: {
        train: storeSplit(staging, 'train', train),
        validation: storeSplit(staging, 'validation', validation),
        test: test ? storeSplit(staging, 'test', test) : null,
      },
    };
    writeFileSync(join(staging, manifestFile), JSON.stringify(manifest));
    moveInto(staging, directory);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function moveInto(staging: string, directory: string): void {
  try {
    renameSync(staging, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
    if (isIntact(directory)) return;
    const broken = `${staging}.broken`;
    renameSync(directory, broken);
    renameSync(staging, directory);
    rmSync(broken, { recursive: true, force: true });
  }
}

/** Everything that the manifest names is there, byte for byte. */
export function isIntact(directory: string): boolean {
  if (!existsSync(join(directory, manifestFile))) return false;
  try {
    const { splits } = readManifest(directory);
    return Object.values(splits).every(
      (split) => !split || arraysOf(split).every((stored) => matches(directory, stored)),
    );
  } catch {
    // Half a manifest, or one of another version: to be written again.
    return false;
  }
}

function matches(directory: string, { file, sha256 }: StoredArray): boolean {
  const bytes = readBytes(join(directory, file));
  return createHash('sha256').update(bytes).digest('hex') === sha256;
}

/** Loads what `prepareData` wrote. */
export function readPrepared(directory: string): PreparedData {
  const { signature, preprocessing, splits } = readManifest(directory);
  const { train, validation, test } = splits;
  if (!train || !validation) throw new Error('internal: prepared data without its splits');
  return {
    signature,
    preprocessing,
    splits: {
      train: loadSplit(directory, train),
      validation: loadSplit(directory, validation),
      test: test ? loadSplit(directory, test) : null,
    },
  };
}

const readManifest = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, manifestFile), 'utf8'));

function storeSplit(directory: string, name: SplitName, split: Split): StoredSplit {
  const store = (what: string, array: NumberArray) =>
    storeArray(directory, `${name}.${what}`, array);
  const { rows, inputs, labels, weights } = split;
  return {
    rows,
    rowNumbers: store('rows', split.rowNumbers),
    weights: weights ? store('weights', weights) : null,
    inputs: mapValues(inputs, ({ values, columns }, key) => ({
      values: store(`input.${key}`, values),
      columns,
    })),
    labels: mapValues(labels, ({ values, present, columns }, key) => ({
      values: store(`label.${key}`, values),
      present: store(`present.${key}`, present),
      columns,
    })),
  };
}

function storeArray(directory: string, file: string, array: NumberArray): StoredArray {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const descriptor = openSync(join(directory, file), 'w');
  for (let at = 0; at < bytes.length; )
    at += writeSync(descriptor, bytes, at, Math.min(pieceBytes, bytes.length - at));
  closeSync(descriptor);
  const type =
    array instanceof Float32Array ? 'float32' : array instanceof Int32Array ? 'int32' : 'uint8';
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file, type, length: array.length, sha256 };
}

function loadSplit(directory: string, stored: StoredSplit): Split {
  const float32 = ({ file }: StoredArray) =>
    new Float32Array(readBytes(join(directory, file)).buffer);
  const int32 = ({ file }: StoredArray) => new Int32Array(readBytes(join(directory, file)).buffer);
  return {
    rows: stored.rows,
    rowNumbers: int32(stored.rowNumbers),
    weights: stored.weights ? float32(stored.weights) : null,
    inputs: mapValues(
      stored.inputs,
      ({ values, columns }): InputArray => ({
        values: values.type === 'int32' ? int32(values) : float32(values),
        columns,
      }),
    ),
    labels: mapValues(
      stored.labels,
      ({ values, present, columns }): LabelArray => ({
        values: float32(values),
        present: readBytes(join(directory, present.file)),
        columns,
      }),
    ),
  };
}

/** In pieces: Node reads no more than 2 GB at once. The buffer is as long as the file. */
function readBytes(path: string): Uint8Array<ArrayBuffer> {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(new ArrayBuffer(fstatSync(descriptor).size));
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(descriptor, bytes, at, Math.min(pieceBytes, bytes.length - at), at);
      if (read === 0) throw new Error(`${path} became shorter while it was read`);
      at += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

const arraysOf = ({ rowNumbers, weights, inputs, labels }: StoredSplit): StoredArray[] => [
  rowNumbers,
  ...(weights ? [weights] : []),
  ...Object.values(inputs).map(({ values }) => values),
  ...Object.values(labels).flatMap(({ values, present }) => [values, present]),
];

const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
