/** @file Whether heads, losses, metrics and targets go together. */
import { type Catalog, chosen } from '../kind.ts';
import { nearest } from '../nearest.ts';
import type { Problem } from '../problem.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';

export function checkHeads(spec: ResolvedSpec, catalog: Catalog): readonly Problem[] {
  return Object.entries(spec.heads).flatMap(([name, head]) => [
    ...checkFit(name, head, catalog),
    ...checkTarget(name, head, spec),
  ]);
}

type Head = ResolvedSpec['heads'][string];

function checkFit(name: string, head: Head, catalog: Catalog): readonly Problem[] {
  const { type } = head;
  const loss = catalog.loss.find((each) => each.name === chosen(head.loss).name);
  const problems: Problem[] = [];
  if (loss && !loss.heads.includes(type)) {
    const fitting = catalog.loss.filter(({ heads }) => heads.includes(type));
    problems.push({
      path: ['heads', name, 'loss'],
      expected: `a loss for a ${type} head`,
      came: loss.name,
      hint: `Losses for ${type}: ${fitting.map((each) => each.name).join(', ')}`,
    });
  }
  for (const [index, choice] of head.metrics.entries()) {
    const metric = catalog.metric.find((each) => each.name === chosen(choice).name);
    if (!metric || metric.heads.includes(type)) continue;
    const fitting = catalog.metric.filter(({ heads }) => heads.includes(type));
    problems.push({
      path: ['heads', name, 'metrics', index],
      expected: `a metric for a ${type} head`,
      came: metric.name,
      hint: `Metrics for ${type}: ${fitting.map((each) => each.name).join(', ')}`,
    });
  }
  const names = head.metrics.map((choice) => chosen(choice).name);
  for (const [index, metric] of names.entries()) {
    if (names.indexOf(metric) === index) continue;
    problems.push({
      path: ['heads', name, 'metrics', index],
      expected: 'each metric once',
      came: metric,
    });
  }
  if (loss?.name === 'poisson' && head.transform !== undefined && head.transform !== 'none') {
    problems.push({
      path: ['heads', name, 'transform'],
      expected: 'none, since the poisson loss is about the count itself',
      came: String(head.transform),
    });
  }
  return problems;
}

function checkTarget(name: string, head: Head, { data }: ResolvedSpec): readonly Problem[] {
  const problems: Problem[] = [];
  if (head.type !== 'multilabel' && head.target.length > 1) {
    problems.push({
      path: ['heads', name, 'target'],
      expected: `one column for a ${head.type} head`,
      came: `${head.target.length}`,
      hint: 'Several columns are a multilabel head, or a head for each.',
    });
  }
  for (const [group, { columns }] of data.features.entries()) {
    for (const [index, column] of columns.entries()) {
      if (!head.target.includes(column)) continue;
      problems.push({
        path: ['data', 'features', group, 'columns', index],
        expected: `features without the target of "${name}"`,
        came: `"${column}"`,
        hint: 'A model that sees its answer learns nothing else: leave the column out.',
      });
    }
  }
  return problems;
}

/** What a split says must make sense by itself; the columns are the data's to check. */
export function checkSplit({ data, heads }: ResolvedSpec): readonly Problem[] {
  const { split } = data;
  const path = ['data', 'split'];
  const problems: Problem[] = [];
  const { train, validation, test, column, stratify } = split;
  if (column === undefined) {
    const sum = (train ?? 0) + (validation ?? 0) + (test ?? 0);
    const isWhole = Math.abs(sum - 1) < 1e-9;
    if (!isWhole) {
      const came = [train, validation, test].filter((each) => each !== undefined).join(' + ');
      problems.push({
        path,
        expected: 'fractions that sum to 1',
        came: came === '' ? 'none' : `${came} = ${Number(sum.toFixed(6))}`,
      });
    }
    for (const [name, fraction] of Object.entries({ train, validation })) {
      if (fraction) continue;
      problems.push({
        path,
        expected: `a fraction for ${name} above 0`,
        came: String(fraction ?? 'nothing'),
      });
    }
  } else if ([train, validation, test].some((each) => each !== undefined)) {
    problems.push({
      path: [...path, 'column'],
      expected: 'a column or fractions, not both',
      came: `"${column}"`,
    });
  }
  if (stratify !== undefined && !heads[stratify]) {
    const names = Object.keys(heads);
    const near = nearest(stratify, names);
    problems.push({
      path: [...path, 'stratify'],
      expected: 'the name of a head',
      came: `"${stratify}"`,
      hint: `${near ? `Did you mean "${near}"? ` : ''}Heads: ${names.join(', ')}`,
      refersTo: ['heads', stratify],
    });
  }
  return problems;
}
