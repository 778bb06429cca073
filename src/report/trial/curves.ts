/** @file The learning curves of one trial: for each task its losses and its metrics by epoch. */
import type { HeadRecord } from '../../record/journal-record.ts';
import type { TrialView } from '../read-run.ts';
import {
  axes,
  colors,
  legend,
  message,
  picture,
  polyline,
  type Range,
  rangeOf,
  round,
  text,
} from './svg.ts';

const cell = { width: 460, height: 290 };
const inner = { left: 76, top: 44, right: 18, bottom: 56 };

type Heads = Readonly<Record<string, HeadRecord>>;

interface Panel {
  readonly name: string;
  readonly keys: readonly string[];
  readonly column: number;
  readonly row: number;
}

/** A row for each task: its losses, then each of its metrics. The best epoch has a line. */
export function curvesPlot(trial: TrialView, heads: Heads): string {
  const { curve, tasks, bestEpoch } = trial;
  const title = `Trial ${trial.number}: ${tasks.join(', ')}`;
  if (curve.length === 0) return message(title, 'No epoch was finished.');
  const panels = tasks.flatMap((task, row) => panelsOf(task, row, heads));
  const columns = Math.max(...panels.map(({ column }) => column)) + 1;
  const width = Math.max(columns * cell.width, 40 + 9 * title.length + 360);
  return picture(width, tasks.length * cell.height + 40, [
    text(20, 26, title, { size: 16, bold: true, color: colors.ink }),
    legend(40 + 9 * title.length, 26, [
      ['validation', colors.blue],
      ['train', colors.orange, true],
      ...(bestEpoch === null ? [] : [['best epoch', colors.grey, true] as const]),
    ]),
    ...panels.map((panel) => drawPanel(panel, trial)),
  ]);
}

const panelsOf = (task: string, row: number, heads: Heads): readonly Panel[] => [
  {
    name: `${task}: loss`,
    keys: [`train/${task}/loss`, `validation/${task}/loss`],
    column: 0,
    row,
  },
  ...(heads[task]?.metrics ?? []).map(({ name }, index) => ({
    name: `${task}: ${name}`,
    keys: [`validation/${task}/${name}`],
    column: index + 1,
    row,
  })),
];

function drawPanel({ name, keys, column, row }: Panel, { curve, bestEpoch }: TrialView): string {
  const area = {
    left: column * cell.width + inner.left,
    top: row * cell.height + inner.top + 40,
    width: cell.width - inner.left - inner.right,
    height: cell.height - inner.top - inner.bottom,
  };
  const lines = keys.map((key) =>
    curve.map((metrics, epoch) => [epoch + 1, metrics[key] ?? Number.NaN] as const),
  );
  const x: Range = [1, Math.max(2, curve.length)];
  const y = rangeOf(lines.flatMap((line) => line.map(([, value]) => value)));
  const frame = axes(area, { x, y }, { x: 'epoch', y: '', title: name, whole: true });
  const at = round(frame.x(bestEpoch ?? 1));
  const best = `<line x1="${at}" x2="${at}" y1="${area.top}" y2="${area.top + area.height}" stroke="${colors.grey}" stroke-dasharray="2 3"/>`;
  const drawn = lines.map((line, index) =>
    polyline(frame, line, isTrain(keys[index]) ? trainStyle : validationStyle),
  );
  return [frame.drawn, bestEpoch === null ? '' : best, ...drawn].join('');
}

const isTrain = (key = '') => key.startsWith('train/');
const validationStyle = { color: colors.blue };
const trainStyle = { color: colors.orange, dashed: true };
