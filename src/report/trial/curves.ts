/** @file The learning curves of one trial: for each task its losses and its metrics by epoch. */
import type { HeadRecord } from '../../record/journal-record.ts';
import type { TrialView } from '../read-run.ts';
import type { Area } from './axes.ts';
import { curvePanel, type Panel, panelColors } from './curve-panel.ts';
import {
  boldSize,
  colors,
  contentTop,
  dashes,
  fitted,
  line,
  margin,
  message,
  picture,
  pictureWidth,
  text,
} from './svg.ts';
import { captionOf } from './trial-words.ts';

type Heads = Readonly<Record<string, HeadRecord>>;

/** A row of small plots for each task, more where it has many metrics. */
export function curvesPlot(trial: TrialView, heads: Heads): string {
  const { curve, tasks, bestEpoch, reason } = trial;
  const best = bestEpoch === null ? [] : [`best after epoch ${bestEpoch} of ${trial.epochs}`];
  const heading = {
    title: `${tasks.join(', ')}: learning curves by epoch`,
    caption: captionOf(trial, ...best),
  };
  if (curve.length === 0)
    return message(heading, reason === null ? 'No epoch was finished.' : `It failed: ${reason}`);
  const rows = tasks.map((task) => ({ task, panels: panelsOf(task, heads, trial) }));
  const columns = columnsFor(Math.max(1, ...rows.map(({ panels }) => panels.length)));
  const width = (pictureWidth - 2 * margin) / columns;
  const height = panelHeight(columns);
  let top = contentTop + 26;
  const parts = rows.flatMap(({ task, panels }) => {
    const first = top + nameHeight;
    top = first + Math.max(1, Math.ceil(panels.length / columns)) * height;
    const place = (at: number): Area => ({
      left: margin + (at % columns) * width,
      top: first + Math.floor(at / columns) * height,
      width,
      height,
    });
    const drawn = panels.map((panel, at) => curvePanel(panel, trial, place(at)));
    const nothing = text(margin, first + 20, 'Nothing of it was measured.');
    return [taskName(task, first), ...(drawn.length === 0 ? [nothing] : drawn)];
  });
  return picture(top + 8, heading, [legend(contentTop + 4, bestEpoch !== null), ...parts]);
}

/** As many as fit side by side, and as even as can be over the rows. */
const columnsFor = (panels: number): number =>
  Math.max(2, Math.ceil(panels / Math.ceil(panels / 4)));

const panelHeight = (columns: number): number => ({ 2: 240, 3: 210 })[columns] ?? 185;
const nameHeight = 34;

const nameStyle = { size: 15, bold: true, color: colors.ink };

const taskName = (task: string, below: number): string =>
  line(margin, below - 30, pictureWidth - margin, below - 30, colors.line) +
  text(margin, below - 9, fitted(task, 800, boldSize(15)), nameStyle);

/** Its losses, and of its metrics those that this trial has. */
const panelsOf = (task: string, heads: Heads, { curve }: TrialView): readonly Panel[] =>
  [
    { name: 'loss', validation: `validation/${task}/loss`, train: `train/${task}/loss` },
    ...(heads[task]?.metrics ?? [])
      .filter(({ name }) => name !== 'loss')
      .map(({ name }) => ({ name, validation: `validation/${task}/${name}`, train: null })),
  ].filter(({ validation, train }) =>
    curve.some((metrics) => validation in metrics || (train !== null && train in metrics)),
  );

function legend(y: number, hasBest: boolean): string {
  const entry = (x: number, words: string, color: string, more: string) =>
    line(x, y - 4, x + 26, y - 4, color, more) + text(x + 34, y, words);
  const { validation, train } = panelColors;
  return [
    entry(margin, 'validation', validation, ' stroke-width="2"'),
    entry(margin + 130, 'train', train, ` stroke-width="1.5"${dashes}`),
    hasBest
      ? entry(margin + 226, 'best epoch and its value', colors.grey, ' stroke-dasharray="2 3"')
      : '',
  ].join('');
}
