/** @file Reads and checks one spec against everything that can be known before training. */
import { dirname, resolve } from 'node:path';
import { catalog } from './catalog.ts';
import { checkData } from './data/index.ts';
import { checkExecution } from './executor-place.ts';
import { checkModel } from './model/index.ts';
import type { ChoiceValues } from './plan/index.ts';
import {
  type LocatedProblem,
  type ParsedSpec,
  parseSpec,
  readSpecFile,
  sweepSpace,
} from './spec/index.ts';
import { formatPath, type Problem } from './spec/problem.ts';
import type { ResolvedSpec } from './spec/schema/experiment.ts';
import { typicalPoints } from './sweep/typical-points.ts';

export interface LoadedExperiment {
  /** As given. */
  readonly file: string;
  /** Paths in the spec are relative to it. */
  readonly directory: string;
  readonly text: string;
  readonly parsed: Extract<ParsedSpec, { ok: true }>;
  readonly spec: ResolvedSpec;
}

export interface SpecInput {
  readonly file: string;
  /** `training.epochs=5` */
  readonly overrides: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Loaded =
  | { readonly ok: true; readonly experiment: LoadedExperiment }
  | { readonly ok: false; readonly problems: readonly LocatedProblem[] };

/** Reads the spec, and checks it, its data and its models; all mistakes at once. */
export async function loadExperiment(input: SpecInput): Promise<Loaded> {
  const read = readSpecFile(input.file);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const parsed = parseSpec({ ...input, text: read.text, catalog });
  const directory = dirname(resolve(input.file));
  const spec = parsed.ok ? parsed.spec : parsed.partial;
  const own = parsed.ok ? [] : parsed.problems;
  const isSweepWrong = own.some(({ path }) => path[0] === 'sweep');
  const models = spec ? (isSweepWrong ? checkModel(spec) : checkModels(spec)) : [];
  const others = spec
    ? [...(await checkData(spec, directory)), ...models, ...checkExecution(spec)]
    : [];
  const problems = [...own, ...uniqueProblems(others).map(parsed.locate)];
  if (problems.length > 0 || !parsed.ok) return { ok: false, problems };
  const { file } = input;
  return {
    ok: true,
    experiment: { file, directory, text: read.text, parsed, spec: parsed.spec },
  };
}

/** The models of a grid's choices, or of every value of the space once. */
function checkModels(spec: ResolvedSpec): readonly Problem[] {
  const own = checkModel(spec);
  if (own.length > 0) return own;
  const space = sweepSpace(spec, catalog);
  return typicalPoints(spec, space)
    .map((point) => space.choiceAt(point))
    .flatMap(({ values, spec: choice }) =>
      checkModel(choice).map((problem) => atSweptValue(problem, values)),
    );
}

/** A mistake that only a swept value makes is the sweep's: the message says with which value. */
function atSweptValue(problem: Problem, values: ChoiceValues): Problem {
  const place = formatPath(problem.path);
  const swept = Object.entries(values).find(
    ([path]) => place.startsWith(path) || path.startsWith(place),
  );
  if (!swept) return problem;
  const note = `With the swept value ${swept[0]} = ${JSON.stringify(swept[1])}.`;
  return { ...problem, hint: [problem.hint, note].filter(Boolean).join(' ') };
}

function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(
      problems.map((problem) => [JSON.stringify({ ...problem, hint: '' }), problem]),
    ).values(),
  ];
}
