/** @file What a saved view says of results and curves, and where it leaves the rest. */
import type { RunView } from '../report/index.ts';
import { type Extent, reachedKey, splitOf, yardsticksOf } from './view-axes.ts';
import { bar, type Chart, line, type Section } from './view-charts.ts';

/** Bars of what was reached, joint choices and controls together. */
export function resultSection(view: RunView, extent: Extent): Section {
  const split = splitOf(view);
  const charts = yardsticksOf(view, extent).map((each) => bar(reachedKey(split, each)));
  const hasControls = view.trials.some(({ control }) => control !== null);
  const name = `${hasControls ? 'Jointly and alone' : 'Results'}, on ${split}`;
  return {
    ...{ id: 'results', name, isOpen: true },
    ...{ columns: Math.min(3, Math.max(2, charts.length)), height: 400 },
    charts,
  };
}

/** The curves of the first tasks are there at once, those of others at a click. */
const openTasks = 6;

/** Of each task: its metrics on validation, and its loss there and on training. */
export function curveSections(
  view: RunView,
  { tasks }: Extent,
  { hasBothLosses }: { readonly hasBothLosses: boolean },
): readonly Section[] {
  const known = new Set(curveKeys(view));
  const curve = (...keys: readonly string[]) => line(keys, rangeOf(view, keys));
  return Object.entries(view.heads)
    .slice(0, tasks)
    .map(([head, { metrics }], index) => {
      const losses = [`validation/${head}/loss`, `train/${head}/loss`];
      const [first, ...others] = metrics.map(({ name }) => curve(`validation/${head}/${name}`));
      const charts = [
        ...(first ? [first] : []),
        ...(hasBothLosses ? [curve(...losses)] : losses.map((key) => curve(key))),
        ...others,
      ];
      return {
        ...{ id: `curves-${head}`, name: `Curves of ${head}`, columns: 2, height: 400 },
        isOpen: index < openTasks,
        charts: charts.filter(({ metricKey }) => known.has(String(metricKey))),
      };
    });
}

const curveKeys = ({ trials }: RunView): readonly string[] => [
  ...new Set(trials.flatMap(({ curve }) => curve.flatMap((metrics) => Object.keys(metrics)))),
];

/**
 * By itself an axis with bands begins at zero, where curves lie flat upon each other; and one trial
 * that went astray would flatten all others.
 */
function rangeOf({ trials }: RunView, keys: readonly string[]): Readonly<Record<string, number>> {
  const spans = trials.flatMap(({ curve }) => spanOf(curve, keys));
  if (spans.length === 0) return {};
  const [lows, highs] = [spans.map(([low]) => low), spans.map(([, high]) => high)];
  const usual = quantile(highs, 0.5) - quantile(lows, 0.5);
  const far = (ends: readonly number[]) =>
    3 * Math.max(quantile(ends, 0.75) - quantile(ends, 0.25), usual / 4);
  const low = Math.max(quantile(lows, 0), quantile(lows, 0.25) - far(lows));
  const high = Math.min(quantile(highs, 1), quantile(highs, 0.75) + far(highs));
  // While trials run there is room for those to come.
  const isLive = trials.some(({ status }) => status === 'running');
  const margin = (isLive ? 0.3 : 0.04) * (high - low || Math.abs(high) || 1);
  const rounded = (value: number) => Number(value.toPrecision(5));
  return { yMin: rounded(low - margin), yMax: rounded(high + margin) };
}

type Curve = RunView['trials'][number]['curve'];

/** The least and the most of one trial; nothing where it has no number. */
function spanOf(curve: Curve, keys: readonly string[]): readonly (readonly [number, number])[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const metrics of curve)
    for (const key of keys) {
      const value = metrics[key] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return low <= high ? [[low, high]] : [];
}

function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN;
}

const facts = ['best/epoch', 'epochs', 'seconds', 'weights'];

/** All else that is known; the UI would lay it out by itself, in a section for each prefix. */
export function otherSection(
  view: RunView,
  sections: readonly Section[],
  { hasOthers }: Extent,
): Section {
  const shown = new Set(sections.flatMap(({ charts }) => charts.map(({ metricKey }) => metricKey)));
  const reached = new Set(view.trials.flatMap(({ metrics }) => Object.keys(metrics)));
  const once = [...[...reached].map((name) => `best/${name}`), ...facts];
  const charts: readonly Chart[] = [...curveKeys(view).map((key) => line([key])), ...once.map(bar)];
  return {
    ...{ id: 'others', name: 'All other metrics', columns: 3, height: 360, isOpen: false },
    charts: hasOthers ? charts.filter(({ metricKey }) => !shown.has(metricKey)) : [],
  };
}
