/** @file What the columns of an unknown table may be good for: a guess to start a spec from. */
import type { ColumnDescription, TableDescription } from './describe.ts';
import { isNumeric, isPointInTime, isWhole } from './table/sql.ts';

export type Role =
  | { readonly role: 'number' | 'category' | 'embedding' | 'boolean' | 'date' }
  | { readonly role: 'left out'; readonly reason: string; readonly group?: boolean };
export interface HeadGuess {
  readonly column: string;
  readonly type: 'binary' | 'multiclass' | 'regression';
  /** For `binary`: the value that counts as positive, unless it is 1 or true. */
  readonly positive?: string;
}

const idName = /(^|_|\b)(id|nr|nbr|no|key|uuid|guid|index|rownum)$/i;
const codeName = /(_id|code|type|class|group|category|kind|zip|flag)s?$|_recode$/i;
const targetName =
  /^(target|label|outcome|class|y|digit|survived|churn(ed)?|default(ed)?|readmitted|income|price|progression|benign|malignant|died|mortality|diagnosis)$/i;
const amountName =
  /(time|days|duration|length|stay|price|amount|cost|score|weeks|hours|progression|weight|torque)/i;

/** What a column may be as a feature. */
export function guessRole(column: ColumnDescription, rows: number): Role {
  const { name, type, distinct, missing } = column;
  const present = rows - missing;
  if (distinct === 0) return { role: 'left out', reason: 'no values' };
  if (distinct === 1) return { role: 'left out', reason: `always ${column.examples[0] ?? ''}` };
  const text = type === 'VARCHAR' || type === 'UUID';
  const unique = distinct >= 0.98 * present;
  if (idName.test(name) && unique) return { role: 'left out', reason: 'an id' };
  if (idName.test(name) && distinct > 1000)
    return { role: 'left out', reason: 'an id that several rows share', group: true };
  if (type === 'BOOLEAN') return { role: 'boolean' };
  if (isPointInTime(type)) return { role: 'date' };
  if (isNumeric(type)) {
    const isCode = isWhole(type) && (codeName.test(name) || idName.test(name)) && distinct <= 100;
    return { role: isCode ? (distinct > 20 ? 'embedding' : 'category') : 'number' };
  }
  if (!text) return { role: 'left out', reason: `of type ${type}` };
  if (unique && present > 50) return { role: 'left out', reason: 'a different text in every row' };
  if (distinct > 5000) return { role: 'left out', reason: `${distinct} different texts` };
  return { role: distinct > 20 ? 'embedding' : 'category' };
}

/** One or two columns to predict: one that is named like a target or the last, and one of the other kind. */
export function guessHeads({ columns, rows }: TableDescription): HeadGuess[] {
  const candidates = columns.filter((column) => guessRole(column, rows).role !== 'left out');
  const first =
    candidates.find(({ name }) => targetName.test(name)) ??
    candidates.findLast((column) => guessHead(column) !== undefined);
  const head = first && guessHead(first);
  if (!head) return [];
  const second = candidates
    .filter((column) => column !== first && amountName.test(column.name) && column.missing === 0)
    .map(guessHead)
    .find((other) => other !== undefined && other.type === 'regression');
  return second && candidates.length > 2 ? [head, second] : [head];
}

function guessHead({ name, type, distinct, examples }: ColumnDescription): HeadGuess | undefined {
  if (distinct === 2) {
    const trues = examples.filter((value) => /^(1|true)$/i.test(value));
    // The rarer value is what one looks for.
    return {
      column: name,
      type: 'binary',
      positive: trues.length > 0 ? undefined : examples.at(1),
    };
  }
  if (isNumeric(type) && !(isWhole(type) && targetName.test(name) && distinct <= 20))
    return { column: name, type: 'regression' };
  const isClass = (type === 'VARCHAR' || isNumeric(type)) && distinct <= 50;
  return isClass ? { column: name, type: 'multiclass' } : undefined;
}
