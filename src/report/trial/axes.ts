/** @file Axes with their ticks, and lines between them. */
import { colors, dashes, dot, line, round, text } from './svg.ts';

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export type Range = readonly [low: number, high: number];
export type Point = readonly [x: number, y: number];

/** Numbers beyond are drawn at the edge: the width of a range has to be a number as well. */
const largest = 1e300;

/** The range of what is finite, a little wider; [0, 1] where nothing is. */
export function rangeOf(values: Iterable<number>, margin = 0.05): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  return widened([Math.max(low, -largest), Math.min(high, largest)], margin);
}

export function widened([low, high]: Range, margin: number): Range {
  // Next to each other two numbers may differ by less than what a tick can tell.
  const least = Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
  const width = high - low > least ? high - low : Math.abs(high) * 0.1 || 1;
  return [low - margin * width, high + margin * width];
}

/** Round numbers across a range, about `count` of them. */
export function ticksOf([low, high]: Range, count = 5): readonly number[] {
  const raw = (high - low) / count;
  // Below the least normal number there is no power of ten left to count in.
  if (!(raw > 1e-307) || !Number.isFinite(raw)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5].find((each) => each * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, Math.min(50, last - first + 1)) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** `0.65`, `1500`, `2e-7` */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3))
    return value.toExponential(2).replace(/\.?0*e\+?/, 'e');
  return String(Number(value.toPrecision(4)));
}

export interface Axes {
  readonly area: Area;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Lines, ticks and names. */
  readonly drawn: string;
}

export interface AxisNames {
  readonly x?: string;
  readonly y?: string;
  /** About so many ticks. */
  readonly ticks?: readonly [x: number, y: number];
  /** Where only whole numbers are. */
  readonly whole?: 'x' | 'y';
  /** Lines across as well. */
  readonly hasColumns?: boolean;
}

/** What lies outside of a range is drawn at its edge. */
const scale =
  ([low, high]: Range, from: number, to: number) =>
  (value: number): number =>
    from + Math.min(1, Math.max(0, (value - low) / (high - low))) * (to - from);

export function axes(
  area: Area,
  ranges: { readonly x: Range; readonly y: Range },
  names: AxisNames = {},
): Axes {
  const { left, top, width, height } = area;
  const [right, bottom] = [left + width, top + height];
  const x = scale(ranges.x, left, right);
  const y = scale(ranges.y, bottom, top);
  const [countX, countY] = names.ticks ?? [5, 4];
  const ticks = (along: 'x' | 'y', count: number) =>
    ticksOf(ranges[along], count).filter((tick) => names.whole !== along || Number.isInteger(tick));
  const drawn = [
    ...ticks('y', countY).map(
      (tick) =>
        line(left, y(tick), right, y(tick), colors.line) +
        text(left - 7, y(tick) + 4, tickText(tick), { size: 12, anchor: 'end' }),
    ),
    ...ticks('x', countX).map(
      (tick) =>
        (names.hasColumns ? line(x(tick), top, x(tick), bottom, colors.line) : '') +
        text(x(tick), bottom + 17, tickText(tick), { size: 12, anchor: 'middle' }),
    ),
    line(left, bottom, right, bottom, colors.grey),
    names.x ? text(left + width / 2, bottom + 37, names.x, { anchor: 'middle' }) : '',
    names.y ? text(left - 46, top + height / 2, names.y, { anchor: 'middle', turn: -90 }) : '',
  ];
  return { area, x, y, drawn: drawn.join('') };
}

export interface LineStyle {
  readonly color: string;
  readonly width?: number;
  readonly isDashed?: boolean;
}

/** Through what is finite; gaps where it is not. A single point is a dot. */
export function polyline(
  { x, y }: Axes,
  points: Iterable<Point>,
  { color, width = 2, isDashed = false }: LineStyle,
): string {
  const pieces: Point[][] = [[]];
  for (const [px, py] of points) {
    if (Number.isFinite(px) && Number.isFinite(py)) pieces.at(-1)?.push([x(px), y(py)]);
    else if (pieces.at(-1)?.length !== 0) pieces.push([]);
  }
  const more = `fill="none" stroke="${color}" stroke-width="${width}"${isDashed ? dashes : ''}`;
  return pieces
    .map((piece) => {
      const [[firstX, firstY] = [0, 0]] = piece;
      if (piece.length < 2) return piece.length === 0 ? '' : dot(firstX, firstY, 3, color);
      const places = piece.map(([px, py]) => `${round(px)},${round(py)}`).join(' ');
      return `<polyline points="${places}" ${more} stroke-linejoin="round"/>`;
    })
    .join('');
}
