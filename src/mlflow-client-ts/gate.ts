/** @file A gate with so many places: the others wait in their order, or leave when they are aborted. */

export type Gate = <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

export function createGate(places: number): Gate {
  const waiting = new Set<() => void>();
  let free = places;
  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting.delete(admit);
        reject(signal.reason);
      };
      const admit = () => {
        waiting.delete(admit);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      waiting.add(admit);
      signal.addEventListener('abort', leave, { once: true });
    });
  };
  return async (work, signal) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      const [next] = waiting;
      // The place goes over to the next one.
      if (next) next();
      else free += 1;
    }
  };
}
