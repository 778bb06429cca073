/** @file The sweep that is disturbed, and what has to be the same as if it never had been. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type JournalRecord, readJournal } from '../../src/record/index.ts';
import { run, smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';

/** Six trials of some seconds in all, so that a disturbance meets every stage of them. */
export const fullSpec = smallSpec
  .replace('epochs: 6', 'epochs: 400')
  .replace('replicates: 2', 'replicates: 1');
/** Three of them. */
export const briefSpec = fullSpec.replace('[0.003, 0.03]', '[0.03]');

export const args = ['small.yaml', '--json'];
/** No server of MLflow, whatever the environment says. */
export const env = { MLFLOW_TRACKING_URI: '' };
export const runFolder = (folder: string) => join(folder, 'runs/small');
export const journalOf = (folder: string) => readJournal(join(runFolder(folder), 'journal.jsonl'));

/** What one kind of disturbance did, and what it changed: nothing, one hopes. */
export interface Verdict {
  readonly kind: string;
  readonly tries: number;
  /** Trials that went on from a checkpoint. */
  readonly resumed: number;
  readonly differences: readonly string[];
  /** Why it was not tried. */
  readonly skipped?: string;
}

export interface Torture {
  readonly tries: number;
  /** The sweep that is disturbed. */
  readonly spec: string;
  readonly say: (line: string) => void;
}

/** A sweep that nobody disturbed. */
export interface Undisturbed {
  readonly folder: string;
  readonly results: unknown;
  readonly journal: readonly JournalRecord[];
  /** How long the command took. */
  readonly milliseconds: number;
}

const known = new Map<string, Promise<Undisturbed>>();
/** Once a spec. */
export function undisturbed(spec: string, words = args): Promise<Undisturbed> {
  const made = known.get(spec) ?? makeUndisturbed(spec, words);
  known.set(spec, made);
  return made;
}

async function makeUndisturbed(spec: string, words: readonly string[]): Promise<Undisturbed> {
  const folder = smallExperiment(spec);
  const begin = performance.now();
  const { status, stdout, stderr } = await start(folder, words, env).finished;
  const milliseconds = performance.now() - begin;
  if (status !== 0) throw new Error(`the sweep fails undisturbed: ${stderr}`);
  return { folder, results: numbersOf(stdout), journal: journalOf(folder), milliseconds };
}

/** Starts the command until it ends with 0; twenty times at most. */
export async function toItsEnd(folder: string, environment = env): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { status, stdout, stderr } = await start(folder, args, environment).finished;
    if (status === 0) return stdout;
    if (attempt === 20) throw new Error(`status ${status} again and again: ${stderr}`);
  }
}

/** What `results --json` prints, without what differs by nature: the time that it took. */
export function numbersOf(stdout: string): unknown {
  const { trials, ...rest } = JSON.parse(stdout);
  const timeless = trials.map(
    ({ seconds: _, mlflowRunId: __, ...trial }: Readonly<Record<string, unknown>>) => trial,
  );
  return { ...rest, trials: timeless };
}

/** How a disturbed sweep's end differs: its table, its curves, its files, what was trained twice. */
export async function differences(
  folder: string,
  stdout: string,
  expected: Undisturbed,
): Promise<readonly string[]> {
  const journal = journalOf(folder);
  const reread = await run(folder, 'results', '--json');
  const pairs = [
    ['the final table', numbersOf(stdout), expected.results],
    ['results', numbersOf(reread.stdout), expected.results],
    ['the curves', curvesOf(journal), curvesOf(expected.journal)],
    ['models and predictions', filesOf(folder), filesOf(expected.folder)],
    ['finishes', finishesOf(journal), finishesOf(expected.journal)],
  ] as const;
  return [
    ...pairs.flatMap(([what, is, was]) => (isDeepStrictEqual(is, was) ? [] : [`${what} differ`])),
    ...repetitions(journal),
    ...negativeTimes(journal),
    ...leftFiles(folder),
  ].map((difference) => `${folder}: ${difference}`);
}

const finishesOf = (journal: readonly JournalRecord[]) =>
  journal.flatMap((each) => (each.type === 'finish' ? [each.number] : [])).sort((a, b) => a - b);

/** Every value that an epoch was ever recorded with: trained again, it has the same. */
function curvesOf(journal: readonly JournalRecord[]): unknown {
  const epochs = new Set(
    journal.flatMap((each) =>
      each.type === 'epoch' ? [JSON.stringify([each.number, each.epoch, each.metrics])] : [],
    ),
  );
  return [...epochs].sort();
}

function filesOf(folder: string): unknown {
  const trials = join(runFolder(folder), 'trials');
  return readdirSync(trials, { recursive: true, encoding: 'utf8' })
    .filter((name) => /model\/.*\.|predictions\.csv$/.test(name) && !name.endsWith('.part'))
    .sort()
    .map((name) => [name, readFileSync(join(trials, name)).toString('base64')]);
}

/** Trials that were trained after they had finished, or had two numbers. */
function repetitions(journal: readonly JournalRecord[]): readonly string[] {
  const finished = new Set<number>();
  const identities = journal.flatMap((each) => (each.type === 'trial' ? [each.id] : []));
  const again = journal.flatMap((each) => {
    if (each.type === 'finish') finished.add(each.number);
    return each.type === 'start' && finished.has(each.number)
      ? [`finished trial ${each.number} was trained again`]
      : [];
  });
  const isTwice = new Set(identities).size !== identities.length;
  return [...again, ...(isTwice ? ['a trial has two numbers'] : [])];
}

const negativeTimes = (journal: readonly JournalRecord[]) =>
  journal.flatMap((each) => ('seconds' in each && each.seconds < 0 ? ['negative seconds'] : []));

const leftFiles = (folder: string) =>
  existsSync(join(runFolder(folder), 'lock')) ? ['the lock was left'] : [];

/** Starts from a checkpoint, and those that should have been: the journal told of a later one. */
export function resumes(journal: readonly JournalRecord[]): {
  readonly resumed: number;
  readonly lost: readonly string[];
} {
  const saved = new Map<number, number>();
  const lost: string[] = [];
  let resumed = 0;
  for (const each of journal) {
    if (each.type === 'checkpoint') saved.set(each.number, each.epoch);
    if (each.type !== 'start') continue;
    const epoch = saved.get(each.number) ?? 0;
    if (each.fromEpoch > 0) resumed += 1;
    if (each.fromEpoch < epoch)
      lost.push(`trial ${each.number} began at epoch ${each.fromEpoch}, not at ${epoch}`);
  }
  return { resumed, lost };
}
