/** @file The clock goes back by an hour while a sweep is trained, before it is killed, or before it is resumed. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { rng } from '../../src/plan/random.ts';
import type { JournalRecord } from '../../src/record/index.ts';
import { smallExperiment, start } from '../end-to-end/small-experiment.ts';
import { soon } from './processes.ts';
import {
  args,
  differences,
  env,
  journalOf,
  resumes,
  type Torture,
  toItsEnd,
  undisturbed,
  type Verdict,
} from './sweep.ts';

const preload = pathToFileURL(join(import.meta.dirname ?? '', 'shifted-clock.js')).href;
/** It goes back when this file of the folder is there. */
const turn = (folder: string) => writeFileSync(join(folder, 'turned'), '');
const clock = (folder: string) => ({
  ...env,
  NODE_OPTIONS: `--import ${preload}`,
  CLOCK_TURNED: join(folder, 'turned'),
});

/** Up to its end, what the command printed. */
type Way = (folder: string, integer: (below: number) => number) => Promise<string>;

/** Trained, killed, and resumed before the time at which it began. */
const betweenTwoExecutions: Way = async (folder, integer) => {
  const started = start(folder, args, env);
  await journalHas(started, folder, (journal) => journal.some(isCheckpoint));
  await Promise.race([wait(integer(300)), started.finished]);
  await kill(started);
  turn(folder);
  return toItsEnd(folder, clock(folder));
};

/** Killed when checkpoints are dated before the start of their trial; resumed by the right clock. */
const beforeTheKill: Way = async (folder) => {
  const started = start(folder, args, clock(folder));
  await journalHas(started, folder, (journal) => journal.some(isCheckpoint));
  turn(folder);
  await journalHas(started, folder, (journal) => journal.slice(turnOf(journal)).some(isCheckpoint));
  await kill(started);
  return toItsEnd(folder);
};

const whileItIsTrained: Way = async (folder, integer) => {
  const started = start(folder, args, clock(folder));
  const epochs = 1 + integer(100);
  await journalHas(
    started,
    folder,
    (journal) => journal.filter(({ type }) => type === 'epoch').length >= epochs,
  );
  turn(folder);
  const { status, stdout, stderr } = await started.finished;
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
  return stdout;
};

type Started = ReturnType<typeof start>;
type Journal = readonly JournalRecord[];

/** Resolves when the journal is like that, or the command has ended. */
const journalHas = ({ child }: Started, folder: string, isLike: (journal: Journal) => boolean) =>
  soon(() => child.exitCode !== null || isLike(journalOf(folder)));

async function kill({ child, finished }: Started): Promise<void> {
  child.kill('SIGKILL');
  await finished;
}

const isCheckpoint = ({ type }: JournalRecord) => type === 'checkpoint';

/** The first record that is dated half an hour before the one above it; the length if there is none. */
function turnOf(journal: Journal): number {
  const times = journal.map(({ time }) => Date.parse(time));
  const turn = times.findIndex((time, at) => time < (times[at - 1] ?? time) - 1_800_000);
  return turn < 0 ? journal.length : turn;
}

export async function turnTheClockBack({ tries, spec, say }: Torture): Promise<Verdict> {
  const kind = 'clock going back';
  const expected = await undisturbed(spec);
  const { integer } = rng(tries, kind);
  const ways = [betweenTwoExecutions, whileItIsTrained, beforeTheKill];
  const found: string[] = [];
  let resumed = 0;
  for (let turned = 1; turned <= tries; turned++) {
    const folder = smallExperiment(spec);
    const way = ways[(turned - 1) % ways.length] ?? whileItIsTrained;
    const stdout = await way(folder, integer);
    const journal = journalOf(folder);
    if (turnOf(journal) === journal.length)
      found.push(`${folder}: the clock did not go back: nothing was tried`);
    const { resumed: these, lost } = resumes(journal);
    found.push(...(await differences(folder, stdout, expected)), ...lost);
    resumed += these;
    say(`${kind}: ${turned} (${way.name}), ${these} trials resumed`);
  }
  if (resumed === 0) found.push('no trial went on from a checkpoint: nothing was tried');
  return { kind, tries, resumed, differences: found };
}
