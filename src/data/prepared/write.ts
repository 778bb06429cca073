/** @file Writing prepared data, the rows of a split in one piece or in many. */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PreparedData, Split, SplitName } from '../signature.ts';
import { isIntact } from './intact.ts';
import {
  type ArrayEntry,
  type Manifest,
  manifestFile,
  mapValues,
  type NumberArray,
  pieceBytes,
  type SplitEntry,
  typeOf,
} from './manifest.ts';

/** Owns a folder beside the one to be written, and its open files. */
export class PreparedWriter {
  readonly #directory: string;
  readonly #staging: string;
  readonly #files = new Map<string, ArrayFile>();
  readonly #splits: Record<SplitName, SplitEntry | null> = {
    train: null,
    validation: null,
    test: null,
  };

  constructor(directory: string) {
    this.#directory = directory;
    this.#staging = `${directory}.${process.pid}-${randomBytes(4).toString('hex')}.staging`;
    mkdirSync(this.#staging, { recursive: true });
  }

  /** The next rows of a split. */
  append(name: SplitName, piece: Split): void {
    const rows = (this.#splits[name]?.rows ?? 0) + piece.rows;
    const store = (what: string, array: NumberArray) => this.#store(`${name}.${what}`, array);
    this.#splits[name] = {
      rows,
      rowNumbers: store('rows', piece.rowNumbers),
      weights: piece.weights ? store('weights', piece.weights) : null,
      inputs: mapValues(piece.inputs, ({ values, columns }, key) => ({
        values: store(`input.${key}`, values),
        columns,
      })),
      labels: mapValues(piece.labels, ({ values, present, columns }, key) => ({
        values: store(`label.${key}`, values),
        present: store(`present.${key}`, present),
        columns,
      })),
    };
  }

  /**
   * Gives the folder its name in one move: who finds it finds all of it. When another process was
   * faster, its folder stays: the same key has the same content.
   */
  finish({ signature, preprocessing }: Pick<PreparedData, 'signature' | 'preprocessing'>): void {
    const splits = {
      train: this.#finished(this.#splits.train),
      validation: this.#finished(this.#splits.validation),
      test: this.#finished(this.#splits.test),
    };
    const manifest: Manifest = { signature, preprocessing, splits };
    writeFileSync(join(this.#staging, manifestFile), JSON.stringify(manifest));
    moveInto(this.#staging, this.#directory);
  }

  /** Without the files' hashes, which are known at the end. */
  #store(name: string, array: NumberArray): ArrayEntry {
    const file = this.#files.get(name) ?? new ArrayFile(join(this.#staging, name));
    this.#files.set(name, file);
    file.append(array);
    return { file: name, type: typeOf(array), length: file.length, sha256: '' };
  }

  #finished(split: SplitEntry | null): SplitEntry | null {
    if (!split) return null;
    const hashed = (entry: ArrayEntry): ArrayEntry => ({
      ...entry,
      sha256: this.#files.get(entry.file)?.finish() ?? '',
    });
    const { rows, rowNumbers, weights, inputs, labels } = split;
    return {
      rows,
      rowNumbers: hashed(rowNumbers),
      weights: weights && hashed(weights),
      inputs: mapValues(inputs, ({ values, columns }) => ({ values: hashed(values), columns })),
      labels: mapValues(labels, ({ values, present, columns }) => ({
        values: hashed(values),
        present: hashed(present),
        columns,
      })),
    };
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
    rmSync(this.#staging, { recursive: true, force: true });
  }
}

/** Owns an open file that is written from its start to its end, and hashed on the way. */
class ArrayFile {
  readonly #descriptor: number;
  readonly #hash: Hash = createHash('sha256');
  #isOpen = true;
  length = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
  }

  append(array: NumberArray): void {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; )
      at += writeSync(this.#descriptor, bytes, at, Math.min(pieceBytes, bytes.length - at));
    this.#hash.update(bytes);
    this.length += array.length;
  }

  /** The hash of all that was written. */
  finish(): string {
    this[Symbol.dispose]();
    return this.#hash.digest('hex');
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
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
