/** @file The labels of a head: read from its target columns, by the head's type. */
import type { HeadSpec } from '../../spec/schema/experiment.ts';
import { momentsOf, presentValues } from '../features/statistics.ts';
import type { TargetTransform } from '../signature.ts';
import type { CodedColumn, ColumnSource } from '../table/column-source.ts';
import { combinationsOf } from './combinations.ts';

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

/** Labels of the rows of a source, before they are split; as small as they can be kept. */
export type Labels = {
  /** Columns of the label array. */
  readonly columns: number;
  readonly classes: readonly string[] | null;
} & (
  | { readonly kind: 'numbers' /** NaN without a label. */; readonly values: Float64Array }
  | {
      /** A class as 0 and 1 in one column, or one-hot. */
      readonly kind: 'binary' | 'oneHot';
      /** -1 without a label. */
      readonly classOf: Int32Array;
    }
  | {
      readonly kind: 'several';
      /** The combination of labels, or -1 where one of them is missing. */
      readonly classOf: Int32Array;
      /** Of each column [row]: 0, 1, or -1 without a label. */
      readonly bits: readonly Int8Array[];
    }
);

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
      const [values = new Float64Array()] = await source.numbers([column]);
      return { kind: 'numbers', values, columns: 1, classes: null };
    }
    default:
      throw new Error(`internal: no labels for a head of type "${spec.type}"`);
  }
}

/** 0/1, one-hot, or the number; NaN without a label. */
export function labelAt(labels: Labels, row: number, column: number): number {
  switch (labels.kind) {
    case 'numbers':
      return labels.values[row] as number;
    case 'binary':
      return orMissing(labels.classOf[row] as number);
    case 'oneHot': {
      const label = labels.classOf[row] as number;
      return label < 0 ? Number.NaN : label === column ? 1 : 0;
    }
    case 'several':
      return orMissing(labels.bits[column]?.[row] ?? -1);
    default:
      return labels satisfies never;
  }
}

const orMissing = (label: number) => (label < 0 ? Number.NaN : label);

/** The texts that count as positive; without `positive`: 1 and true. */
export function isPositive(positive: TargetSpec['positive']): (text: string) => boolean {
  if (positive === undefined) return (text) => text === '1' || text.toLowerCase() === 'true';
  const wanted = new Set(positive.map(String));
  return (text) => wanted.has(text);
}

function binaryLabels({ codes, values }: CodedColumn, positive: TargetSpec['positive']): Labels {
  const matches = isPositive(positive);
  const labels = values.map((text) => (matches(text) ? 1 : 0));
  const name = (wanted: boolean, otherwise: string) => {
    const texts = values.filter((text) => matches(text) === wanted);
    return texts.length > 0 && texts.length <= 3 ? texts.join(' or ') : otherwise;
  };
  const negative = values.length === 2 ? name(false, 'other') : positive ? 'other' : '0';
  const classes = [negative, name(true, '1')];
  return { kind: 'binary', classOf: labelsOf(codes, labels), columns: 1, classes };
}

/** The label of each row's code; -1 stays -1. */
const labelsOf = (codes: Int32Array, labels: readonly number[]): Int32Array =>
  codes.map((code) => (code < 0 ? -1 : (labels[code] as number)));

/** The classes as listed, or all that occur: numbers in their order, then texts in theirs. */
export function classesOf(values: readonly string[], listed: TargetSpec['classes']): string[] {
  if (listed) return listed.map(String);
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  return values.every(isNumber)
    ? values.toSorted((one, other) => Number(one) - Number(other))
    : values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

/** A value that is not among the listed classes counts as no label. */
function multiclassLabels({ codes, values }: CodedColumn, listed: TargetSpec['classes']): Labels {
  const classes = classesOf(values, listed);
  const labels = values.map((value) => classes.indexOf(value));
  return { kind: 'oneHot', classOf: labelsOf(codes, labels), columns: classes.length, classes };
}

/** A row counts as labelled when all of its labels are there. */
async function multilabelLabels(target: readonly string[], source: ColumnSource): Promise<Labels> {
  const matches = isPositive(undefined);
  const bits: Int8Array[] = [];
  for (const column of target) {
    const { codes, values } = await source.texts(column);
    const labels = values.map((text) => (matches(text) ? 1 : 0));
    bits.push(new Int8Array(labelsOf(codes, labels)));
  }
  const classOf = combinationsOf(bits, source.rows);
  return { kind: 'several', classOf, bits, columns: target.length, classes: target };
}

/** Fitted on the labels of the training rows. */
export function fitTransform(
  kind: TargetTransform['kind'],
  labels: Labels,
  train: Int32Array,
): TargetTransform {
  if (kind !== 'standardize') return { kind };
  const values = labels.kind === 'numbers' ? labels.values : new Float64Array();
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
