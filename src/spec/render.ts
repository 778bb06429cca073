/** @file Problems and resolved specs as text for a person. */
import { Document, isCollection, isPair, isScalar, isSeq, isMap as isYamlMap } from 'yaml';
import type { Origin } from './parse-spec.ts';
import { formatPath, type Path } from './problem.ts';
import type { LocatedProblem } from './text/text-problem.ts';
import { withoutCredentials } from './with-values.ts';

/**
 * `file:line:column  path: expected …, got …`, the line with a caret, and what to do; in the order
 * of the file.
 */
export function renderProblems(problems: readonly LocatedProblem[]): string {
  const sorted = [...problems].sort(
    (one, other) =>
      Number(one.place.file > other.place.file) - Number(one.place.file < other.place.file) ||
      one.place.line - other.place.line ||
      one.place.column - other.place.column,
  );
  const count = `${sorted.length} mistake${sorted.length === 1 ? '' : 's'}; nothing was trained`;
  return [...sorted.map(renderProblem), count].join('\n');
}

function renderProblem({ path, expected, came, hint, place }: LocatedProblem): string {
  const { file, line, column, text } = place;
  const where = file === 'command line' ? file : `${file}:${line}:${column}`;
  const subject = path.length > 0 ? `${formatPath(path)}: ` : '';
  const head = `${where}  ${subject}expected ${expected}, got ${came}`;
  const source = text === '' ? [] : excerpt(text, column);
  return [head, ...source, ...(hint ? hint.split('\n').map((each) => `    ${each}`) : [])].join(
    '\n',
  );
}

/** The line and a caret below the column; of a long line only what is around it. */
function excerpt(text: string, column: number): readonly string[] {
  const from = column > 120 ? column - 60 : 0;
  const shown = withoutCredentials(text)
    .slice(from, from + 140)
    .replaceAll('\t', ' ');
  return [`    ${shown}`, `    ${' '.repeat(Math.max(0, column - 1 - from))}^`];
}

/** The resolved spec as YAML that runs, each value that was not written there with its origin. */
export function renderResolved(
  spec: unknown,
  originOf: (path: Path) => Origin,
  file: string,
): string {
  const document = new Document(spec, { aliasDuplicateObjects: false });
  const visit = (node: unknown, path: Path) => {
    if (isYamlMap(node)) {
      for (const pair of node.items) {
        if (isPair(pair) && isScalar(pair.key))
          visit(pair.value, [...path, String(pair.key.value)]);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    }
    const isEmpty = isCollection(node) && node.items.length === 0;
    if (!isScalar(node) && !isEmpty) return;
    if (isCollection(node)) node.flow = true;
    const note = originNote(originOf(path), file);
    if (note) node.comment = ` ${note}`;
  };
  visit(document.contents, []);
  return document.toString({ lineWidth: 0 });
}

function originNote(origin: Origin, file: string): string | undefined {
  if (origin.kind === 'default') return 'default';
  const { place, reference } = origin;
  if (reference !== undefined) return `from ${reference}`;
  if (place.file === 'command line') return 'command line';
  return place.file === file ? undefined : `${place.file}:${place.line}`;
}
