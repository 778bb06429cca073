/** @file One signal for a call: its own, the client's, and the closing of the client. */

/** Signals of all calls that are under way. Listeners are taken off when a call has ended. */
export interface Signals {
  link(...signals: readonly (AbortSignal | undefined)[]): Linked;
  /** Aborts every call that is under way, and all later ones. */
  abort(reason: unknown): void;
}

export interface Linked extends Disposable {
  readonly signal: AbortSignal;
}

export function createSignals(): Signals {
  const open = new Set<AbortController>();
  let closed: { readonly reason: unknown } | undefined;
  return {
    // AbortSignal.any would keep something of every call in a signal that outlives them all.
    link(...signals) {
      const controller = new AbortController();
      const abort = (event: Event) => controller.abort((event.target as AbortSignal).reason);
      const given = signals.filter((signal) => signal !== undefined);
      if (closed) controller.abort(closed.reason);
      for (const signal of given) {
        if (signal.aborted) controller.abort(signal.reason);
        else signal.addEventListener('abort', abort, { once: true });
      }
      open.add(controller);
      return {
        signal: controller.signal,
        [Symbol.dispose]() {
          open.delete(controller);
          for (const signal of given) signal.removeEventListener('abort', abort);
        },
      };
    },
    abort(reason) {
      closed = { reason };
      for (const controller of open) controller.abort(reason);
    },
  };
}
