/** @file What the pictures of a sweep share: its choices, which of them are drawn, and the frame. */
import { rng } from '../../plan/random.ts';
import { rankedJoint } from '../choices.ts';
import { axis, text } from '../draw.ts';
import type { Objective, RunView } from '../read-run.ts';
import { costOf, edgeOf, type FinishedChoice, finishedChoices } from './finished.ts';
import { type SweptParameter, sweptParameters } from './parameters.ts';
import { paretoFront } from './pareto.ts';

export interface Plotted {
  readonly objective: Objective;
  /** The finished joint choices, in order, with a value for each objective. */
  readonly choices: readonly FinishedChoice[];
  readonly parameters: readonly SweptParameter[];
  /** The places of those that are drawn as points or lines. */
  readonly shown: readonly number[];
  /** The places of those on the front, and of the one with the best rank. */
  readonly front: ReadonlySet<number>;
  readonly best: number;
}

/** More points hide each other and make a page heavy: of more choices, so many are drawn. */
export const mostPoints = 500;

export function plotted(view: RunView): Plotted {
  const choices = finishedChoices(view);
  const places = new Map(choices.map(({ choice }, place) => [choice, place]));
  const front = new Set(paretoFront(view).map(({ choice }) => places.get(choice) ?? -1));
  const best = places.get(rankedJoint(view)[0]?.choice ?? '') ?? -1;
  const kept = [...new Set([best, ...front])].filter((place) => place >= 0).slice(0, mostPoints);
  return {
    objective: view.objective,
    choices,
    parameters: sweptParameters(choices.map(({ parameters }) => parameters)),
    shown: drawn(choices.length, kept),
    front,
    best,
  };
}

/** All places, or a draw of them that holds those to be kept. */
function drawn(count: number, kept: readonly number[]): readonly number[] {
  if (count <= mostPoints) return Array.from({ length: count }, (_, place) => place);
  const order = [...kept, ...rng(0, 'points').permutation(count)];
  return [...new Set(order)].slice(0, mostPoints).sort((one, other) => one - other);
}

/** Empty where all choices are drawn. */
export function drawnText({ choices, shown }: Plotted): string {
  if (shown.length === choices.length) return '';
  return `${grouped(shown.length)} of ${grouped(choices.length)} choices, drawn at random with the best among them`;
}

const grouped = (count: number) => count.toLocaleString('en-US');

/** Title and caption on top, on white. */
export function frame(width: number, title: string, captions: readonly string[]): object {
  // Text is wider in most browsers than echarts takes it to be.
  const style = { ...text, width: 0.86 * width };
  return {
    backgroundColor: '#fff',
    title: {
      left: 10,
      top: 6,
      itemGap: 6,
      text: title,
      subtext: captions.filter(Boolean).join('; '),
      textStyle: {
        ...style,
        overflow: 'truncate',
        color: '#1c1f24',
        fontSize: 15,
        fontWeight: 600,
      },
      subtextStyle: { ...style, overflow: 'break', lineHeight: 15, fontSize: 12 },
    },
  };
}

/** Where the axes begin below the words, of which the caption may take two lines. */
export const contentTop = 76;

export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** How many values lie beyond it, and are drawn on its edge. */
  readonly beyond: number;
}

/** From the best value to the edge of the worst ones. */
export function rangeOf(
  all: readonly number[],
  direction: Objective[number]['direction'],
): ValueRange {
  const costs = all.filter(Number.isFinite).map((value) => costOf(value, direction));
  const { best, edge } = edgeOf(costs);
  const ends = [costOf(best, direction), costOf(edge, direction)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = 0.06 * (high - low) || 0.05 * Math.abs(high) || 1;
  const beyond = costs.reduce((count, cost) => count + Number(cost > edge), 0);
  return { min: low - margin, max: high + margin, beyond };
}

export const within = ({ min, max }: ValueRange, value: number): number =>
  Math.min(max, Math.max(min, value));

export const beyondText = ({ beyond }: ValueRange): string =>
  beyond > 0 ? `${beyond} far worse on the edge` : '';

/** An axis of metric values, its name beside it. */
export const valueAxis = (name: string, { min, max }: ValueRange, gap: number) => ({
  ...axis,
  type: 'value',
  min,
  max,
  name,
  nameLocation: 'middle',
  nameGap: gap,
  axisLine: { ...axis.axisLine, onZero: false },
  axisLabel: { ...axis.axisLabel, showMinLabel: false, showMaxLabel: false },
});

/** From pale for the first choice to dark for the last. */
export function shade(place: number, count: number): string {
  const share = count > 1 ? place / (count - 1) : 1;
  const mixed = [
    [191, 30],
    [211, 64],
    [245, 175],
  ].map(([pale = 0, dark = 0]) => Math.round(pale + share * (dark - pale)));
  return `rgb(${mixed.join(',')})`;
}
