/** @file A sweep in Markdown: what it asked, what it found, and what it tried. */
import { metricSpread, type RankedChoice, rankedJoint } from './choices.ts';
import { formatParameter, formatSpread, shortNames } from './format.ts';
import { gainOf } from './gain.ts';
import { leftOutNotes } from './left-out.ts';
import { compilingText, programNotes } from './programs.ts';
import type { RunView } from './read-run.ts';
import { frontText, keptText } from './sweep/words.ts';
import {
  clipped,
  code,
  link,
  listed,
  noteLimit,
  plain,
  shortened,
  table,
} from './trial/markdown.ts';

export interface NoteOptions {
  /** Addresses by the words that lead to them. */
  readonly links?: Readonly<Record<string, string>>;
}

/** How much of everything is told: of lists the first few, of words so many signs. */
interface Detail {
  readonly choices: number;
  readonly paths: number;
  readonly metrics: number;
  readonly tasks: number;
  readonly lines: number;
  readonly words: number;
}

/** From all that anybody reads to what always fits. */
const details: readonly Detail[] = [
  { choices: 20, paths: 12, metrics: 6, tasks: 30, lines: 12, words: 400 },
  { choices: 10, paths: 8, metrics: 4, tasks: 16, lines: 6, words: 240 },
  { choices: 5, paths: 4, metrics: 2, tasks: 8, lines: 3, words: 160 },
];

export function runNote(view: RunView, { links = {} }: NoteOptions = {}): string {
  const where = '`report.html`';
  let note = '';
  for (const [level, detail] of details.entries()) {
    note = noteOf(view, links, detail);
    if (level > 0) note += `\n\n*Shortened: the whole is in ${where}.*`;
    if (note.length <= noteLimit) return note;
  }
  return shortened(note, where);
}

function noteOf(view: RunView, links: Readonly<Record<string, string>>, detail: Detail): string {
  const addresses = Object.entries(links).map(([words, address]) => link(words, address));
  return [
    `### ${plain(view.question ?? `Experiment ${view.experiment}`, detail.words)}`,
    answerText(view, detail),
    statusText(view),
    addresses.join(' · '),
    choicesText(view, detail),
    sweptText(view, detail),
    failedText(view, detail),
    madeText(view, detail),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function answerText(view: RunView, { tasks, words }: Detail): string {
  const gains = gainOf(view);
  if (gains) {
    const lines = gains.map(({ task, sentence }) => {
      const rest = sentence.slice(`${task}: `.length);
      return `- **${plain(task, 60)}**: ${plain(rest, words)}`;
    });
    return listed(lines, tasks).join('\n');
  }
  if (Object.keys(view.heads).length < 2) return '';
  return 'No task was trained alone, so nothing says whether sharing paid: `baselines: singleTask` would.';
}

/** `20 trials: 18 finished, 2 failed.` */
function statusText(view: RunView): string {
  const { trials } = view;
  const counts = new Map<string, number>();
  for (const { status } of trials) counts.set(status, (counts.get(status) ?? 0) + 1);
  const each = [...counts].map(([status, count]) => `${count} ${status}`);
  const count = `${trials.length} trial${trials.length === 1 ? '' : 's'}`;
  return [`${count}: ${each.join(', ') || 'none yet'}.`, ...leftOutNotes(view)].join(' ');
}

function choicesText(view: RunView, detail: Detail): string {
  const ranked = rankedJoint(view);
  if (ranked.length === 0) return '';
  const paths = [...new Set(ranked.flatMap(({ parameters }) => Object.keys(parameters)))];
  const names = shortNames(paths);
  const shownPaths = paths.slice(0, detail.paths);
  const columns = metricColumns(view, ranked, detail);
  const rows = ranked.slice(0, detail.choices).map((choice) => {
    const { rank, parameters, finished } = choice;
    const numbers = finished.map(({ number }) => number).join(', ');
    return [
      String(Number(rank.toFixed(1))),
      ...shownPaths.map((path) => plain(formatParameter(parameters[path]))),
      ...columns.map((name) => formatSpread(metricSpread(choice, name))),
      `${finished.length} (${clipped(numbers, 30)})`,
    ];
  });
  const head = [
    'rank',
    ...shownPaths.map((path) => plain(names.get(path) ?? path, 40)),
    ...columns.map((name) => plain(name, 60)),
    'replicates (trials)',
  ];
  const more = [
    [ranked.length - rows.length, 'choices'],
    [paths.length - shownPaths.length, 'swept values'],
  ].flatMap(([count, what]) => (Number(count) > 0 ? [`${count} more ${what}`] : []));
  const objective = view.objective.map(({ metric, direction }) => `${direction} ${code(metric)}`);
  return [
    '**The best choices of joint training**',
    table(head, rows),
    more.length > 0 ? `Not shown: ${more.join(', ')}.` : '',
    `Mean ± standard deviation over the replicates, at the best epoch of each. Ranked to ${listedWords(objective, detail.metrics)}.`,
    ...(ranked.length > 1 ? [keptText(view), frontText(view)] : []).map((words) =>
      plain(words ?? '', detail.words),
    ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const listedWords = (words: readonly string[], most: number): string =>
  words.length <= most
    ? words.join(', ')
    : `${words.slice(0, most).join(', ')} and ${words.length - most} more`;

/** The yardstick of each task, on validation, and on test where there is one. */
function metricColumns(
  { heads }: RunView,
  ranked: readonly RankedChoice[],
  { metrics }: Detail,
): readonly string[] {
  const names = Object.entries(heads).flatMap(([head, { metrics: own }]) =>
    own.slice(0, 1).map(({ name }) => `${head}/${name}`),
  );
  return ['validation', 'test'].flatMap((split) =>
    names
      .slice(0, metrics)
      .map((name) => `${split}/${name}`)
      .filter((name) => split !== 'test' || ranked.some((each) => metricSpread(each, name).n > 0)),
  );
}

function sweptText({ trials }: RunView, { paths, lines }: Detail): string {
  const joint = trials.filter(({ control }) => control === null);
  const names = [...new Set(joint.flatMap(({ parameters }) => Object.keys(parameters)))];
  if (names.length === 0) return '';
  const items = names.map((path) => {
    const values = joint.flatMap(({ parameters }) =>
      path in parameters ? [parameters[path]] : [],
    );
    return `- ${code(path)}: ${valuesText(values, lines)}`;
  });
  return ['**What was swept**', '', ...listed(items, paths)].join('\n');
}

/** A few values each by itself, many numbers by their ends. */
function valuesText(values: readonly unknown[], most: number): string {
  const distinct = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  const numbers = distinct.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const areNumbers = numbers.length === distinct.length;
  if (areNumbers && distinct.length > most) {
    const ends = [numbers[0], numbers.at(-1)].map(formatParameter);
    return `${distinct.length} values from ${ends.join(' to ')}`;
  }
  const words = (areNumbers ? numbers : distinct).map((value) => plain(formatParameter(value)));
  return listedWords(words, most);
}

function failedText({ trials }: RunView, { lines, words }: Detail): string {
  const failed = trials.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return '';
  const items = failed.map(
    ({ number, reason }) =>
      `- trial ${number}: ${plain(reason ?? 'no reason was recorded', words)}`,
  );
  return ['**Failed**', '', ...listed(items, lines)].join('\n');
}

function madeText(view: RunView, { lines, words }: Detail): string {
  const facts = Object.entries(view.environment).map(
    ([name, value]) => `${plain(name, 40)} ${code(value, 80)}`,
  );
  const compiled = compilingText(view);
  const seconds = view.trials.reduce((total, trial) => total + trial.seconds, 0);
  const items = [
    `- engine ${code(view.engine, 80)}${facts.length > 0 ? `, ${listedWords(facts, 12)}` : ''}`,
    `- ${seconds.toFixed(0)} s of training in all trials${compiled ? `; ${compiled}` : ''}`,
    ...[...view.notes, ...programNotes(view)].map((note) => `- ${plain(note, words)}`),
  ];
  return ['**How it was made**', '', ...listed(items, lines)].join('\n');
}
