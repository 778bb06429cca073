/** @file The sections of the page that show a sweep as a whole. */
import { figures, note, table } from '../html-parts.ts';
import type { RunView } from '../read-run.ts';
import { type Importance, mostChoices } from './importance.ts';
import { fitText } from './importance-plot.ts';
import type { SweepPictures } from './pictures.ts';
import { frontText, shortMetric } from './words.ts';

/** Of several objectives: the front, and how it grew. */
export function frontHtml(view: RunView, { front, history }: SweepPictures): string {
  const words = frontText(view);
  if (words === null) return '';
  const volume = history.get('history/hypervolume.svg');
  return `${note(words)}${figures([...front.values(), ...(volume ? [volume] : [])])}`;
}

/** Which parameter matters for which task, and what each of its values gave. */
export function sweptHtml(pictures: SweepPictures): string {
  const { importance, importances, slices, parallel, notes } = pictures;
  return [
    importanceHtml(importances),
    figures(importance.values()),
    [...parallel.values()].map((svg) => `<figure>${svg}</figure>`).join(''),
    figures(slices.values()),
    ...notes.map(note),
  ].join('');
}

export function searchHtml({ history }: SweepPictures): string {
  return figures(
    [...history].flatMap(([name, svg]) => (name.includes('hypervolume') ? [] : [svg])),
  );
}

/** Parameters down, metrics across: the shares in percent. */
function importanceHtml(importances: readonly Importance[]): string {
  const [first] = importances;
  if (!first) return '';
  const names = first.parameters.map(({ name }) => name);
  const head = ['parameter', ...importances.map(({ metric }) => shortMetric(metric))];
  const rows = names.map((name) => [
    name,
    ...importances.map(({ parameters }) => percent(parameters.find((own) => own.name === name))),
  ]);
  const fits = importances.map((own) => `${shortMetric(own.metric)}: ${fitText(own)}.`).join(' ');
  const pairs = importances.flatMap(({ metric, pairs: [pair] }) =>
    pair
      ? [
          `${pair.names.join(' and ')} together explain ${percentOf(pair.share)} % of ${shortMetric(metric)} beyond what each does alone.`,
        ]
      : [],
  );
  const words = `Share of a metric’s variance over the search space that a parameter explains alone, in percent ± from tree to tree: functional ANOVA of a random forest (Hutter, Hoos, Leyton-Brown 2014) on the means over replicates${first.choices < first.of ? `, on ${mostChoices} choices drawn at random` : ''}. Values far worse than all others count as the edge of the pictures below. What is missing from 100 is due to several parameters together, and to noise. ${fits} ${pairs.join(' ')}`;
  return `${table(head, rows)}${note(words)}`;
}

const percentOf = (share: number) => (100 * share).toFixed(share < 0.1 ? 1 : 0);

const percent = (own?: { readonly share: number; readonly deviation: number }) =>
  own ? `${percentOf(own.share)} ± ${percentOf(own.deviation)}` : '–';
