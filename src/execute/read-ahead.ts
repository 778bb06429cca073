/** @file Reads the next rows of a split while the ones before are used. */
import type { RowRoom, SplitRows } from '../data/index.ts';

/** Rows that were read, and what they were read for. */
export interface ReadRows<Wanted> {
  readonly wanted: Wanted;
  readonly rows: SplitRows;
}

/** Each is valid until the next one is asked for. Ends when nothing is read into the rooms any more. */
export async function* readAhead<Wanted>(
  wanted: Iterator<Wanted, undefined>,
  rooms: readonly [RowRoom, RowRoom],
  read: (wanted: Wanted, room: RowRoom) => Promise<SplitRows>,
): AsyncGenerator<ReadRows<Wanted>> {
  let [room, other] = rooms;
  const start = () => {
    const { value, done } = wanted.next();
    if (done) return undefined;
    const reading = read(value, room);
    [room, other] = [other, room];
    // Whoever waits for it sees the rejection; after an interruption nobody does.
    reading.catch(() => {});
    return { wanted: value, reading };
  };
  let next = start();
  try {
    while (next) {
      const { wanted: current, reading } = next;
      const rows = await reading;
      next = start();
      yield { wanted: current, rows };
    }
  } finally {
    await next?.reading.catch(() => {});
  }
}
