/** @file A worker that gets no more memory: what it asks for next is refused. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
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
 * One worker is left with what it has and a little more; the next allocation fails for good: of
 * training, or of every second one while it loads TensorFlow and compiles. Another one takes its
 * place, so that the same command ends well.
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
    if (starved % 2 === 1) await soon(() => journalOf(folder).some(({ type }) => type === 'start'));
    const victim = await soon(() => workersOf(child.pid)[0]);
    if (starved % 2 === 0) await wait(integer(1500));
    takeMemory(victim, integer(8) * 1e6);
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

/** All but what it has mapped now, and so many bytes. A process that is gone has none to take. */
function takeMemory(pid: number, rest: number): void {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return;
  const [, kilobytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (kilobytes === undefined) return;
  const limit = 1024 * Number(kilobytes) + rest;
  spawnSync('prlimit', ['--pid', String(pid), `--as=${limit}`]);
}
