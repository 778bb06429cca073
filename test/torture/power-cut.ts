/** @file The machine's power fails: the journal ends at any byte, or in what the disk never wrote. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { rng } from '../../src/plan/random.ts';
import { type JournalRecord, openJournal, readJournal, runState } from '../../src/record/index.ts';
import { readRun, resultsJson } from '../../src/report/index.ts';
import { smallExperiment, start } from '../end-to-end/small-experiment.ts';
import { killAfter, soon } from './processes.ts';
import {
  args,
  differences,
  env,
  journalOf,
  resumes,
  runFolder,
  type Torture,
  toItsEnd,
  undisturbed,
  type Verdict,
} from './sweep.ts';

const tail = 4096;
/** Where a flush costs nothing: what is read back does not depend on the disk. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * The journal cut at every byte of its last 4 kB, and the same with the rest as zeros: what a file
 * system shows of a block that it had counted but not written. `tries` of them, evenly spread.
 */
export async function cutEveryByte({ tries, spec, say }: Torture): Promise<Verdict> {
  const { folder } = await undisturbed(spec);
  const whole = shortened(readFileSync(join(runFolder(folder), 'journal.jsonl'), 'utf8'));
  const place = mkdtempSync(join(memory, 'cut-'));
  const path = join(place, 'journal.jsonl');
  const found: string[] = [];
  const count = Math.min(tries, tail);
  for (let cut = 1; cut <= count; cut++) {
    const length = whole.length - Math.round((cut * tail) / count);
    const torn = whole.subarray(0, length);
    const zeros = Buffer.concat([torn, Buffer.alloc(whole.length - length)]);
    for (const [how, bytes] of Object.entries({ torn, zeros })) {
      writeFileSync(path, bytes);
      found.push(...unlike(path, wholeLines(torn)).map((what) => `${how} at ${length}: ${what}`));
    }
  }
  rmSync(place, { recursive: true });
  say(`journal cut at ${count} bytes`);
  return { kind: 'power cut, every byte', tries: 2 * count, resumed: 0, differences: found };
}

/** Without most of its epochs, which would be read thousands of times. */
function shortened(journal: string): Buffer {
  const lines = journal.trimEnd().split('\n');
  const kept = lines.filter(
    (line, index) => !line.startsWith('{"type":"epoch"') || index > lines.length - 30,
  );
  return Buffer.from(`${kept.join('\n')}\n`);
}

/** Read without the journal's own reader. */
const wholeLines = (bytes: Buffer): readonly JournalRecord[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const note: JournalRecord = { type: 'note', time: '2026-01-01T00:00:00.000Z', text: 'after' };

function unlike(path: string, expected: readonly JournalRecord[]): readonly string[] {
  const before = readJournal(path);
  const opened = [];
  {
    using journal = openJournal(path);
    opened.push(...journal.records);
    journal.append(note);
  }
  const all = { execution: 'all' } as const;
  const pairs = [
    ['readJournal', before, expected],
    ['openJournal', opened, expected],
    ['the next append', readJournal(path), [...expected, note]],
    ['runState', runState(before), runState(expected)],
    ['results', resultsJson(readRun(before, all)), resultsJson(readRun(expected, all))],
  ] as const;
  return pairs.flatMap(([what, is, was]) => (isDeepStrictEqual(is, was) ? [] : [what]));
}

/**
 * Cut, and then the same command. Of finished sweeps, whose models are there though the journal does
 * not know of them, and of sweeps in the middle, whose checkpoints may be ahead of the journal.
 */
export async function cutAndResume({ tries, spec, say }: Torture): Promise<Verdict> {
  const kind = 'power cut, then resumed';
  const expected = await undisturbed(spec);
  const { integer } = rng(tries, kind);
  const found: string[] = [];
  let resumed = 0;
  for (let cut = 1; cut <= tries; cut++) {
    const folder =
      cut % 2 === 0
        ? copyOf(expected.folder)
        : await killedMidway(spec, integer(0.5 * expected.milliseconds));
    const path = join(runFolder(folder), 'journal.jsonl');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, Math.max(0, whole.length - 1 - integer(tail))));
    found.push(...(await differences(folder, await toItsEnd(folder), expected)));
    resumed += resumes(journalOf(folder)).resumed;
    say(`${kind}: ${cut} cuts, ${resumed} trials resumed`);
  }
  return { kind, tries, resumed, differences: found };
}

function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'experiment-'));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** After so many milliseconds of training. */
async function killedMidway(spec: string, milliseconds: number): Promise<string> {
  const folder = smallExperiment(spec);
  const started = start(folder, args, env);
  await soon(() => journalOf(folder).some(({ type }) => type === 'start'));
  await killAfter(started, milliseconds);
  return folder;
}
