/** @file A sweep in Markdown: what it asked, what it found, and what it tried. */
import { metricSpread, rankedJoint } from './choices.ts';
import { formatParameter, formatSpread, shortNames } from './format.ts';
import { gainOf } from './gain.ts';
import { code, plain, shortened, table } from './markdown.ts';
import type { RunView } from './read-run.ts';

/** MLflow cuts a tag after 8,000 characters. */
const limit = 7800;
const mostChoices = 20;

export function runNote(view: RunView): string {
  const parts = [
    `### ${plain(view.question ?? `Experiment ${view.experiment}`)}`,
    answerText(view),
    choicesText(view),
    failedText(view),
    countText(view),
  ];
  return shortened(parts.filter(Boolean).join('\n\n'), limit);
}

function answerText(view: RunView): string {
  const gains = gainOf(view);
  if (!gains) return 'No task was trained alone, so nothing says whether sharing paid.';
  return gains.map(({ sentence }) => `- ${plain(sentence)}`).join('\n');
}

function choicesText(view: RunView): string {
  const ranked = rankedJoint(view);
  if (ranked.length === 0) return '';
  const paths = [...new Set(ranked.flatMap(({ parameters }) => Object.keys(parameters)))];
  const names = shortNames(paths);
  const metrics = Object.entries(view.heads).flatMap(([head, { metrics: own }]) =>
    own.slice(0, 1).map(({ name }) => `${head}/${name}`),
  );
  const columns = ['validation', 'test'].flatMap((split) =>
    metrics.map((name) => `${split}/${name}`),
  );
  const rows = ranked
    .slice(0, mostChoices)
    .map((choice) => [
      String(Number(choice.rank.toFixed(1))),
      ...paths.map((path) => plain(formatParameter(choice.parameters[path]))),
      ...columns.map((name) => formatSpread(metricSpread(choice, name))),
    ]);
  const head = [
    'rank',
    ...paths.map((path) => plain(names.get(path) ?? path)),
    ...columns.map(plain),
  ];
  const more =
    ranked.length > mostChoices ? `\n\n… and ${ranked.length - mostChoices} more choices.` : '';
  return `#### Joint choices, the best first\n\n${table(head, rows)}${more}`;
}

function failedText({ trials }: RunView): string {
  const failed = trials.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return '';
  const lines = failed
    .slice(0, 10)
    .map(({ number, reason }) => `- trial ${number}: ${plain(reason ?? '')}`);
  const more = failed.length > 10 ? [`- … and ${failed.length - 10} more`] : [];
  return ['#### Failed', ...lines, ...more].join('\n');
}

function countText({ trials, engine, environment }: RunView): string {
  const finished = trials.filter(({ status }) => status === 'finished').length;
  const version = environment.version ? `, version ${environment.version}` : '';
  return `${finished} of ${trials.length} trials finished. Engine ${code(engine)}${version}.`;
}
