/** @file Parts of files into parts of memory, many at once, in few turns of JavaScript. */
import { read } from 'node:fs';

/** So many bytes of an open file, from `position` on, as `target` has. */
export interface PendingRead {
  readonly descriptor: number;
  readonly target: Uint8Array;
  readonly position: number;
}

/** What one call reads at most, so that all threads have something to do. */
const mostAtOnce = 1 << 22;

/**
 * Hands all of them to the system at once. Settles when every one has ended, even when one fails:
 * neither the files nor the memory may go away under the others. One promise for all, and callbacks
 * below it: 32 MB are some 400 reads, which take JavaScript 3 to 5 ms so.
 */
export function readInto(reads: Iterable<PendingRead>): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending = 1;
    let failure: Error | undefined;
    const end = (error?: Error) => {
      failure ??= error;
      pending -= 1;
      if (pending > 0) return;
      if (failure) reject(failure);
      else resolve();
    };
    for (const { descriptor, target, position } of reads) {
      for (let at = 0; at < target.length; at += mostAtOnce) {
        pending += 1;
        readFully(descriptor, target.subarray(at, at + mostAtOnce), position + at, end);
      }
    }
    end();
  });
}

function readFully(
  descriptor: number,
  target: Uint8Array,
  position: number,
  end: (error?: Error) => void,
): void {
  read(descriptor, target, 0, target.length, position, (error, bytesRead) => {
    if (error) end(error);
    else if (bytesRead === target.length) end();
    else if (bytesRead === 0) end(new Error('a file of prepared data became shorter'));
    else readFully(descriptor, target.subarray(bytesRead), position + bytesRead, end);
  });
}
