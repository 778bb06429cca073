/** @file `kill -9` of a sweep that learns from its trials, prunes them and races their replicates. */
import { isDeepStrictEqual } from 'node:util';
import { rng } from '../../src/plan/random.ts';
import { smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import { killAfter } from './processes.ts';
import {
  env,
  journalOf,
  numbersOf,
  resumes,
  type Torture,
  undisturbed,
  type Verdict,
} from './sweep.ts';

export const learningSpec = smallSpec.replace('epochs: 6', 'epochs: 81').replace(
  /sweep:[\s\S]*/,
  `sweep:
  method: { tpe: { startupTrials: 4 } }
  budget: { trials: 24 }
  pruner: [asha, race]
  replicates: 2
  parameters:
    training.optimizer:
      - adam: { learningRate: { logUniform: [0.0003, 0.1] } }
      - momentum: { learningRate: { logUniform: [0.0003, 0.1] }, momentum: { uniform: [0, 0.9] } }
    heads.days.weight: { uniform: [0.1, 1] }
    heads.ill.weight: '1.1 - \${heads.days.weight}'
`,
);
/** One worker: with several, the order of arrival has its say, and is kept. */
const args = ['small.yaml', '--json', '--jobs', '1'];

export async function killALearningSweep({ tries, say }: Torture): Promise<Verdict> {
  const kind = 'learning sweep killed';
  const expected = await undisturbed(learningSpec, args);
  const { next } = rng(tries, kind);
  const found: string[] = [];
  let [kills, resumed] = [0, 0];
  while (kills < tries) {
    const folder = smallExperiment(learningSpec);
    for (;;) {
      const isLast = kills >= tries;
      const after = isLast ? 600_000 : 200 + 0.6 * next() * expected.milliseconds;
      const { status, stdout, stderr } = await killAfter(start(folder, args, env), after);
      if (status === null) {
        kills += 1;
        continue;
      }
      if (status !== 0) found.push(`${folder}: status ${status}: ${stderr}`);
      else if (!isDeepStrictEqual(numbersOf(stdout), expected.results))
        found.push(`${folder}: the final table differs`);
      break;
    }
    found.push(...repeated(folder));
    resumed += resumes(journalOf(folder)).resumed;
    say(`${kind}: ${kills} kills, ${resumed} trials resumed`);
  }
  return { kind, tries: kills, resumed, differences: found };
}

/** Choices and finishes that are recorded more than once. */
function repeated(folder: string): readonly string[] {
  const keys = journalOf(folder).flatMap((each) => {
    if (each.type === 'choice') return [`choice ${each.index}`];
    return each.type === 'finish' ? [`the finish of trial ${each.number}`] : [];
  });
  const twice = keys.filter((key, index) => keys.indexOf(key) < index);
  return twice.map((key) => `${folder}: ${key} is recorded again`);
}
