/** @file YAML text to located values; every mistake of syntax, with its place. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Node as YamlNode,
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

function locate(document: Document.Parsed, place: (offset: number) => Place): ReadYaml {
  const problems: LocatedProblem[] = [];
  let nodes = 0;
  const placeOf = (node: YamlNode, otherwise: Place) =>
    node.range ? place(node.range[0]) : otherwise;
  const visit = (node: unknown, path: Path, otherwise: Place, keyAt?: Place): Located => {
    nodes += 1;
    if (nodes > maximalNodes) throw new TooLarge('values, aliases written out');
    if (path.length > maximalDepth) throw new TooLarge('levels of nesting');
    if (isAlias(node)) {
      const at = placeOf(node, otherwise);
      const target = node.resolve(document);
      if (target) return { ...visit(target, path, at), at, keyAt };
      problems.push({
        path,
        expected: 'the name of an anchor',
        came: `*${node.source}`,
        hint: 'Quote it if it is text.',
        place: at,
      });
      return { kind: 'scalar', value: null, at, keyAt };
    }
    if (isMap(node)) {
      const at = placeOf(node, otherwise);
      const entries = new Map<string, Located>();
      for (const pair of node.items) {
        if (!isPair(pair)) continue;
        const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        const at2 = isScalar(pair.key) ? placeOf(pair.key, at) : at;
        const inner = [...path, key];
        const before = entries.get(key);
        if (before) {
          const line = before.keyAt?.line;
          problems.push({
            path: inner,
            expected: 'each key once',
            came: `"${key}" again`,
            hint: `It stands in line ${line} already.`,
            atKey: true,
            place: at2,
          });
        }
        entries.set(key, visit(pair.value, inner, at2, at2));
      }
      return { kind: 'map', entries, at, keyAt };
    }
    if (isSeq(node)) {
      const at = placeOf(node, otherwise);
      const items = node.items.map((item, index) => visit(item, [...path, index], at));
      return { kind: 'list', items, at, keyAt };
    }
    if (isScalar(node))
      return { kind: 'scalar', value: node.value, at: placeOf(node, otherwise), keyAt };
    return { kind: 'scalar', value: null, at: otherwise, keyAt };
  };
  try {
    const root = visit(document.contents, [], place(0));
    if (root.kind === 'map') return { ok: true, root, problems };
    const came = root.kind === 'list' ? 'a list' : JSON.stringify(root.value);
    return {
      ok: false,
      problems: [
        {
          path: [],
          expected: 'keys with values, such as `experiment: name`',
          came,
          place: root.at,
        },
      ],
    };
  } catch (error) {
    if (error instanceof TooLarge || error instanceof RangeError) {
      const came =
        error instanceof TooLarge ? `too many ${error.message}` : 'values nested too deeply';
      return {
        ok: false,
        problems: [{ path: [], expected: `at most ${maximalNodes} values`, came, place: place(0) }],
      };
    }
    throw error;
  }
}
