/** @file Reads a picture as strictly as a browser reads XML, for tests. */
import assert from 'node:assert/strict';

export interface Picture {
  /** Its texts, in their order. */
  readonly words: readonly string[];
  readonly elements: readonly Element[];
}
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const token = /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:-]+(?:[0-9])?="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const reference = /&(?:#(\d+);)?/g;
const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Throws where it is not well-formed, or where a place is not a number. */
export function readPicture(svg: string): Picture {
  assert.match(svg, allowed, 'a sign that XML does not know');
  const open: string[] = [];
  const words: string[] = [];
  const elements: Element[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < svg.length; at = token.lastIndex) {
    const [whole, closing, name, attributes, isEmpty, text] = token.exec(svg) ?? [];
    assert.ok(whole, `no XML at ${at}: ${svg.slice(at, at + 80)}`);
    if (text !== undefined) words.push(decoded(text));
    else if (closing) assert.equal(open.pop(), name);
    else if (name) {
      elements.push({ name, attributes: attributesOf(attributes ?? '') });
      if (!isEmpty) open.push(name);
    }
  }
  assert.deepEqual(open, []);
  elements.forEach(checkPlaces);
  return { words, elements };
}

function decoded(text: string): string {
  return text.replace(reference, (whole, code) => {
    assert.ok(code, `a bare & in ${text}`);
    return whole && String.fromCodePoint(Number(code));
  });
}

const attributesOf = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/([a-zA-Z0-9:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decoded(value),
    ]),
  );

const places = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height', 'font-size'];

function checkPlaces({ name, attributes }: Element): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (places.includes(key))
      assert.match(value, /^-?\d+(\.\d+)?$/, `${key} of a ${name} is ${value}`);
    else if (key === 'd' || key === 'points')
      assert.doesNotMatch(value, /NaN|Infinity|undefined|e/);
  }
  for (const key of ['width', 'height'])
    assert.ok(Number(attributes[key] ?? 0) >= 0, `${key} of a ${name} is negative`);
}
