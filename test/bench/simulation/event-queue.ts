/** @file What happens next in simulated time: a binary heap, those at the same time in the order they were put in. */

interface Entry<T> {
  readonly time: number;
  readonly order: number;
  readonly event: T;
}

export interface EventQueue<T> {
  put(time: number, event: T): void;
  /** The earliest event, taken out. */
  take(): { readonly time: number; readonly event: T } | undefined;
}

export function createEventQueue<T>(): EventQueue<T> {
  const heap: Entry<T>[] = [];
  let count = 0;
  const isBefore = (one: number, other: number) => {
    const [a, b] = [heap[one] as Entry<T>, heap[other] as Entry<T>];
    return a.time < b.time || (a.time === b.time && a.order < b.order);
  };
  const swap = (one: number, other: number) => {
    const kept = heap[one] as Entry<T>;
    heap[one] = heap[other] as Entry<T>;
    heap[other] = kept;
  };
  return {
    put(time, event) {
      let place = heap.push({ time, order: count++, event }) - 1;
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!isBefore(place, parent)) break;
        swap(place, parent);
        place = parent;
      }
    },
    take() {
      if (heap.length === 0) return undefined;
      swap(0, heap.length - 1);
      const first = heap.pop();
      for (let place = 0; ; ) {
        const left = 2 * place + 1;
        if (left >= heap.length) return first;
        const child = left + 1 < heap.length && isBefore(left + 1, left) ? left + 1 : left;
        if (!isBefore(child, place)) return first;
        swap(child, place);
        place = child;
      }
    },
  };
}
