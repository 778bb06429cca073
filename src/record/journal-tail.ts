/** @file Reads a journal as it grows, in the process that writes it or in another one. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { decodeRecord } from './journal.ts';
import type { JournalRecord } from './journal-record.ts';

const pieceBytes = 1 << 24;

export interface JournalTail {
  /** The whole records that came since the last call, a piece at a time. */
  read(): Generator<JournalRecord>;
  /** The journal's first line, which no other run has; null while there is none. */
  readonly firstLine: string | null;
}

/** Whole lines are never taken back: only a torn last one is cut off when a journal is opened. */
export function createJournalTail(path: string): JournalTail {
  let offset = 0;
  let firstLine: string | null = null;
  return {
    get firstLine() {
      return firstLine;
    },
    *read() {
      for (;;) {
        const text = wholeLinesFrom(path, offset);
        if (text === '') return;
        offset += Buffer.byteLength(text);
        for (const line of text.split('\n')) {
          firstLine ??= line;
          const record = decodeRecord(line);
          if (record) yield record;
        }
      }
    },
  };
}

/** At most a piece, which is made larger for a longer line. Empty where there is no whole line. */
function wholeLinesFrom(path: string, offset: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    for (let length = pieceBytes; ; length *= 2) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      const read = readSync(file, bytes, 0, bytes.length, offset);
      const end = bytes.lastIndexOf(0x0a, read - 1) + 1;
      if (end > 0) return bytes.toString('utf8', 0, end);
      if (read < length) return '';
    }
  } finally {
    closeSync(file);
  }
}
