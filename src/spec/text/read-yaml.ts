/** @file YAML text to located values; every mistake of syntax, with its place. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
} from 'yaml';
import type { Path } from '../problem.ts';
import type { Located, Place } from './located.ts';
import type { LocatedProblem } from './text-problem.ts';

export type ReadYaml =
  | { readonly ok: true; readonly root: Located; readonly problems: readonly LocatedProblem[] }
  | { readonly ok: false; readonly problems: readonly LocatedProblem[] };

/** A spec is written by a person: what is larger is another file given by mistake. */
export const maximalBytes = 1_000_000;
/** An alias may multiply what was written; a spec never needs this many values. */
const maximalNodes = 50_000;
const maximalDepth = 60;
const maximalErrors = 5;

/** Duplicate keys are problems too, but the rest of the text is read all the same. */
export function readYaml(text: string, file: string): ReadYaml {
  const lines = text.split(/\r?\n/);
  const counter = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: line || 1, column: col || 1, text: lines[(line || 1) - 1] ?? '' };
  };
  const refuse = (expected: string, came: string, at = place(0), hint?: string): ReadYaml => ({
    ok: false,
    problems: [{ path: [], expected, came, hint, place: at }],
  });
  const size = Buffer.byteLength(text);
  if (size > maximalBytes) {
    return refuse(
      'a spec of at most 1 MB',
      `${(size / 1e6).toFixed(1)} MB`,
      place(0),
      'Is this a data file? A spec is YAML text.',
    );
  }
  if (text.includes('\u0000') || text.includes('\ufffd')) {
    return refuse('a text file', 'binary data', place(0), 'A spec is YAML text in UTF-8.');
  }
  const documents = parse(text, counter);
  if (documents === undefined)
    return refuse('values nested by hand', `brackets nested too deeply to read`);
  const [document, second] = documents;
  const errors = documents.flatMap((each) => each.errors);
  if (errors.length > 0) {
    // After a bracket too many, every line seems wrong.
    const first = errors.slice(0, maximalErrors);
    return {
      ok: false,
      problems: first.map((error) => syntaxProblem(error.message, place(error.pos[0]))),
    };
  }
  if (second)
    return refuse('one document', 'a second one', place(second.range[0]), 'Remove the line `---`.');
  if (!document?.contents) {
    return refuse(
      'a spec',
      'an empty file',
      place(0),
      'run-experiment init DATA writes a first one.',
    );
  }
  return locate(document, place);
}

function parse(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | undefined {
  try {
    const parsed = parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
    return Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (error instanceof RangeError) return undefined; // The stack: brackets by the thousand.
    throw error;
  }
}

/** yaml's own words, and a hint where a value should have been quoted. */
function syntaxProblem(message: string, place: Place): LocatedProblem {
  const unquoted = /\$\{|\[\s*\*|:\s+[@`%]|:\s+\*[^\s]*\*/.test(place.text);
  const hint = unquoted
    ? "Put quotes around values that hold braces, brackets, * or other signs of YAML's own: uri: '${env:X}', ['*_code']."
    : undefined;
  return { path: [], expected: 'YAML', came: message, hint, place };
}

class TooLarge extends Error {}

/** What goes along with a walk over a document. */
interface Walk {
  readonly document: Document.Parsed;
  readonly place: (offset: number) => Place;
  readonly problems: LocatedProblem[];
  nodes: number;
}

function locate(document: Document.Parsed, place: (offset: number) => Place): ReadYaml {
  const walk: Walk = { document, place, problems: [], nodes: 0 };
  const refuse = (expected: string, came: string, at: Place): ReadYaml => ({
    ok: false,
    problems: [{ path: [], expected, came, place: at }],
  });
  try {
    const root = located(walk, document.contents, [], place(0));
    if (root.kind === 'map') return { ok: true, root, problems: walk.problems };
    const came = root.kind === 'list' ? 'a list' : JSON.stringify(root.value);
    return refuse('keys with values, such as `experiment: name`', came, root.at);
  } catch (error) {
    if (error instanceof TooLarge) {
      return refuse(`at most ${maximalNodes} values`, `too many ${error.message}`, place(0));
    }
    if (error instanceof RangeError) {
      return refuse('values nested by hand', 'values nested too deeply to read', place(0));
    }
    throw error;
  }
}

function located(walk: Walk, node: unknown, path: Path, otherwise: Place, keyAt?: Place): Located {
  walk.nodes += 1;
  if (walk.nodes > maximalNodes) throw new TooLarge('values, aliases written out');
  if (path.length > maximalDepth) throw new TooLarge('levels of nesting');
  const at = placeOf(walk, node, otherwise);
  if (isAlias(node)) {
    const target = node.resolve(walk.document);
    if (target) return { ...located(walk, target, path, at), at, keyAt };
    const hint = 'Quote it if it is text.';
    const came = `*${node.source}`;
    walk.problems.push({ path, expected: 'the name of an anchor', came, hint, place: at });
    return { kind: 'scalar', value: null, at, keyAt };
  }
  if (isMap(node))
    return { kind: 'map', entries: entriesOf(walk, node.items, path, at), at, keyAt };
  if (isSeq(node)) {
    const items = node.items.map((item, index) => located(walk, item, [...path, index], at));
    return { kind: 'list', items, at, keyAt };
  }
  return { kind: 'scalar', value: isScalar(node) ? node.value : null, at, keyAt };
}

const placeOf = ({ place }: Walk, node: unknown, otherwise: Place) =>
  isNode(node) && node.range ? place(node.range[0]) : otherwise;

function entriesOf(
  walk: Walk,
  pairs: readonly unknown[],
  path: Path,
  at: Place,
): Map<string, Located> {
  const entries = new Map<string, Located>();
  for (const pair of pairs) {
    if (!isPair(pair)) continue;
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    const keyAt = placeOf(walk, pair.key, at);
    const inner = [...path, key];
    const line = entries.get(key)?.keyAt?.line;
    if (line !== undefined) {
      const hint = `It stands in line ${line} already.`;
      const came = `"${key}" again`;
      walk.problems.push({
        path: inner,
        expected: 'each key once',
        came,
        hint,
        atKey: true,
        place: keyAt,
      });
    }
    entries.set(key, located(walk, pair.value, inner, keyAt, keyAt));
  }
  return entries;
}
