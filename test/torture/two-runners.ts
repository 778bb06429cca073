/** @file Two runners on one run's folder: one of them steps back and says so. */
import { setTimeout as wait } from 'node:timers/promises';
import { rng } from '../../src/plan/random.ts';
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

const begin = (folder: string) => start(folder, args, env);
type Started = ReturnType<typeof begin>;
const hasStarted = (folder: string) =>
  soon(() => journalOf(folder).some(({ type }) => type === 'start'));

export async function startTwo({ tries, spec, say }: Torture): Promise<Verdict> {
  const kind = 'two runners';
  const expected = await undisturbed(spec);
  const { next } = rng(tries, kind);
  const ways = [oneAfterTheOther, firstKilled, atOnce];
  const found: string[] = [];
  let resumed = 0;
  for (let pair = 0; pair < tries; pair++) {
    const folder = smallExperiment(spec);
    const way = ways[pair % ways.length] ?? atOnce;
    const { stdout, wrong } = await way(folder, next);
    found.push(...wrong, ...(await differences(folder, stdout, expected)));
    resumed += resumes(journalOf(folder)).resumed;
    say(`${kind}: ${pair + 1} (${way.name})`);
  }
  return { kind, tries, resumed, differences: found };
}

interface Result {
  readonly stdout: string;
  readonly wrong: readonly string[];
}

/** Whichever is first. */
async function atOnce(folder: string, random: () => number): Promise<Result> {
  const one = begin(folder);
  await wait(50 * random());
  const other = begin(folder);
  const ends = await Promise.all([one.finished, other.finished]);
  const winner = ends.findIndex(({ status }) => status === 0);
  const loser = ends[1 - winner];
  const { pid } = (winner === 0 ? one : other).child;
  const wrong = loser ? steppedBack(loser, pid) : [`${folder}: none came through`];
  return { stdout: ends[winner]?.stdout ?? '', wrong };
}

/** The second finds the first at work, and so does `gc`. */
async function oneAfterTheOther(folder: string): Promise<Result> {
  const one = begin(folder);
  await hasStarted(folder);
  const other = await begin(folder).finished;
  const gc = await start(folder, ['gc', 'small'], env).finished;
  const { stdout } = await one.finished;
  const { pid } = one.child;
  return { stdout, wrong: [...steppedBack(other, pid), ...steppedBack(gc, pid)] };
}

/** The first is killed around the moment at which the second looks. */
async function firstKilled(folder: string, random: () => number): Promise<Result> {
  const one = begin(folder);
  await hasStarted(folder);
  const other = begin(folder);
  await wait(1000 * random());
  one.child.kill('SIGKILL');
  await one.finished;
  const { status, stdout, stderr } = await other.finished;
  if (status === 0) return { stdout, wrong: [] };
  const wrong = steppedBack({ status, stderr }, one.child.pid);
  return { stdout: await toItsEnd(folder), wrong };
}

type End = Pick<Awaited<Started['finished']>, 'status' | 'stderr'>;
function steppedBack({ status, stderr }: End, holder: number | undefined): readonly string[] {
  const isSaid = stderr.includes(`in use by process ${holder}:`) && !/^ +at /m.test(stderr);
  return status === 2 && isSaid ? [] : [`did not step back: status ${status}, ${stderr}`];
}
