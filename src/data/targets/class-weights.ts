/** @file Class weights: `balanced`, or one for each class by name. */
import type { Labels, TargetSpec } from './labels.ts';

/** One weight a class, or null; classes without a weight of their own have 1. */
export function classWeightsOf(
  spec: TargetSpec,
  labels: Labels,
  train: Int32Array,
): readonly number[] | null {
  const { classWeight } = spec;
  if (classWeight === undefined || labels.classes === null || spec.type === 'multilabel')
    return null;
  if (typeof classWeight === 'object')
    return labels.classes.map((name, index) => weightOf(name, index, spec));
  return balanced(labels, train);
}

/** Binary classes may be called 0 and 1 too. */
function weightOf(name: string, index: number, { type, classWeight }: TargetSpec): number {
  if (typeof classWeight !== 'object') return 1;
  return classWeight[name] ?? (type === 'binary' ? classWeight[String(index)] : undefined) ?? 1;
}

/** rows / (classes · rows of the class), as scikit-learn's `class_weight='balanced'`. */
function balanced(labels: Labels, train: Int32Array): number[] {
  const counts = new Array<number>(labels.classes?.length ?? 0).fill(0);
  const classOf = labels.kind === 'numbers' ? null : labels.classOf;
  let rows = 0;
  for (const row of train) {
    const label = classOf?.[row] ?? -1;
    if (label < 0) continue;
    counts[label] = (counts[label] ?? 0) + 1;
    rows++;
  }
  return counts.map((count) => (count > 0 ? rows / (counts.length * count) : 1));
}
