/** @file The clock goes back by an hour while a sweep is trained, and again when it is resumed. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rng } from '../../src/plan/random.ts';
import { smallExperiment, start } from '../end-to-end/small-experiment.ts';
import { killAfter } from './processes.ts';
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

/** Every second one is killed as well, so that it is resumed before the time that it began. */
export async function turnTheClockBack({ tries, spec, say }: Torture): Promise<Verdict> {
  const kind = 'clock going back';
  const expected = await undisturbed(spec);
  const { next } = rng(tries, kind);
  const found: string[] = [];
  let resumed = 0;
  for (let turned = 1; turned <= tries; turned++) {
    const folder = smallExperiment(spec);
    const shifted = {
      ...env,
      NODE_OPTIONS: `--import ${preload}`,
      CLOCK_AFTER: String((0.3 + 0.2 * next()) * expected.milliseconds),
    };
    const started = start(folder, args, shifted);
    const isKilled = turned % 2 === 0;
    const ended = await (isKilled
      ? killAfter(started, 0.8 * expected.milliseconds)
      : started.finished);
    const isDone = ended.status === 0;
    const stdout = isDone ? ended.stdout : await toItsEnd(folder);
    if (!isKilled && !isDone) found.push(`${folder}: status ${ended.status}: ${ended.stderr}`);
    const times = journalOf(folder).map(({ time }) => Date.parse(time));
    const hasTurned = times.some((time, index) => time < (times[index - 1] ?? time) - 1_800_000);
    if (!hasTurned) found.push(`${folder}: the clock did not go back: nothing was tried`);
    found.push(...(await differences(folder, stdout, expected)));
    resumed += resumes(journalOf(folder)).resumed;
    say(`${kind}: ${turned}`);
  }
  return { kind, tries, resumed, differences: found };
}
