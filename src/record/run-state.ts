/** @file What a journal says about a run: the trials that have numbers, and those that are done. */
import type { JournalRecord } from './journal-record.ts';

export interface RunState {
  /** Trial numbers by identity. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Numbers of the trials that need no more training. */
  readonly finished: ReadonlySet<number>;
  readonly nextNumber: number;
  readonly nextExecution: number;
  /** Keys of the data that have a record. */
  readonly data: ReadonlySet<string>;
  /**
   * Seconds that executions took, those that were killed up to their last record. Where the clock
   * went back, the step itself is not counted, and what came before and after it is.
   */
  readonly seconds: number;
}

/** Reads the state off the records; a trial that failed is tried again. */
export function runState(records: readonly JournalRecord[]): RunState {
  const numbers = new Map<string, number>();
  const finished = new Set<number>();
  const data = new Set<string>();
  let nextExecution = 1;
  let [seconds, last] = [0, Number.NaN];
  for (const record of records) {
    if (record.type === 'trial') numbers.set(record.id, record.number);
    else if (record.type === 'finish') finished.add(record.number);
    else if (record.type === 'data') data.add(record.key);
    const time = Date.parse(record.time);
    if (record.type === 'execution') nextExecution = record.execution + 1;
    else if (time > last) seconds += (time - last) / 1000;
    last = time;
  }
  const nextNumber = Math.max(0, ...numbers.values()) + 1;
  return { numbers, finished, nextNumber, nextExecution, data, seconds };
}
