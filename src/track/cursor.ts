/** @file How far a run has been sent to a server: on disk, so that the next process goes on from there. */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Of the sweep itself, among the numbers of trials. */
export const sweep = 0;

export type Mark = string | number | boolean;

/**
 * Marks by trial and name, appended as lines of JSON; the last one counts. Lost lines do no harm:
 * what they spoke of is sent again, and the server takes it once.
 */
export interface Cursor {
  get(number: number, name: string): Mark | undefined;
  set(number: number, name: string, value: Mark): void;
  /** Of all trials that have it. */
  entries(name: string): ReadonlyMap<number, Mark>;
  /** Forgets everything: the server knows nothing of this run. */
  clear(): void;
  [Symbol.dispose](): void;
}

type Marks = Map<number, Map<string, Mark>>;

/** Opens or creates; one process at a time. */
export function openCursor(path: string): Cursor {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a+');
  const { marks, length } = readMarks(path);
  // A torn last line would swallow the next one.
  ftruncateSync(file, length);
  return {
    get: (number, name) => marks.get(number)?.get(name),
    set(number, name, value) {
      if (marks.get(number)?.get(name) === value) return;
      put(marks, number, name, value);
      writeSync(file, `${JSON.stringify([number, name, value])}\n`);
    },
    entries: (name) => entriesOf(marks, name),
    clear() {
      marks.clear();
      ftruncateSync(file, 0);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

/** The marks of one name, without opening the cursor for writing; empty where there is none. */
export const readCursor = (path: string, name: string): ReadonlyMap<number, Mark> =>
  entriesOf(readMarks(path).marks, name);

const entriesOf = (marks: Marks, name: string) =>
  new Map(
    [...marks].flatMap(([number, own]) => {
      const value = own.get(name);
      return value === undefined ? [] : [[number, value] as const];
    }),
  );

function readMarks(path: string): { marks: Marks; length: number } {
  const marks: Marks = new Map();
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const length = bytes.lastIndexOf(0x0a) + 1;
  for (const line of bytes.toString('utf8', 0, length).split('\n')) {
    const mark = markOf(line);
    if (mark) put(marks, ...mark);
  }
  return { marks, length };
}

function markOf(line: string): [number, string, Mark] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value) || value.length !== 3) return undefined;
    const [number, name, mark] = value;
    const isMark = ['string', 'number', 'boolean'].includes(typeof mark);
    return typeof number === 'number' && typeof name === 'string' && isMark
      ? [number, name, mark]
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function put(marks: Marks, number: number, name: string, value: Mark): void {
  const own = marks.get(number) ?? new Map<string, Mark>();
  marks.set(number, own.set(name, value));
}
