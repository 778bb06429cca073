/** @file One small plot of learning curves: a loss or a metric by epoch, its best epoch marked. */
import type { TrialView } from '../read-run.ts';
import { type Area, type Axes, axes, type Point, polyline, rangeOf } from './axes.ts';
import { boldSize, colors, dot, fitted, line, shown, text, textWidth } from './svg.ts';

export interface Panel {
  readonly name: string;
  /** A name in the curve; its value at the best epoch is shown. */
  readonly validation: string;
  readonly train: string | null;
}

export const panelColors = { validation: colors.blue, train: colors.orange } as const;

export function curvePanel(panel: Panel, { curve, bestEpoch }: TrialView, box: Area): string {
  const area = {
    left: box.left + 46,
    top: box.top + 28,
    width: box.width - 64,
    height: box.height - 58,
  };
  const validated = pointsOf(curve, panel.validation);
  const trained = panel.train === null ? [] : pointsOf(curve, panel.train);
  const points = [...validated, ...trained];
  const hasNumbers = points.some(([, value]) => Number.isFinite(value));
  const y = rangeOf(points.map(([, value]) => value));
  const x = curve.length > 1 ? ([1, curve.length] as const) : ([0.5, 1.5] as const);
  const ticks = [area.width / 55, hasNumbers ? 4 : 0] as const;
  const frame = axes(area, { x, y }, { whole: 'x', ticks });
  const best = bestEpoch === null ? null : (curve[bestEpoch - 1]?.[panel.validation] ?? null);
  return [
    panelTitle(panel.name, best, area),
    frame.drawn,
    bestEpoch === null ? '' : bestMark(frame, bestEpoch, best),
    polyline(frame, thinned(trained), { color: panelColors.train, width: 1.5, isDashed: true }),
    polyline(frame, thinned(validated), { color: panelColors.validation }),
    undefinedMarks(frame, points),
    hasNumbers ? '' : emptyWords(area),
  ].join('');
}

const pointsOf = (curve: TrialView['curve'], key: string): readonly Point[] =>
  curve.flatMap((metrics, index) => {
    const value = metrics[key];
    return value === undefined ? [] : [[index + 1, value] as const];
  });

/** What it is on the left, its value at the best epoch on the right. */
function panelTitle(name: string, best: number | null, { left, top, width }: Area): string {
  const value = best === null ? '' : Number.isFinite(best) ? shown(best) : String(best);
  const [size, base, hanging] = [13, top - 12, 38];
  const room = width + hanging - textWidth(value, boldSize(size)) - 4;
  return (
    text(left - hanging, base, fitted(name, room, boldSize(size)), {
      size,
      bold: true,
      color: colors.ink,
    }) + text(left + width, base, value, { size, bold: true, anchor: 'end', color: colors.blue })
  );
}

function bestMark({ area, x, y }: Axes, epoch: number, best: number | null): string {
  const [at, { top, height }] = [x(epoch), area];
  const mark = line(at, top, at, top + height, colors.grey, ' stroke-dasharray="2 3"');
  const isShown = best !== null && Number.isFinite(best);
  return isShown ? mark + dot(at, y(best), 4, panelColors.validation) : mark;
}

const emptyWords = ({ left, top, width, height }: Area): string =>
  text(left + width / 2, top + height / 2, 'not a number in any epoch', { anchor: 'middle' });

/** Red at the bottom: epochs whose value is infinite or not a number. */
function undefinedMarks({ area, x }: Axes, points: readonly Point[]): string {
  const epochs = points.flatMap(([epoch, value]) => (Number.isFinite(value) ? [] : [epoch]));
  if (epochs.length === 0) return '';
  const bottom = Math.round(area.top + area.height);
  const places = [...new Set(epochs.map((epoch) => Math.round(x(epoch))))];
  const path = places.map((at) => `M${at} ${bottom}v-5`).join('');
  return `<path d="${path}" stroke="${colors.red}" stroke-width="2"/>`;
}

const mostPoints = 600;

/** Of very many epochs, the lowest and the highest of each few: no peak is lost. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= mostPoints) return points;
  const size = Math.ceil((2 * points.length) / mostPoints);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, at) => {
    const few = points.slice(at * size, (at + 1) * size);
    const byValue = few.filter(([, value]) => Number.isFinite(value)).sort(([, a], [, b]) => a - b);
    const ends = new Set([byValue[0], byValue.at(-1)].flatMap((point) => (point ? [point] : [])));
    return ends.size === 0 ? few.slice(0, 1) : [...ends].sort(([a], [b]) => a - b);
  }).flat();
}
