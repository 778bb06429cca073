/** @file Courses and contenders as tests write them down. */
import assert from 'node:assert/strict';
import type { Static, TObject } from 'typebox';
import type {
  Contender,
  Course,
  CourseQuestion,
  PrunerKind,
} from '../../../src/plan/define-pruner.ts';

/** One objective, an epoch a number. */
export const course = (
  index: number,
  values: readonly number[],
  status: Course['status'] = 'running',
): Course => ({ index, status, epochs: values.map((value) => [value]) });

/** Several objectives, an epoch a list. */
export const courseOf = (
  index: number,
  epochs: readonly (readonly number[])[],
  status: Course['status'] = 'running',
): Course => ({ index, status, epochs });

/** Others at the same epoch, with these values in it; the epochs before were as good. */
export const peers = (values: readonly number[], epochs = 1): readonly Course[] =>
  values.map((value, index) =>
    course(
      index + 1,
      Array.from({ length: epochs }, () => value),
    ),
  );

/** The decision of a kind that stops trials. */
export const stopping =
  <O extends TObject>(kind: PrunerKind<O>) =>
  (asked: CourseQuestion<Static<O>>): string | null => {
    assert.ok(kind.stopTrial, `${kind.name} stops no trials`);
    return kind.stopTrial(asked);
  };

export const question = <Options>(
  trial: Course,
  others: readonly Course[],
  options: Options,
  more: Partial<Pick<CourseQuestion, 'maxEpochs' | 'floors'>> = {},
) => ({ trial, others, maxEpochs: 81, floors: [], options, ...more });

/** A contender with one objective; a gap is a replicate that has not finished. */
export const contender = (index: number, values: readonly (number | undefined)[]): Contender => ({
  index,
  replicates: new Map(
    values.flatMap((value, replicate) => (value === undefined ? [] : [[replicate, [value]]])),
  ),
});
