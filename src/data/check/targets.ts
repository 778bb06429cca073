/** @file Targets that cannot be learned: of the wrong kind, or always the same. */
import type { Path, Problem } from '../../spec/problem.ts';
import type { DataRequest } from '../fit.ts';
import { suggest } from '../table/nearest.ts';
import { asNumber, isNoNumber, quoteName } from '../table/sql.ts';
import type { Table } from '../table/table.ts';
import {
  classesOf,
  isPositive,
  readLabels,
  type TargetSpec,
  targetSpecOf,
} from '../targets/labels.ts';
import { describeUnreadable, findUnreadable } from './unreadable.ts';

const mostClasses = 1000;

export async function checkTargets(heads: DataRequest['heads'], table: Table): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [name, head] of Object.entries(heads)) {
    const spec = targetSpecOf(head);
    if (spec.target.every((column) => table.has(column)))
      problems.push(...(await checkTarget(spec, ['heads', name], table)));
  }
  return problems;
}

async function checkTarget(spec: TargetSpec, path: Path, table: Table): Promise<Problem[]> {
  const [column = '', ...more] = spec.target;
  if (more.length > 0 && spec.type !== 'multilabel')
    return [
      {
        path: [...path, 'target'],
        expected: 'one column',
        came: spec.target.join(', '),
        hint: 'Several columns are for `type: multilabel`.',
      },
    ];
  switch (spec.type) {
    case 'binary':
      return checkBinary(spec, column, path, table);
    case 'multiclass':
      return checkMulticlass(spec, column, path, table);
    case 'multilabel':
      return checkMultilabel(spec.target, path, table);
    case 'regression':
      return checkRegression(spec, column, path, table);
    default:
      return [];
  }
}

async function checkBinary(spec: TargetSpec, column: string, path: Path, table: Table) {
  const values = await table.values(column);
  const target = [...path, 'target'];
  if (values.length === 0) return [noLabels(target, column)];
  const listed = spec.positive?.map(String) ?? [];
  const never = listed.flatMap((value, index) =>
    values.includes(value)
      ? []
      : [neverOccurs([...path, 'positive', index], value, column, values)],
  );
  const matches = isPositive(spec.positive);
  const positives = values.filter(matches).length;
  if (positives === 0 && spec.positive === undefined)
    return [
      {
        path: target,
        expected: '1 or true in some rows',
        came: `${listing(values)} in "${column}"`,
        hint: `Say which values count as positive: \`positive: ['${values[0]}']\`.`,
      },
    ];
  if (never.length === 0 && positives === values.length)
    never.push({
      path: target,
      expected: 'positive and negative rows',
      came: `positive ones only in "${column}": ${listing(values)}`,
      hint: '',
    });
  return [...never, ...(await checkClassWeight(spec, path, table))];
}

async function checkMulticlass(spec: TargetSpec, column: string, path: Path, table: Table) {
  const values = await table.values(column);
  const target = [...path, 'target'];
  if (values.length === 0) return [noLabels(target, column)];
  const classes = classesOf(values, spec.classes);
  if (classes.length < 2 || classes.length > mostClasses)
    return [
      {
        path: target,
        expected: `2 to ${mostClasses} classes`,
        came: `${classes.length} in "${column}"`,
        hint: classes.length > mostClasses ? 'Is it a number? Then use `type: regression`.' : '',
      },
    ];
  const problems: Problem[] = classes.flatMap((value, index) =>
    values.includes(value) ? [] : [neverOccurs([...path, 'classes', index], value, column, values)],
  );
  return [...problems, ...(await checkClassWeight(spec, path, table))];
}

async function checkMultilabel(target: readonly string[], path: Path, table: Table) {
  const problems: Problem[] = [];
  for (const [index, column] of target.entries()) {
    const values = await table.values(column);
    const others = values.filter((value) => !/^(0|1|true|false)$/i.test(value));
    if (values.length === 0) problems.push(noLabels([...path, 'target', index], column));
    if (others.length > 0)
      problems.push({
        path: [...path, 'target', index],
        expected: '0 and 1, or true and false',
        came: `${listing(others)} in "${column}"`,
      });
  }
  return problems;
}

async function checkRegression(spec: TargetSpec, column: string, path: Path, table: Table) {
  const target = [...path, 'target'];
  const value = asNumber(table.column(column));
  const isWrong = isNoNumber(table.column(column));
  const [wrong] = await findUnreadable(table, [{ column, isWrong }]);
  if (wrong)
    return [
      {
        path: target,
        expected: 'numbers',
        came: describeUnreadable(wrong, table.rows),
        hint: 'Classes are for `type: binary` and `type: multiclass`.',
      },
    ];
  const [[count, low, high] = []] = await table.query(
    `SELECT count(${quoteName(column)}), min(${value}), max(${value}) FROM rows`,
  );
  if (Number(count) === 0) return [noLabels(target, column)];
  if (low === high)
    return [
      { path: target, expected: 'different numbers', came: `${low} in every row of "${column}"` },
    ];
  if (spec.transform !== 'log1p' || Number(low) > -1) return [];
  return [
    {
      path: [...path, 'transform'],
      expected: 'numbers above -1 to take log1p of',
      came: `${low} in "${column}"`,
      hint: 'Use `transform: standardize`.',
    },
  ];
}

async function checkClassWeight(spec: TargetSpec, path: Path, table: Table): Promise<Problem[]> {
  if (typeof spec.classWeight !== 'object') return [];
  const { classes } = await readLabels(spec, table);
  const known = [...(classes ?? []), ...(spec.type === 'binary' ? ['0', '1'] : [])];
  return Object.keys(spec.classWeight)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: [...path, 'classWeight', name],
      expected: 'a class',
      came: `"${name}"`,
      hint: suggest(name, known, 'Classes'),
      atKey: true,
    }));
}

const noLabels = (path: Path, column: string): Problem => ({
  path,
  expected: 'labels',
  came: `missing values only in "${column}"`,
});

const neverOccurs = (
  path: Path,
  value: string,
  column: string,
  values: readonly string[],
): Problem => ({
  path,
  expected: `a value of "${column}"`,
  came: `"${value}"`,
  hint: suggest(value, values, 'Values'),
});

const listing = (values: readonly string[]) =>
  values.length > 8 ? `${values.slice(0, 8).join(', ')}, …` : values.join(', ');
