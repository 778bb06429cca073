/** @file The labels of a head: read from its target columns, by the head's type. */
import type { HeadSpec } from '../../spec/schema/experiment.ts';
import { mapTexts } from '../features/boolean.ts';
import { momentsOf, presentValues } from '../features/statistics.ts';
import type { TargetTransform } from '../signature.ts';
import type { CodedColumn, ColumnSource } from '../table/column-source.ts';

/** The options of head kinds that concern the data; `model/heads` declares them. */
export interface TargetSpec {
  readonly type: string;
  readonly target: readonly string[];
  readonly positive?: readonly (string | number | boolean)[];
  readonly classes?: readonly (string | number)[];
  readonly transform?: TargetTransform['kind'];
  readonly classWeight?: 'balanced' | Readonly<Record<string, number>>;
}

/** What of a head decides its labels: two heads that agree in this have the same. */
export function targetSpecOf(head: HeadSpec): TargetSpec {
  const { type, target, positive, classes, transform, classWeight } = head;
  // The head's own schema has checked these options.
  return { type, target, positive, classes, transform, classWeight } as TargetSpec;
}

/** Labels of all rows of the table, before they are split. */
export interface Labels {
  /** Class of each row, or -1 without a label; for regression null. */
  readonly classOf: Int32Array | null;
  /** [row, column], row by row: 0/1, one-hot, or the number; NaN without a label. */
  readonly values: Float64Array;
  readonly columns: number;
  readonly classes: readonly string[] | null;
}

export async function readLabels(spec: TargetSpec, source: ColumnSource): Promise<Labels> {
  const [column = ''] = spec.target;
  switch (spec.type) {
    case 'binary':
      return binaryLabels(await source.texts(column), spec.positive);
    case 'multiclass':
      return multiclassLabels(await source.texts(column), spec.classes);
    case 'multilabel':
      return multilabelLabels(spec.target, source);
    case 'regression': {
      const [values] = await source.numbers([column]);
      return { classOf: null, values: values ?? new Float64Array(), columns: 1, classes: null };
    }
    default:
      throw new Error(`internal: no labels for a head of type "${spec.type}"`);
  }
}

/** The texts that count as positive; without `positive`: 1 and true. */
export function isPositive(positive: TargetSpec['positive']): (text: string) => boolean {
  if (positive === undefined) return (text) => text === '1' || text.toLowerCase() === 'true';
  const wanted = new Set(positive.map(String));
  return (text) => wanted.has(text);
}

function binaryLabels(coded: CodedColumn, positive: TargetSpec['positive']): Labels {
  const matches = isPositive(positive);
  const values = mapTexts(coded, (text) => (matches(text) ? 1 : 0));
  const classOf = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value));
  const name = (wanted: boolean, otherwise: string) => {
    const texts = coded.values.filter((text) => matches(text) === wanted);
    return texts.length > 0 && texts.length <= 3 ? texts.join(' or ') : otherwise;
  };
  const negative = coded.values.length === 2 ? name(false, 'other') : positive ? 'other' : '0';
  return { classOf, values, columns: 1, classes: [negative, name(true, '1')] };
}

/** The classes as listed, or all that occur: numbers in their order, then texts in theirs. */
export function classesOf(values: readonly string[], listed: TargetSpec['classes']): string[] {
  if (listed) return listed.map(String);
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  return values.every(isNumber)
    ? values.toSorted((one, other) => Number(one) - Number(other))
    : values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

/** A value that is not among the listed classes counts as no label. */
function multiclassLabels(coded: CodedColumn, listed: TargetSpec['classes']): Labels {
  const classes = classesOf(coded.values, listed);
  const places = coded.values.map((value) => classes.indexOf(value));
  const classOf = coded.codes.map((code) => (code < 0 ? -1 : (places[code] as number)));
  const values = new Float64Array(classOf.length * classes.length);
  for (const [row, label] of classOf.entries())
    if (label >= 0) values[row * classes.length + label] = 1;
    else values.fill(Number.NaN, row * classes.length, (row + 1) * classes.length);
  return { classOf, values, columns: classes.length, classes };
}

/** A row counts as labelled when all of its labels are there. */
async function multilabelLabels(target: readonly string[], source: ColumnSource): Promise<Labels> {
  const width = target.length;
  const values = new Float64Array(source.rows * width);
  const matches = isPositive(undefined);
  const patterns = new Array<string>(source.rows).fill('');
  for (const [place, column] of target.entries()) {
    const labels = mapTexts(await source.texts(column), (text) => (matches(text) ? 1 : 0));
    for (const [row, label] of labels.entries()) {
      values[row * width + place] = label;
      patterns[row] = `${patterns[row]}${Number.isNaN(label) ? '?' : label}`;
    }
  }
  const codes = new Map<string, number>();
  const classOf = Int32Array.from(patterns, (pattern) => {
    if (pattern.includes('?')) return -1;
    if (!codes.has(pattern)) codes.set(pattern, codes.size);
    return codes.get(pattern) ?? -1;
  });
  return { classOf, values, columns: width, classes: target };
}

/** Fitted on the labels of the training rows. */
export function fitTransform(
  kind: TargetTransform['kind'],
  values: Float64Array,
  train: Int32Array,
): TargetTransform {
  if (kind !== 'standardize') return { kind };
  const { mean, deviation } = momentsOf(presentValues(values, train));
  return { kind, mean, deviation: deviation > 0 ? deviation : 1 };
}

export function transformed(value: number, transform: TargetTransform): number {
  switch (transform.kind) {
    case 'none':
      return value;
    case 'log1p':
      return Math.log1p(value);
    case 'standardize':
      return (value - transform.mean) / transform.deviation;
    default:
      return transform satisfies never;
  }
}
