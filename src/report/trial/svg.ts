/** @file Plain SVG for the pictures of a trial: thousands are drawn, each in a millisecond or two. */
import { formatValue } from '../format.ts';

export const colors = {
  blue: '#2563eb',
  orange: '#d97706',
  green: '#16a34a',
  purple: '#9333ea',
  grey: '#8a8f98',
  ink: '#1c1f24',
  soft: '#52565e',
  line: '#e3e5e9',
} as const;

/** Names and texts of a spec are somebody's words; signs that XML does not know are left out. */
export const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly color?: string;
  readonly bold?: boolean;
  /** Degrees. */
  readonly turn?: number;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 13, anchor = 'start', color = colors.soft, bold = false, turn } = style;
  const turned = turn === undefined ? '' : ` transform="rotate(${turn} ${x} ${y})"`;
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="${color}"${weight}${turned}>${escaped(content)}</text>`;
}

/** A whole picture on white. */
export const picture = (width: number, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"><rect width="${width}" height="${height}" fill="#fff"/>${parts.join('')}</svg>`;

/** In the place of a picture that cannot be drawn. */
export const message = (title: string, words: string): string =>
  picture(560, 160, [
    text(24, 40, title, { size: 16, bold: true, color: colors.ink }),
    text(24, 76, words, { size: 14 }),
  ]);

export const round = (value: number): number => Math.round(value * 10) / 10;

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export type Range = readonly [number, number];

/** The range of what is finite, a little wider; [0, 1] where nothing is. */
export function rangeOf(values: Iterable<number>, margin = 0.04): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const width = high - low || Math.abs(high) * 0.1 || 1;
  return [low - margin * width, high + margin * width];
}

/** Round numbers across a range, about `count` of them. */
export function ticksOf([low, high]: Range, count = 5): readonly number[] {
  const raw = (high - low) / count;
  if (!(raw > 0) || !Number.isFinite(raw)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

export interface Axes {
  readonly area: Area;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly drawn: string;
}

/** A frame with ticks and names; `whole` keeps the ticks of x whole numbers. */
export function axes(
  area: Area,
  ranges: { readonly x: Range; readonly y: Range },
  names: {
    readonly x: string;
    readonly y: string;
    readonly title?: string;
    readonly whole?: boolean;
  },
): Axes {
  const { left, top, width, height } = area;
  const x = (value: number) => left + ((value - ranges.x[0]) / (ranges.x[1] - ranges.x[0])) * width;
  const y = (value: number) =>
    top + height - ((value - ranges.y[0]) / (ranges.y[1] - ranges.y[0])) * height;
  const label = (value: number) => String(Number(value.toPrecision(4)));
  const xTicks = ticksOf(ranges.x).filter((tick) => !names.whole || Number.isInteger(tick));
  const drawn = [
    ...ticksOf(ranges.y, 4).map(
      (tick) =>
        `<line x1="${left}" x2="${left + width}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="${colors.line}"/>${text(left - 8, y(tick) + 4, label(tick), { size: 12, anchor: 'end' })}`,
    ),
    ...xTicks.map((tick) =>
      text(x(tick), top + height + 18, label(tick), { size: 12, anchor: 'middle' }),
    ),
    `<line x1="${left}" x2="${left + width}" y1="${top + height}" y2="${top + height}" stroke="${colors.grey}"/>`,
    text(left + width / 2, top + height + 38, names.x, { anchor: 'middle' }),
    text(left - 52, top + height / 2, names.y, { anchor: 'middle', turn: -90 }),
    names.title === undefined
      ? ''
      : text(left, top - 12, names.title, { size: 15, bold: true, color: colors.ink }),
  ];
  return { area, x, y, drawn: drawn.join('') };
}

export interface LineStyle {
  readonly color: string;
  readonly width?: number;
  readonly dashed?: boolean;
}

/** Through what is finite; gaps where it is not. A single point is a dot. */
export function polyline(
  { x, y }: Axes,
  points: readonly (readonly [number, number])[],
  { color, width = 2, dashed = false }: LineStyle,
): string {
  const pieces: string[][] = [[]];
  for (const [px, py] of points) {
    if (Number.isFinite(px) && Number.isFinite(py))
      pieces.at(-1)?.push(`${round(x(px))},${round(y(py))}`);
    else pieces.push([]);
  }
  const dash = dashed ? ' stroke-dasharray="5 4"' : '';
  return pieces
    .filter((piece) => piece.length > 0)
    .map((piece) => {
      const [[cx, cy] = []] = [piece[0]?.split(',') ?? []];
      return piece.length === 1
        ? `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`
        : `<polyline points="${piece.join(' ')}" fill="none" stroke="${color}" stroke-width="${width}"${dash} stroke-linejoin="round"/>`;
    })
    .join('');
}

/** Small squares of colour with words, side by side from `x` on. */
export function legend(
  x: number,
  y: number,
  entries: readonly (readonly [label: string, color: string, dashed?: boolean])[],
): string {
  let at = x;
  return entries
    .map(([label, color, dashed]) => {
      const dash = dashed ? ' stroke-dasharray="5 4"' : '';
      const drawn = `<line x1="${at}" x2="${at + 22}" y1="${y - 4}" y2="${y - 4}" stroke="${color}" stroke-width="2.5"${dash}/>${text(at + 28, y, label)}`;
      at += 46 + label.length * 7;
      return drawn;
    })
    .join('');
}

export const shown = (value: number): string => formatValue(value);
