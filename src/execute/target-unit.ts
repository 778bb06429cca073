/** @file From the transformed numbers that a model is trained on to the target's own unit. */
import type { TargetTransform } from '../data/signature.ts';

/** Undoes the transform: `stay` comes back in days. */
export function toTargetUnit(value: number, transform: TargetTransform): number {
  switch (transform.kind) {
    case 'none':
      return value;
    case 'log1p':
      return Math.expm1(value);
    case 'standardize':
      return value * transform.deviation + transform.mean;
    default:
      return transform satisfies never;
  }
}
