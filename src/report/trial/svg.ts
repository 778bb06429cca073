/** @file Plain SVG for the pictures of a trial: a sweep has thousands of them, and no browser. */
import { formatValue } from '../format.ts';

export const colors = {
  blue: '#2563eb',
  orange: '#d97706',
  red: '#dc2626',
  grey: '#8a8f98',
  ink: '#1c1f24',
  soft: '#52565e',
  line: '#e3e5e9',
} as const;

/** All pictures are as wide, so that they line up and can be read at the same size. */
export const pictureWidth = 960;
export const margin = 24;
/** Where a picture begins below its title and caption. */
export const contentTop = 76;

const font = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";

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
  const [left, base] = [round(x), round(y)];
  const turned = turn === undefined ? '' : ` transform="rotate(${turn} ${left} ${base})"`;
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${left}" y="${base}" font-size="${size}" text-anchor="${anchor}" fill="${color}"${weight}${turned}>${escaped(content)}</text>`;
}

export const line = (x1: number, y1: number, x2: number, y2: number, color: string, more = '') =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${color}"${more}/>`;

export const dashes = ' stroke-dasharray="5 4"';

export function box(x: number, y: number, width: number, height: number, fill: string, more = '') {
  const size = `width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}"`;
  return `<rect x="${round(x)}" y="${round(y)}" ${size} fill="${fill}"${more}/>`;
}

export const dot = (x: number, y: number, radius: number, fill: string): string =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}"/>`;

/** What a picture says in words. */
export interface Heading {
  readonly title: string;
  readonly caption: string;
}

/** A whole picture on white, with its words on top. */
export function picture(height: number, heading: Heading, parts: readonly string[]): string {
  const { title, caption } = heading;
  const size = `width="${pictureWidth}" height="${round(height)}" viewBox="0 0 ${pictureWidth} ${round(height)}"`;
  const room = pictureWidth - 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${font}">`,
    `<title>${escaped(title)}</title>`,
    box(0, 0, pictureWidth, height, '#fff'),
    text(margin, 34, fitted(title, room, boldSize(18)), {
      size: 18,
      bold: true,
      color: colors.ink,
    }),
    text(margin, 57, fitted(caption, room, 13)),
    ...parts,
    '</svg>',
  ].join('');
}

/** In the place of a picture that cannot be drawn. */
export const message = (heading: Heading, words: string): string =>
  picture(150, heading, [
    box(margin, contentTop + 4, pictureWidth - 2 * margin, 46, '#f5f6f8', ' rx="6"'),
    text(margin + 16, contentTop + 32, fitted(words, pictureWidth - 80, 14), { size: 14 }),
  ]);

/** To a tenth of a pixel, and never a word that SVG does not know. */
export const round = (value: number): number =>
  Number.isFinite(value) ? Math.round(value * 10) / 10 : 0;

/** About as wide as it is in a wide font: nothing here measures text. */
export function textWidth(content: string, size: number): number {
  let width = 0;
  for (const sign of content) {
    if ((sign.codePointAt(0) ?? 0) >= 0x2e80) width += 1;
    else if (/[MWmw@%]/.test(sign)) width += 0.95;
    else if (/[A-Z]/.test(sign)) width += 0.72;
    else if (/[ijlt.,:;'|()[\] f]/.test(sign)) width += 0.37;
    else width += 0.63;
  }
  return width * size;
}

/** Bold text is as wide as plain text of this size. */
export const boldSize = (size: number): number => 1.12 * size;

/** Cut where it would be too wide. */
export function fitted(content: string, width: number, size: number): string {
  const words = content.slice(0, 500);
  if (textWidth(words, size) <= width) return words;
  const signs = [...words];
  let [low, high] = [0, signs.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(`${signs.slice(0, middle).join('')}…`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${signs.slice(0, low).join('').trimEnd()}…`;
}

export const shown = (value: number): string => formatValue(value);
