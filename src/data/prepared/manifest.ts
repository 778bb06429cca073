/** @file What lies in a folder of prepared data: raw little-endian arrays, and a manifest in JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedData, SplitName } from '../signature.ts';

export type NumberArray = Float32Array | Int32Array | Uint8Array;
export type ArrayType = 'float32' | 'int32' | 'uint8';

export interface ArrayEntry {
  readonly file: string;
  readonly type: ArrayType;
  readonly length: number;
  readonly sha256: string;
}
export interface SplitEntry {
  readonly rows: number;
  readonly rowNumbers: ArrayEntry;
  readonly weights: ArrayEntry | null;
  readonly inputs: Readonly<Record<string, { values: ArrayEntry; columns: number }>>;
  readonly labels: Readonly<
    Record<string, { values: ArrayEntry; present: ArrayEntry; columns: number }>
  >;
}
export interface Manifest extends Pick<PreparedData, 'signature' | 'preprocessing'> {
  readonly splits: Readonly<Record<SplitName, SplitEntry | null>>;
}

export const manifestFile = 'manifest.json';
/** Files are written and read in pieces: Node takes no more than 2 GB at once. */
export const pieceBytes = 1 << 24;

export const bytesOf = ({ type, length }: ArrayEntry): number =>
  length * (type === 'uint8' ? 1 : 4);

export function typeOf(array: NumberArray): ArrayType {
  if (array instanceof Float32Array) return 'float32';
  return array instanceof Int32Array ? 'int32' : 'uint8';
}

export const readManifest = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, manifestFile), 'utf8'));

export const arraysOf = (split: SplitEntry): ArrayEntry[] => [
  split.rowNumbers,
  ...(split.weights ? [split.weights] : []),
  ...Object.values(split.inputs).map(({ values }) => values),
  ...Object.values(split.labels).flatMap(({ values, present }) => [values, present]),
];

export const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
