/** @file The cells of a CSV text, found where they lie: the predictions of thousands of trials are read. */

/** A cell lies between `from` and `to`; of a quoted one, between its quotes. */
export type OnCell = (column: number, from: number, to: number, isQuoted: boolean) => void;

const [comma, newline, quote, minus, point, zero] = [0x2c, 0x0a, 0x22, 0x2d, 0x2e, 0x30];

/** Tells the cells of the row that begins at `from`; returns where the next row begins. */
export function scanRow(text: string, from: number, onCell: OnCell): number {
  let at = from;
  for (let column = 0; ; column++) {
    const isQuoted = text.charCodeAt(at) === quote;
    const start = isQuoted ? at + 1 : at;
    const end = isQuoted ? closingQuote(text, start) : cellEnd(text, start);
    onCell(column, start, end, isQuoted);
    at = isQuoted ? cellEnd(text, end + 1) : end;
    if (text.charCodeAt(at) !== comma) return at + 1;
    at += 1;
  }
}

function cellEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === comma || sign === newline) break;
  }
  return at;
}

/** Two quotes in a row are one in the text. */
function closingQuote(text: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    if (text.charCodeAt(at + 1) !== quote) return at;
  }
}

export function cellText(text: string, from: number, to: number, isQuoted: boolean): string {
  const cell = text.slice(from, to);
  return isQuoted ? cell.replaceAll('""', '"') : cell;
}

const powers = Array.from({ length: 16 }, (_, power) => 10 ** power);

/** Its number; NaN where it is empty or none. */
export function cellNumber(text: string, from: number, to: number): number {
  // Up to 15 digits and a power of ten up to 22 are exact, so is their quotient: no text is cut out.
  const isNegative = text.charCodeAt(from) === minus;
  const first = isNegative ? from + 1 : from;
  let [digits, pointAt] = [0, -1];
  for (let at = first; at < to; at++) {
    const sign = text.charCodeAt(at);
    if (sign >= zero && sign <= zero + 9) digits = 10 * digits + sign - zero;
    else if (sign === point && pointAt < 0) pointAt = at;
    else return slowNumber(text.slice(from, to));
  }
  const count = to - first - (pointAt < 0 ? 0 : 1);
  if (count < 1 || count > 15) return slowNumber(text.slice(from, to));
  const size = pointAt < 0 ? digits : digits / (powers[to - pointAt - 1] ?? Number.NaN);
  return isNegative ? -size : size;
}

const slowNumber = (cell: string): number => (cell.trim() === '' ? Number.NaN : Number(cell));
