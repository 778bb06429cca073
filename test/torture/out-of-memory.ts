/** @file A worker that gets no more memory: what it asks for next is refused. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rng } from '../../src/plan/random.ts';
import { smallExperiment, start } from '../end-to-end/small-experiment.ts';
import { living, soon, workersOf } from './processes.ts';
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

/** `prlimit` takes memory away from a process that runs. */
export const memoryReason =
  process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0
    ? undefined
    : 'prlimit is not here (Linux, util-linux)';

/** A million weights: each call of the program asks for tens of megabytes. */
const largeModel = (spec: string) =>
  spec
    .replace('units: 8', 'units: 1000')
    .replace('dropout: 0.1', 'dense: 1000')
    .replace(/epochs: \d+/, 'epochs: 15')
    .replace('baselines: singleTask', 'baselines: none');

/** What happened and what helps, in one line. */
const clear = /^its worker (ran out of memory|gave up|was killed)[^\n]*need less$/;

/**
 * One worker is left with what it has and a little more; the next allocation fails for good. Another
 * one takes its place, so that the same command ends well.
 */
export async function starveAWorker({ tries, spec: given, say }: Torture): Promise<Verdict> {
  const kind = 'worker out of memory';
  if (memoryReason) return { kind, tries: 0, resumed: 0, differences: [], skipped: memoryReason };
  const spec = largeModel(given);
  const expected = await undisturbed(spec);
  const { integer } = rng(tries, kind);
  const found: string[] = [];
  let [resumed, failed] = [0, 0];
  for (let starved = 1; starved <= tries; starved++) {
    const folder = smallExperiment(spec);
    const { child, finished } = start(folder, args, env);
    await soon(() => journalOf(folder).some(({ type }) => type === 'start'));
    const victim = await soon(() => workersOf(child.pid)[0]);
    const limit = addressSpace(victim) + integer(8) * 1e6;
    execFileSync('prlimit', ['--pid', String(victim), `--as=${limit}`]);
    const { status, stdout, stderr } = await finished;
    const reasons = journalOf(folder).flatMap((each) =>
      each.type === 'fail' ? [each.reason] : [],
    );
    failed += reasons.length;
    if (status !== 0) found.push(`status ${status}: ${stderr}`);
    for (const reason of reasons) if (!clear.test(reason)) found.push(`unclear: ${reason}`);
    const end = status === 0 ? stdout : await toItsEnd(folder);
    found.push(...(await differences(folder, end, expected)));
    if (living([victim]).length > 0) found.push(`${folder}: the worker lives on`);
    resumed += resumes(journalOf(folder)).resumed;
    say(`${kind}: ${starved}, ${reasons[0] ?? 'it had enough'}`);
  }
  if (failed === 0) found.push('no worker ever lacked memory: nothing was tried');
  return { kind, tries, resumed, differences: found };
}

/** Bytes that it has mapped now. */
const addressSpace = (pid: number) =>
  1024 * Number(/^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
