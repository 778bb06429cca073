/** @file Where in the model a computation stands, for messages about what it ran. */

let place = '';

/** `shared/0/dense`, `heads.stay.loss`; empty outside of any. */
export const currentPlace = (): string => place;

/** Everything that `compute` runs belongs to this place. */
export function inPlace<Result>(name: string, compute: () => Result): Result {
  const outer = place;
  place = name;
  try {
    return compute();
  } finally {
    place = outer;
  }
}
