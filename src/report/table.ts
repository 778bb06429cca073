/** @file The answer in a terminal: choices ranked, tasks jointly against alone, one sentence each. */
import { type ChoiceView, metricSpread, rankedJoint } from './choices.ts';
import { formatParameter, formatSpread, formatValue, shortNames } from './format.ts';
import { gainOf, type TaskGain } from './gain.ts';
import { programNotes } from './programs.ts';
import type { RunView } from './read-run.ts';

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

export function renderTable(view: RunView, { width, color }: TableOptions): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const title = `${view.experiment}: ${countText(view)}, ${view.engine}`;
  return [
    ...(view.question ? [paint(1, view.question)] : []),
    title,
    '',
    ...joint(view, width, paint),
    ...failures(view),
    ...footnotes(view),
    ...answer(view, paint),
  ].join('\n');
}

function countText({ trials }: RunView): string {
  const counts = new Map<string, number>();
  for (const { status } of trials) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .map(([status, count]) => `${count} trial${count === 1 ? '' : 's'} ${status}`)
    .join(', ');
}

type Paint = (code: number, text: string) => string;

/** As many of the best choices as a screen holds. */
const shownChoices = 20;

function joint(view: RunView, width: number, paint: Paint): readonly string[] {
  const ranked = rankedJoint(view);
  if (ranked.length === 0) return ['No joint trial has finished.', ''];
  const paths = [...new Set(ranked.flatMap(({ parameters }) => Object.keys(parameters)))];
  const names = shortNames(paths);
  const metrics = Object.entries(view.heads).flatMap(([head, { metrics: own }]) =>
    own.slice(0, 1).map(({ name }) => `${head}/${name}`),
  );
  const hasTest = metrics.some((metric) =>
    ranked.some((choice) => metricSpread(choice, `test/${metric}`).n > 0),
  );
  const head = [
    'rank',
    ...paths.map((path) => names.get(path) ?? path),
    ...metrics,
    ...(hasTest ? metrics.map((metric) => `test ${metric}`) : []),
    'epochs',
    's',
    'trials',
  ];
  const rows = ranked
    .slice(0, shownChoices)
    .map((choice) => [
      formatRank(choice.rank),
      ...paths.map((path) => formatParameter(choice.parameters[path])),
      ...metrics.map((metric) => formatSpread(metricSpread(choice, `validation/${metric}`))),
      ...(hasTest
        ? metrics.map((metric) => formatSpread(metricSpread(choice, `test/${metric}`)))
        : []),
      formatValue(meanOf(choice, 'epochs')).replace(/\.0+$/, ''),
      formatValue(meanOf(choice, 'seconds')),
      choice.finished.map(({ number }) => number).join(','),
    ]);
  const more =
    ranked.length > shownChoices
      ? [`… and ${ranked.length - shownChoices} more (results --json lists all)`]
      : [];
  const lines = align([head, ...rows], width);
  return [paint(2, lines[0] ?? ''), ...lines.slice(1), ...more, ''];
}

const formatRank = (rank: number) => String(Number(rank.toFixed(1)));
const meanOf = ({ finished }: ChoiceView, key: 'epochs' | 'seconds') =>
  finished.reduce((sum, trial) => sum + trial[key], 0) / finished.length;

/** Columns side by side; from the right, those that do not fit are left out. */
function align(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  let count = widths.length;
  const total = () => widths.slice(0, count).reduce((sum, each) => sum + each + 2, 0);
  while (count > 2 && total() > Math.max(width, 80)) count -= 1;
  return rows.map((row) =>
    row
      .slice(0, count)
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function failures({ trials }: RunView): readonly string[] {
  const failed = trials.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [];
  const lines = failed.map(({ number, parameters, reason }) => {
    const choice = Object.entries(parameters).map(
      ([path, value]) => `${path}=${formatParameter(value)}`,
    );
    return `  trial ${number} (${choice.join(', ') || 'as written'}): ${reason}`;
  });
  return ['Failed:', ...lines, ''];
}

function footnotes(view: RunView): readonly string[] {
  const notes = programNotes(view);
  return notes.length > 0 ? [...notes, ''] : [];
}

function answer(view: RunView, paint: Paint): readonly string[] {
  const gains = gainOf(view);
  if (!gains) {
    if (Object.keys(view.heads).length < 2) return [];
    return [
      'Did sharing pay? Set `baselines: singleTask` to train each task alone as well, and find out.',
    ];
  }
  const head = ['task', 'metric', 'jointly', 'alone', 'gain', '95 % interval', 'verdict'];
  const rows = gains.map((gain) => [
    gain.task,
    `${gain.split} ${gain.metric}`,
    gain.joint ? formatSpread(gain.joint) : '–',
    gain.control ? formatSpread(gain.control) : '–',
    gain.gain ? formatValue(gain.gain.mean) : '–',
    gain.interval ? gain.interval.map((bound) => formatValue(bound)).join(' to ') : '–',
    gain.verdict,
  ]);
  const lines = align([head, ...rows], 200);
  return [
    'Did sharing pay? The best joint choice against the best one of each task alone (chosen on validation):',
    '',
    paint(2, lines[0] ?? ''),
    ...lines.slice(1),
    '',
    ...gains.map((gain) => paint(colorOf(gain), gain.sentence)),
  ];
}

const colorOf = ({ verdict }: TaskGain) =>
  ({ paid: 32, hurt: 31, 'no clear difference': 33, unknown: 33 })[verdict];
