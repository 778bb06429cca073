/** @file Class weights: `balanced`, or one for each class by name. */
import { momentsOf, presentValues } from '../features/statistics.ts';
import type { Labels, TargetSpec } from './labels.ts';

/** One weight a class, or null; classes without a weight of their own have 1. */
export function classWeightsOf(
  spec: TargetSpec,
  labels: Labels,
  train: Int32Array,
): readonly number[] | null {
  const { classWeight, type } = spec;
  if (classWeight === undefined || labels.classes === null) return null;
  if (typeof classWeight === 'object')
    return labels.classes.map((name, index) => weightOf(name, index, spec));
  return type === 'multilabel' ? balancedLabels(labels, train) : balanced(labels, train);
}

/** Binary classes may be called 0 and 1 too. */
function weightOf(name: string, index: number, { type, classWeight }: TargetSpec): number {
  if (typeof classWeight !== 'object') return 1;
  return classWeight[name] ?? (type === 'binary' ? classWeight[String(index)] : undefined) ?? 1;
}

/** rows / (classes · rows of the class), as scikit-learn's `class_weight='balanced'`. */
function balanced({ classOf, classes }: Labels, train: Int32Array): number[] {
  const counts = new Array<number>(classes?.length ?? 0).fill(0);
  let rows = 0;
  for (const row of train) {
    const label = classOf?.[row] ?? -1;
    if (label < 0) continue;
    counts[label] = (counts[label] ?? 0) + 1;
    rows++;
  }
  return counts.map((count) => (count > 0 ? rows / (counts.length * count) : 1));
}

/** One weight a label, for its positives: as many as there are negatives for each of them. */
function balancedLabels({ values, columns }: Labels, train: Int32Array): number[] {
  return Array.from({ length: columns }, (_, place) => {
    const label = Float64Array.from(
      { length: values.length / columns },
      (_value, row) => values[row * columns + place] ?? Number.NaN,
    );
    const share = momentsOf(presentValues(label, train)).mean;
    return share > 0 ? (1 - share) / share : 1;
  });
}
