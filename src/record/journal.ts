/** @file The journal on disk: append-only JSON lines that survive a crash at any byte. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import type { JournalRecord } from './journal-record.ts';
import { withPath, writeAll } from './write-all.ts';

/** Numbers that JSON does not have are written as strings. */
const nonFinite = new Map<unknown, string>([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
]);
const spelled = new Map([...nonFinite].map(([value, text]) => [text, value]));

export function encodeRecord(record: JournalRecord): string {
  return JSON.stringify(record, (_, value) => nonFinite.get(value) ?? value);
}

/** One line, or undefined where it is not a record (torn by a crash in the middle of a file). */
export function decodeRecord(line: string): JournalRecord | undefined {
  try {
    const record: unknown = JSON.parse(line, (key, value) =>
      key === 'metrics' && typeof value === 'object' && value !== null && !Array.isArray(value)
        ? withNumbers(value)
        : value,
    );
    return isRecord(record) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const withNumbers = (metrics: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, spelled.get(String(value)) ?? value]),
  );

const isRecord = (value: unknown): value is JournalRecord =>
  typeof value === 'object' && value !== null && 'type' in value && 'time' in value;

/** All whole records of a journal, without touching it. A torn last line is left out. */
export function readJournal(path: string): readonly JournalRecord[] {
  if (!existsSync(path)) return [];
  return wholeLines(readFileSync(path)).records;
}

function wholeLines(bytes: Buffer): { records: readonly JournalRecord[]; length: number } {
  const length = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, length).split('\n');
  const records = lines.flatMap((line) => decodeRecord(line) ?? []);
  return { records, length };
}

/** A journal opened for writing; one process at a time. */
export interface Journal {
  /** What it held when it was opened. */
  readonly records: readonly JournalRecord[];
  append(record: JournalRecord): void;
  /** Returns when everything appended is on the disk. */
  flush(): void;
  [Symbol.dispose](): void;
}

/** How long an appended record may stay in the operating system's memory. */
const flushAfterMilliseconds = 1000;

/** Opens or creates a journal. Throws what the file system throws (no space, no permission). */
export function openJournal(path: string): Journal {
  const file = openSync(path, 'a+');
  const { records, length } = wholeLines(readFileSync(path));
  // The journal may end in half a line if the disk filled up or the power failed. Cut it off before
  // the first append: a line glued to the torn one would be unreadable for ever.
  ftruncateSync(file, length);
  let timer: NodeJS.Timeout | undefined;
  const named = (write: () => void) => {
    try {
      write();
    } catch (error) {
      throw withPath(error, path);
    }
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    named(() => fsyncSync(file));
  };
  return {
    records,
    append(record) {
      named(() => writeAll(file, Buffer.from(`${encodeRecord(record)}\n`)));
      timer ??= setTimeout(flush, flushAfterMilliseconds);
    },
    flush,
    [Symbol.dispose]() {
      flush();
      closeSync(file);
    },
  };
}
