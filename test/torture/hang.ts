/** @file A worker that hangs: it lives, and tells nothing more. */
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

const impatient = [...args, 'execution.stallSeconds=3'];

/** A worker is stopped by the system at a random moment of a trial; the runner has to notice and replace it. */
export async function hangAWorker({ tries, spec, say }: Torture): Promise<Verdict> {
  const kind = 'worker hangs';
  const expected = await undisturbed(spec);
  const { integer } = rng(tries, kind);
  const found: string[] = [];
  let [resumed, noticed] = [0, 0];
  for (let hung = 1; hung <= tries; hung++) {
    const folder = smallExperiment(spec);
    const { child, finished } = start(folder, impatient, env);
    const epoch = integer(40);
    const meets = (epochs: number) =>
      journalOf(folder).filter(({ type }) => type === 'epoch').length >= epochs;
    await soon(() => meets(epoch + 1));
    const victim = workersOf(child.pid)[0];
    if (victim !== undefined) process.kill(victim, 'SIGSTOP');
    const { status, stdout } = await finished;
    const reasons = journalOf(folder).flatMap((each) =>
      each.type === 'fail' ? [each.reason] : [],
    );
    noticed += reasons.filter((reason) => reason.includes('told nothing for 3 s')).length;
    const end = status === 0 ? stdout : await toItsEnd(folder);
    found.push(...(await differences(folder, end, expected)));
    if (victim !== undefined && living([victim]).length > 0) found.push(`${folder}: it lives on`);
    resumed += resumes(journalOf(folder)).resumed;
    say(`${kind}: ${hung}, ${reasons[0] ?? 'it was idle'}`);
  }
  if (noticed === 0) found.push('no hanging worker was noticed: nothing was tried');
  return { kind, tries, resumed, differences: found };
}
