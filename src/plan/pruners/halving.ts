/** @file One rung of successive halving: whether a trial is among the best part of those that got there. */
import type { Course, CourseQuestion } from '../define-pruner.ts';
import { bestColumns, bestsOf } from './best-so-far.ts';
import { nthLeast } from './nth-least.ts';
import { isBehind, missesFloor } from './place.ts';
import { valuesText, valueText } from './reason.ts';

/** `first`, `first` · factor, `first` · factor², … below the whole training. */
export function rungsOf(first: number, factor: number, maxEpochs: number): readonly number[] {
  const rungs: number[] = [];
  for (let rung = first; rung < maxEpochs; rung *= factor) rungs.push(rung);
  return rungs;
}

/** Null unless the trial is at a rung and not among the best 1/factor there. */
export function stopAtRung(
  { trial, others, floors, signs }: Pick<CourseQuestion, 'trial' | 'others' | 'floors' | 'signs'>,
  rungs: readonly number[],
  factor: number,
): string | null {
  const epoch = trial.epochs.length;
  if (!rungs.includes(epoch)) return null;
  const there = others.filter((other) => hasReached(other, epoch));
  const values = bestsOf(trial, epoch);
  const columns = bestColumns(there, values.length, epoch);
  const size = there.length + 1;
  const kept = Math.max(1, Math.floor(size / factor));
  if (!isBehind(values, columns, floors, kept - 1)) return null;
  const among = `is not among the best ${kept} of ${size}`;
  if (missesFloor(values, floors)) {
    return `at epoch ${epoch} its ${valuesText(values, signs)} misses a floor and ${among}`;
  }
  const [own, ...more] = values;
  if (own === undefined || more.length > 0) {
    return `at epoch ${epoch} its ${valuesText(values, signs)} ${among} by mean rank`;
  }
  const needed = columns[0] ? nthLeast(columns[0], kept - 1) : Number.NaN;
  const sign = signs?.[0] ?? 1;
  const bound = sign < 0 ? 'at least' : 'at most';
  return `at epoch ${epoch} its ${valueText(sign * own, sign * needed)} ${among} (needs ${bound} ${valueText(sign * needed, sign * own)})`;
}

/** Who ended by early stopping counts at later rungs too, with what it has. */
const hasReached = ({ epochs, status }: Course, epoch: number): boolean =>
  epochs.length >= epoch || (status === 'finished' && epochs.length > 0);
