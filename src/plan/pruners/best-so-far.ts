/** @file What a course has come to by an epoch. Pruners compare a trial's best, since its best epoch is kept. */
import type { Course } from '../define-pruner.ts';

/** What is not defined is worse than any value. */
export const orWorst = (value: number | undefined): number =>
  value === undefined || Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;

/** The best of each objective in the first epochs: with several objectives no single epoch need have them all. */
export function bestsOf(course: Course, until: number): readonly number[] {
  const objectives = course.epochs[0]?.length ?? 0;
  const bests = bestsByEpoch(course, until, objectives);
  const start = (Math.min(until, course.epochs.length) - 1) * objectives;
  return Array.from({ length: objectives }, (_, objective) => orWorst(bests[start + objective]));
}

/** One column an objective, one row a course. */
export function bestColumns(
  courses: readonly Course[],
  objectives: number,
  until: number,
): readonly Float64Array[] {
  const columns = Array.from({ length: objectives }, () => new Float64Array(courses.length));
  courses.forEach((course, row) => {
    const bests = bestsByEpoch(course, until, objectives);
    const start = (Math.min(until, course.epochs.length) - 1) * objectives;
    for (let objective = 0; objective < objectives; objective++) {
      (columns[objective] as Float64Array)[row] = bests[start + objective] as number;
    }
  });
  return columns;
}

interface Known {
  /** Epoch by epoch, all objectives of one side by side. */
  readonly bests: Float64Array;
  readonly epochs: number;
}

/**
 * Ten thousand courses are asked about again and again, and their epochs lie all over the memory. Those that
 * were read are not read again: with the cost of reading 27 epochs of each anew, a decision takes ten times as long.
 * Epochs may be appended to a list, never changed.
 */
const read = new WeakMap<Course['epochs'], Known>();

/** Filled for the first `until` epochs, where there are as many. */
function bestsByEpoch({ epochs }: Course, until: number, objectives: number): Float64Array {
  const end = Math.min(until, epochs.length);
  const known = read.get(epochs);
  if (known !== undefined && known.epochs >= end) return known.bests;
  const bests = new Float64Array(end * objectives);
  if (known !== undefined) bests.set(known.bests.subarray(0, end * objectives));
  for (let epoch = known?.epochs ?? 0; epoch < end; epoch++) {
    for (let objective = 0; objective < objectives; objective++) {
      const cell = epoch * objectives + objective;
      const before = epoch === 0 ? Number.POSITIVE_INFINITY : (bests[cell - objectives] as number);
      bests[cell] = Math.min(before, orWorst(epochs[epoch]?.[objective]));
    }
  }
  read.set(epochs, { bests, epochs: end });
  return bests;
}
