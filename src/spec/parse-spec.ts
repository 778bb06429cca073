/** @file A spec from text: read, extended, overridden, checked, spelled out. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { diagnose } from './check/diagnose.ts';
import { checkHeads, checkSplit } from './check/heads.ts';
import { checkSweep } from './check/sweep.ts';
import type { Catalog } from './kind.ts';
import { formatPath, type Path, type Problem } from './problem.ts';
import type { ResolvedSpec } from './schema/experiment.ts';
import { prune } from './schema/prune.ts';
import { type DefaultedPaths, spellOut } from './schema/spell-out.ts';
import { schemaOf } from './schema-of.ts';
import { type Environment, substituteEnvironment } from './text/environment.ts';
import { child, deepest, type Located, type Place, plainValue } from './text/located.ts';
import { merge, readOverride, setLocated } from './text/merge.ts';
import { maximalBytes, readYaml } from './text/read-yaml.ts';
import type { LocatedProblem } from './text/text-problem.ts';

export interface SpecText {
  readonly text: string;
  /** Its name in messages; other files are looked for beside it. */
  readonly file: string;
  /** `training.epochs=5` */
  readonly overrides?: readonly string[];
  readonly env?: Environment;
  readonly catalog: Catalog;
  /** Reads a file that a spec extends; default: from the disk. */
  readonly readFile?: (path: string) => string | undefined;
}

/** Where a value of a resolved spec came from. */
export type Origin =
  | { readonly kind: 'written'; readonly place: Place; readonly reference?: string }
  | { readonly kind: 'default' };

export type ParsedSpec =
  | {
      readonly ok: true;
      readonly spec: ResolvedSpec;
      readonly originOf: (path: Path) => Origin;
      /** Gives a problem of another part its place. */
      readonly locate: (problem: Problem) => LocatedProblem;
    }
  | {
      readonly ok: false;
      readonly problems: readonly LocatedProblem[];
      /** What is left without the mistakes, if that is a spec: for the checks of other parts. */
      readonly partial: ResolvedSpec | null;
      readonly locate: (problem: Problem) => LocatedProblem;
    };

/** All mistakes at once; never throws for what a person may write. */
export function parseSpec(input: SpecText): ParsedSpec {
  const read = readLayers(input, input.file, input.text, []);
  if (!read.root) {
    const locate = (problem: Problem) => ({ ...problem, place: startOf(input) });
    return { ok: false, problems: read.problems, partial: null, locate };
  }
  const overridden = applyOverrides(read.root, input.overrides ?? []);
  const { root, problems: unset } = substituteEnvironment(overridden.root, input.env ?? {});
  const schema = schemaOf(input.catalog);
  const value = plainValue(root);
  // What a missing variable would have been nobody knows: the rest is looked at once it is set.
  if (unset.length > 0) {
    const locate = (problem: Problem) => placed(problem, root);
    return {
      ok: false,
      problems: [...read.problems, ...overridden.problems, ...unset],
      partial: null,
      locate,
    };
  }
  const wrong = diagnose(schema, value);
  const locate = (problem: Problem) => placed(problem, root);
  const clean = wrong.length === 0 ? value : prune(schema, value, wrong);
  const defaulted: DefaultedPaths = new Set();
  const spec =
    clean === undefined ? null : asResolved(spellOut(schema, schema, clean, [], defaulted));
  const semantic = spec
    ? [
        ...checkHeads(spec, input.catalog),
        ...checkSplit(spec),
        ...checkSweep(schema, spec, input.catalog),
      ]
    : [];
  const problems = [
    ...read.problems,
    ...overridden.problems,
    ...[...wrong, ...semantic.filter((problem) => !isExplained(problem, wrong))].map(locate),
  ];
  if (problems.length > 0 || !spec) return { ok: false, problems, partial: spec, locate };
  return {
    ok: true,
    spec: deepFreeze(spec),
    locate,
    originOf: (path) => originOf(root, defaulted, path),
  };
}

/** The schema has just accepted it: this is the line where a spec becomes one. */
const asResolved = (value: unknown) => value as ResolvedSpec;

/** A mistake of meaning about a place that is wrong already says nothing new. */
function isExplained(problem: Problem, wrong: readonly Problem[]): boolean {
  const places = [problem.path, problem.refersTo ?? problem.path].map(formatPath);
  return wrong.some(({ path }) => {
    // Of a list with a wrong item nothing is known: what is left has other indices.
    const list = path.findIndex((step) => typeof step === 'number');
    const cut = formatPath(list < 0 ? path : path.slice(0, list));
    return cut !== '' && places.some((place) => place.startsWith(cut) || cut.startsWith(place));
  });
}

interface Layers {
  readonly root: Located | null;
  readonly problems: readonly LocatedProblem[];
}

/** The file's own values over those of the files that it extends. */
function readLayers(input: SpecText, file: string, text: string, above: readonly string[]): Layers {
  const read = readYaml(text, file);
  if (!read.ok) return { root: null, problems: read.problems };
  const problems = [...read.problems];
  let base: Located | null = null;
  const extended = read.root.kind === 'map' ? child(read.root, 'extends') : undefined;
  const nodes = extended?.kind === 'list' ? extended.items : extended ? [extended] : [];
  for (const node of nodes) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') continue;
    const path = isAbsolute(node.value) ? node.value : join(dirname(file), node.value);
    const content =
      above.includes(path) || path === file ? undefined : (input.readFile ?? readText)(path);
    if (content === undefined) {
      const came = existsSync(path)
        ? `${node.value}, which extends this one`
        : `${node.value}, which cannot be read`;
      problems.push({
        path: ['extends'],
        expected: 'another spec, relative to this file',
        came,
        place: node.at,
      });
      continue;
    }
    const layer = readLayers(input, path, content, [...above, file]);
    problems.push(...layer.problems);
    if (layer.root) base = base ? merge(base, layer.root) : layer.root;
  }
  return { root: base ? merge(base, read.root) : read.root, problems };
}

function readText(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile()
    ? readFileSync(path, 'utf8')
    : undefined;
}

function applyOverrides(root: Located, overrides: readonly string[]) {
  const problems: LocatedProblem[] = [];
  let result = root;
  for (const text of overrides) {
    const override = readOverride(text);
    if (override.ok) result = setLocated(result, override.path, override.value);
    else problems.push(override.problem);
  }
  return { root: result, problems };
}

/** The place of the deepest value on the path that was written. */
function placed(problem: Problem, root: Located): LocatedProblem {
  const { node } = deepest(root, problem.path);
  const isMissing = problem.came === 'it is missing';
  const place =
    problem.atKey && !isMissing
      ? (node.keyAt ?? node.at)
      : isMissing
        ? (node.keyAt ?? node.at)
        : node.at;
  return { ...problem, place };
}

function originOf(root: Located, defaulted: DefaultedPaths, path: Path): Origin {
  for (let length = 1; length <= path.length; length++) {
    if (defaulted.has(formatPath(path.slice(0, length)))) return { kind: 'default' };
  }
  const { node } = deepest(root, path);
  return { kind: 'written', place: node.at, reference: node.reference };
}

const startOf = ({ file, text }: SpecText): Place => ({
  file,
  line: 1,
  column: 1,
  text: text.slice(0, 200).split('\n')[0] ?? '',
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

/** A spec's text; a file that is not there, or cannot be one, is a problem. */
export function readSpecFile(
  file: string,
): { ok: true; text: string } | { ok: false; problem: LocatedProblem } {
  const place = { file, line: 1, column: 1, text: '' };
  const refuse = (expected: string, came: string) => ({
    ok: false as const,
    problem: { path: [], expected, came, place },
  });
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return refuse('the file of a spec', 'no such file');
  if (!stat.isFile()) return refuse('the file of a spec', 'a folder');
  if (stat.size > maximalBytes)
    return refuse('a spec of at most 1 MB', `${(stat.size / 1e6).toFixed(1)} MB`);
  return { ok: true, text: readFileSync(file, 'utf8') };
}
