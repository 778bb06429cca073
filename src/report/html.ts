/** @file The answer as one page that holds everything: no script, no address outside. */
import { replicatesText } from './choice-table.ts';
import { metricSpread, rankedJoint } from './choices.ts';
import { formatParameter, formatSpread, formatValue, shortNames } from './format.ts';
import { gainOf, type TaskGain } from './gain.ts';
import { escaped, note, table } from './html-parts.ts';
import { leftOutNotes } from './left-out.ts';
import { curvePlot, gainPlot } from './plots.ts';
import { compilingText, programNotes } from './programs.ts';
import type { RunView } from './read-run.ts';
import { frontHtml, searchHtml, sweptHtml } from './sweep/html.ts';
import { picturesOf } from './sweep/pictures.ts';
import { frontText, keptText, markedChoices, objectiveText } from './sweep/words.ts';

export function renderHtml(view: RunView): string {
  const gains = gainOf(view);
  const title = view.question ?? `Experiment ${view.experiment}`;
  const pictures = picturesOf(view);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(view.experiment)}: did sharing pay?</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="kicker">${escaped(view.experiment)}</p>
<h1>${escaped(title)}</h1>
${answerHtml(gains)}
</header>
${gains?.some(({ gain }) => gain) ? section('The gain', gainHtml(gains)) : ''}
${section('Joint trials', trialsHtml(view))}
${section('Trade-offs', frontHtml(view, pictures))}
${section('Learning curves', curvesHtml(view))}
${section('What was swept', sweptHtml(pictures))}
${section('How the search went', searchHtml(pictures))}
${failedHtml(view)}
${section('How it was made', environmentHtml(view))}
</main>
</body>
</html>
`;
}

const section = (title: string, content: string) =>
  content === '' ? '' : `<section><h2>${escaped(title)}</h2>${content}</section>`;

const classes = {
  paid: 'paid',
  hurt: 'hurt',
  'no clear difference': 'even',
  unknown: 'even',
} as const;

function answerHtml(gains: readonly TaskGain[] | null): string {
  if (!gains) {
    return '<p class="answer even">No task was trained alone, so there is no answer: set <code>baselines: singleTask</code>.</p>';
  }
  return gains
    .map(
      ({ sentence, verdict }) => `<p class="answer ${classes[verdict]}">${escaped(sentence)}</p>`,
    )
    .join('\n');
}

function gainHtml(gains: readonly TaskGain[]): string {
  const rows = gains.map(({ task, metric, split, joint, control, gain, interval, verdict }) => [
    task,
    `${split} ${metric}`,
    joint ? formatSpread(joint) : '–',
    control ? formatSpread(control) : '–',
    gain ? formatValue(gain.mean) : '–',
    interval ? interval.map((bound) => formatValue(bound)).join(' to ') : '–',
    verdict,
  ]);
  const note =
    'Joint model and controls are each chosen on the validation split and compared pair by pair, replicate by replicate. A point is the mean gain, its line the 95 % interval (Student’s t) over the replicates; right of zero is better.';
  return `<figure>${gainPlot(gains)}<figcaption>${note}</figcaption></figure>${table(['task', 'metric', 'jointly', 'alone', 'gain', '95 % interval', 'verdict'], rows)}`;
}

function trialsHtml(view: RunView): string {
  const ranked = rankedJoint(view);
  const paths = [...new Set(ranked.flatMap(({ parameters }) => Object.keys(parameters)))];
  const names = shortNames(paths);
  const metrics = Object.entries(view.heads).flatMap(([head, { metrics: own }]) =>
    own.map(({ name }) => `${head}/${name}`),
  );
  const hasTest = ranked.some((choice) =>
    metrics.some((metric) => metricSpread(choice, `test/${metric}`).n > 0),
  );
  const splits = hasTest ? ['validation', 'test'] : ['validation'];
  const columns = splits.flatMap((split) => metrics.map((metric) => `${split}/${metric}`));
  const head = [
    'rank',
    ...paths.map((path) => names.get(path) ?? path),
    ...columns.map((metric) => metric.replace('validation/', '')),
    'replicates',
    'trials',
  ];
  const front = markedChoices(view);
  const rows = ranked
    .slice(0, mostRows)
    .map((choice) => [
      `${Number(choice.rank.toFixed(1))}${front.has(choice.choice) ? ' *' : ''}`,
      ...paths.map((path) => formatParameter(choice.parameters[path])),
      ...columns.map((metric) => formatSpread(metricSpread(choice, metric))),
      replicatesText(choice),
      choice.finished.map(({ number }) => number).join(', '),
    ]);
  const words = [
    'Mean ± standard deviation over the replicates of a choice, at the best epoch of each.',
    `The rank is the mean rank over the objectives: ${objectiveText(view)}.`,
    ...(ranked.length > 1 ? [keptText(view) ?? ''] : []),
    ...(front.size > 0 ? [`* ${frontText(view)}`] : []),
    ...(ranked.length > mostRows
      ? [`The best ${mostRows} of ${ranked.length} choices; results --json lists all.`]
      : []),
    ...leftOutNotes(view),
  ];
  return `${table(head, rows)}${note(words.join(' '))}`;
}

/** More rows make a page heavy, and nobody reads them there. */
const mostRows = 200;

function curvesHtml(view: RunView): string {
  const plots = Object.keys(view.heads).flatMap((task) => curvePlot(view, task) ?? []);
  const note =
    '<b class="blue">Blue</b>: the best joint choice, <b class="orange">orange</b>: the task alone; one line a replicate, dashed for the training split, solid for validation.';
  return `<div class="plots">${plots.map((plot) => `<figure>${plot}</figure>`).join('')}</div><p class="note">${note}</p>`;
}

function failedHtml(view: RunView): string {
  const failed = view.trials.filter(({ status }) => status === 'failed');
  const rows = failed.map(({ number, parameters, reason }) => [
    String(number),
    JSON.stringify(parameters),
    reason ?? '',
  ]);
  return rows.length === 0
    ? ''
    : section('Failed trials', table(['trial', 'parameters', 'reason'], rows));
}

function environmentHtml(view: RunView): string {
  const { engine, environment, trials } = view;
  const compiling = compilingText(view);
  const notes = [...view.notes, ...programNotes(view)];
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const facts = {
    engine,
    ...environment,
    trials: String(trials.length),
    'training time of all trials': `${seconds.toFixed(0)} s`,
    ...(compiling ? { compiled: compiling } : {}),
  };
  const rows = Object.entries(facts).map(
    ([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`,
  );
  return `<dl>${rows.join('')}</dl>${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('')}`;
}

const style = `
:root { color-scheme: light; --ink: #1c1f24; --soft: #5b616b; --line: #e3e5e9; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0; background: #f5f6f8; color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
header, section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 24px 28px; margin-bottom: 20px; }
.kicker { margin: 0; color: var(--soft); letter-spacing: .04em; text-transform: uppercase; font-size: 13px; }
h1 { margin: 4px 0 16px; font-size: 28px; line-height: 1.25; }
h2 { margin: 0 0 14px; font-size: 19px; }
.answer { margin: 8px 0; padding: 10px 14px; border-left: 4px solid; border-radius: 4px; }
.paid { background: #ecfdf3; border-color: #16a34a; }
.hurt { background: #fef2f2; border-color: #dc2626; }
.even { background: #fffbeb; border-color: #d97706; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
figure { margin: 0 0 12px; }
figure svg { width: 100%; height: auto; display: block; }
figcaption, .note { color: var(--soft); font-size: 14px; margin: 8px 0 14px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 18px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; font-size: 14px; }
dt { color: var(--soft); } dd { margin: 0; }
b.blue { color: #2563eb; } b.orange { color: #d97706; }
code { background: #f0f1f4; padding: 1px 5px; border-radius: 4px; }
`;
