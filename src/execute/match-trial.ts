/** @file Which of the waiting trials an idle worker takes: one whose program it has already, if it can. */

/** Seconds, of the trials that have finished. */
export interface Costs {
  readonly trained: number[];
  readonly compiled: number[];
}

export interface Match {
  /** Place in `waiting`, and in `idle`. */
  readonly trial: number;
  readonly worker: number;
}

/**
 * `waiting` names each trial's program, `idle` and `busy` what each worker has made. First a trial
 * whose program an idle worker has; then one whose program nobody has; then any, unless training
 * all that wait for that program takes less than making it again: then undefined, to wait for the
 * worker that has it. Changes no trial's numbers.
 */
export function matchTrial(
  waiting: readonly string[],
  idle: readonly ReadonlySet<string>[],
  busy: readonly ReadonlySet<string>[],
  costs: Costs,
): Match | undefined {
  for (const [worker, programs] of idle.entries()) {
    const trial = waiting.findIndex((program) => programs.has(program));
    if (trial >= 0) return { trial, worker };
  }
  const isHeld = (program: string) => busy.some((programs) => programs.has(program));
  const fresh = waiting.findIndex((program) => !isHeld(program));
  const emptiest = idle.reduce(
    (best, { size }, worker) => (size < (idle[best]?.size ?? 0) ? worker : best),
    0,
  );
  if (fresh >= 0) return { trial: fresh, worker: emptiest };
  const trial = waiting.findIndex((program) => {
    const count = waiting.filter((other) => other === program).length;
    return count * mean(costs.trained, Number.POSITIVE_INFINITY) >= mean(costs.compiled, 0);
  });
  return trial >= 0 ? { trial, worker: emptiest } : undefined;
}

const mean = (values: readonly number[], unknown: number) =>
  values.length === 0 ? unknown : values.reduce((sum, value) => sum + value, 0) / values.length;
