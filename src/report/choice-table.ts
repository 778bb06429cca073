/** @file Choices side by side in a terminal: rank, swept values, metrics, replicates. */
import { type ChoiceView, metricSpread } from './choices.ts';
import { formatParameter, formatSpread, formatValue, shortNames } from './format.ts';
import type { RunView } from './read-run.ts';

export interface ChoiceRow extends ChoiceView {
  /** Null for what is not ranked: a control, or a choice of which no trial finished. */
  readonly rank: number | null;
}

export interface ChoiceTableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** The choices that are marked as being on the front. */
  readonly front: ReadonlySet<string>;
}

/** The heading, then a line a choice. */
export function choiceTable(
  { heads }: Pick<RunView, 'heads'>,
  choices: readonly ChoiceRow[],
  { width, front }: ChoiceTableOptions,
): readonly string[] {
  const paths = [...new Set(choices.flatMap(({ parameters }) => Object.keys(parameters)))];
  const names = shortNames(paths);
  const metrics = Object.entries(heads).flatMap(([head, { metrics: own }]) =>
    own.slice(0, 1).map(({ name }) => `${head}/${name}`),
  );
  const hasTest = metrics.some((metric) =>
    choices.some((choice) => metricSpread(choice, `test/${metric}`).n > 0),
  );
  const splits = hasTest ? ['validation', 'test'] : ['validation'];
  const columns = splits.flatMap((split) => metrics.map((metric) => `${split}/${metric}`));
  const hasControls = choices.some(({ control }) => control !== null);
  const mark = ({ choice }: ChoiceRow) => (front.has(choice) ? '*' : front.size > 0 ? ' ' : '');
  const table: readonly Column[] = [
    {
      head: front.size > 0 ? 'rank ' : 'rank',
      cell: (choice) => `${choice.rank === null ? '–' : formatRank(choice.rank)}${mark(choice)}`,
      keep: 6,
    },
    ...(hasControls
      ? [{ head: 'tasks', cell: (choice: ChoiceRow) => choice.tasks.join(','), keep: 6 }]
      : []),
    ...paths.map((path) => ({
      head: names.get(path) ?? path,
      cell: ({ parameters }: ChoiceRow) => formatParameter(parameters[path]),
      keep: 2,
    })),
    ...columns.map(metricColumn),
    {
      head: 'epochs',
      cell: (choice) => formatValue(meanOf(choice, 'epochs')).replace(/\.0+$/, ''),
      keep: 1,
    },
    { head: 's', cell: (choice) => formatValue(meanOf(choice, 'seconds')), keep: 0 },
    { head: 'replicates', cell: replicatesText, keep: 1 },
    {
      head: 'trials',
      cell: (choice) =>
        shownTrials(choice)
          .map(({ number }) => number)
          .join(','),
      keep: 4,
    },
  ];
  const shown = fitting(table, choices, width);
  return align([
    shown.map(({ head }) => head),
    ...choices.map((choice) => shown.map(({ cell }) => cell(choice))),
  ]);
}

const metricColumn = (column: string): Column => ({
  head: column.replace('validation/', '').replace('test/', 'test '),
  cell: (choice) => formatSpread(metricSpread(choice, column)),
  keep: column.startsWith('test/') ? 3 : 5,
});

interface Column {
  readonly head: string;
  readonly cell: (choice: ChoiceRow) => string;
  /** Where not all fit, those with the least go first, from the right. */
  readonly keep: number;
}

function fitting(
  table: readonly Column[],
  choices: readonly ChoiceRow[],
  width: number,
): readonly Column[] {
  const widths = new Map(
    table.map((column) => [
      column,
      2 + Math.max(column.head.length, ...choices.map((choice) => column.cell(choice).length)),
    ]),
  );
  const shown = [...table];
  const total = () => shown.reduce((sum, column) => sum + (widths.get(column) ?? 0), 0);
  while (shown.length > 2 && total() > Math.max(width, 80)) {
    const least = Math.min(...shown.map(({ keep }) => keep));
    shown.splice(
      shown.findLastIndex(({ keep }) => keep === least),
      1,
    );
  }
  return shown;
}

export const formatRank = (rank: number) => String(Number(rank.toFixed(1)));

/** `3`, or `2 of 3` where not all of them finished. */
export function replicatesText({ finished, trials }: ChoiceView): string {
  return finished.length === trials.length
    ? String(trials.length)
    : `${finished.length} of ${trials.length}`;
}

/** What its numbers come from; where nothing finished, all there is. */
const shownTrials = ({ finished, trials }: ChoiceView) => (finished.length > 0 ? finished : trials);

function meanOf(choice: ChoiceView, key: 'epochs' | 'seconds'): number {
  const trials = shownTrials(choice);
  return trials.reduce((sum, trial) => sum + trial[key], 0) / trials.length;
}

/** Columns side by side. */
export function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
