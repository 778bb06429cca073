/** @file The answer in a terminal: choices ranked, tasks jointly against alone, one sentence each. */
import { align, choiceTable } from './choice-table.ts';
import { rankedJoint } from './choices.ts';
import { formatParameter, formatSpread, formatValue } from './format.ts';
import { gainOf, type TaskGain } from './gain.ts';
import { leftOutNotes } from './left-out.ts';
import { programNotes } from './programs.ts';
import type { RunView } from './read-run.ts';
import type { ListedChoice } from './sweep/names.ts';
import { frontText, keptText, markedChoices } from './sweep/words.ts';

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

/** Chosen choices alone: no verdict, which is about the whole run. */
export function renderChoices(
  view: RunView,
  choices: readonly ListedChoice[],
  { width, color }: TableOptions,
): string {
  if (choices.length === 0) return 'No trial of this run is like that.';
  const lines = choiceTable(view, choices, { width, front: markedChoices(view) });
  const trials = choices.flatMap((choice) => choice.trials);
  return [
    `${view.experiment}: ${countText({ trials })} of ${view.trials.length}`,
    '',
    painter(color)(2, lines[0] ?? ''),
    ...lines.slice(1),
    ...failures({ trials }, ['']),
  ].join('\n');
}

const painter =
  (color: boolean): Paint =>
  (code, text) =>
    color ? `\u001b[${code}m${text}\u001b[0m` : text;

export function renderTable(view: RunView, { width, color }: TableOptions): string {
  const paint = painter(color);
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

function countText({ trials }: Pick<RunView, 'trials'>): string {
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
  const front = markedChoices(view);
  const lines = choiceTable(view, ranked.slice(0, shownChoices), { width, front });
  const left = ranked.length - shownChoices;
  const words = [frontText(view), ranked.length > 1 ? keptText(view) : null];
  return [
    paint(2, lines[0] ?? ''),
    ...lines.slice(1),
    ...(left > 0 ? [`… and ${left} more (--limit shows more, results --json lists all)`] : []),
    '',
    ...words.flatMap((text, index) => (text ? [`${index === 0 ? '* ' : ''}${text}`] : [])),
    ...(words.some(Boolean) ? [''] : []),
  ];
}

const shownFailures = 10;

function failures(
  { trials }: Pick<RunView, 'trials'>,
  before: readonly string[] = [],
): readonly string[] {
  const failed = trials.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [];
  const lines = failed.map(({ number, parameters, reason }) => {
    const choice = Object.entries(parameters).map(
      ([path, value]) => `${path}=${formatParameter(value)}`,
    );
    return `  trial ${number} (${choice.join(', ') || 'as written'}): ${reason}`;
  });
  const left = lines.length - shownFailures;
  const more = left > 0 ? [`  … and ${left} more (results --where status=failed)`] : [];
  return [...before, 'Failed:', ...lines.slice(0, shownFailures), ...more, ''];
}

function footnotes(view: RunView): readonly string[] {
  const notes = [...leftOutNotes(view), ...programNotes(view)];
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
  const lines = align([head, ...rows]);
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
