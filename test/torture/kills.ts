/** @file `kill -9` of the runner, and of its workers, at random moments. */
import { setTimeout as wait } from 'node:timers/promises';
import { rng } from '../../src/plan/random.ts';
import { smallExperiment, start } from '../end-to-end/small-experiment.ts';
import { type Ended, killAfter, living, soon, workersOf } from './processes.ts';
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

type Disturb = (folder: string, moments: Moments, budget: number) => Promise<Disturbed>;
interface Moments {
  readonly random: () => number;
  /** What the sweep takes where nobody disturbs it. */
  readonly milliseconds: number;
}
interface Disturbed {
  readonly stdout: string;
  readonly kills: number;
  /** Workers that it had, which must be gone. */
  readonly workers: readonly number[];
}

/** Over as many sweeps as it takes; each of them comes to its end. */
async function killed(
  kind: string,
  disturb: Disturb,
  { tries, spec, say }: Torture,
): Promise<Verdict> {
  const expected = await undisturbed(spec);
  const { next } = rng(tries, kind);
  const found: string[] = [];
  let [kills, resumed] = [0, 0];
  for (let sweep = 1; kills < tries; sweep++) {
    const folder = smallExperiment(spec);
    const moments = { random: next, milliseconds: expected.milliseconds };
    const ended = await disturb(folder, moments, tries - kills);
    kills += ended.kills;
    const { resumed: these, lost } = resumes(journalOf(folder));
    resumed += these;
    found.push(...(await differences(folder, ended.stdout, expected)), ...lost);
    await soon(() => living(ended.workers).length === 0).catch(() =>
      found.push(`${folder}: a worker outlived its runner`),
    );
    say(`${kind}, sweep ${sweep}: ${kills} kills, ${resumed} trials resumed`);
  }
  if (tries >= 10 && resumed === 0) found.push('no trial went on from a checkpoint');
  return { kind, tries: kills, resumed, differences: found };
}

/** It is started again after each kill; when it was killed as often as asked for, it may end. */
async function killRunner(
  folder: string,
  { random, milliseconds }: Moments,
  budget: number,
): Promise<Disturbed> {
  const workers: number[] = [];
  for (let kills = 0; kills < budget; kills++) {
    const started = start(folder, args, env);
    // Half of a sweep at most: a start takes a quarter, so that most kills find it further than before.
    const after = 200 + 0.5 * random() * milliseconds;
    const look = setTimeout(() => workers.push(...workersOf(started.child.pid)), after - 100);
    const { status, stdout } = await killAfter(started, after);
    clearTimeout(look);
    if (status === 0) return { stdout, kills, workers };
    if (status !== null) throw new Error(`status ${status} after ${kills} kills`);
  }
  return { stdout: await toItsEnd(folder), kills: budget, workers };
}

/** The runner lives on; a trial whose worker was killed is taken up by the same command. */
async function killWorkers(
  folder: string,
  { random, milliseconds }: Moments,
  budget: number,
): Promise<Disturbed> {
  const workers: number[] = [];
  let kills = 0;
  while (kills < budget) {
    const { child, finished } = start(folder, args, env);
    let ended: Ended | undefined;
    void finished.then((end) => {
      ended = end;
    });
    while (!ended && kills < budget) {
      await Promise.race([wait((0.05 + 0.25 * random()) * milliseconds), finished]);
      const those = ended ? [] : workersOf(child.pid);
      const victim = those[Math.floor(random() * those.length)];
      if (victim === undefined) continue;
      kills += killNow(victim);
      workers.push(victim);
    }
    const { status, stdout } = await finished;
    if (status === 0) return { stdout, kills, workers };
  }
  return { stdout: await toItsEnd(folder), kills, workers };
}

function killNow(pid: number): number {
  try {
    process.kill(pid, 'SIGKILL');
    return 1;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return 0;
    throw error;
  }
}

export const killTheRunner = (torture: Torture) => killed('runner killed', killRunner, torture);
export const killTheWorkers = (torture: Torture) => killed('worker killed', killWorkers, torture);
