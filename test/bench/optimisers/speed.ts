/**
 * @file How long a sampler takes for one proposal, with long histories.
 *
 *     node --import tsx test/bench/optimisers/speed.ts [tpe …]
 *
 * The least time is given too: on a busy machine it is what the proposal itself takes.
 */
import { parseArgs } from 'node:util';
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { rng } from '../../../src/plan/random.ts';
import { drawPlainly, type TestFunction, testFunctions } from '../../plan/samplers/functions.ts';
import { defaultOptions } from '../../plan/samplers/search.ts';
import { figure, median } from '../statistics.ts';
import { load } from './load.ts';

/** Further objectives are random numbers. */
function historyOf({ space, value }: TestFunction, length: number, objectives: number) {
  const stream = rng(1, 'history');
  return Array.from({ length }, (): Observation => {
    const point = drawPlainly(space, stream);
    const values = [value(point), stream.next(), stream.next()].slice(0, objectives);
    return { point, values, progress: 1 };
  });
}

const { positionals } = parseArgs({ allowPositionals: true });
console.log('| sampler | function | objectives | observations | ms (median) | ms (least) |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const name of positionals.length > 0 ? positionals : ['tpe']) {
  const sampler = await load(name);
  for (const target of testFunctions) {
    for (const objectives of [1, 2, 3]) {
      for (const length of [100, 1000, 10_000]) {
        const history = historyOf(target, length, objectives);
        const times = Array.from({ length: 20 }, (_, round) => {
          const start = performance.now();
          sampler.propose({
            space: target.space,
            index: length + round,
            history,
            pending: [],
            objectives,
            stream: (...purpose) => rng(1, ...purpose),
            options: defaultOptions(sampler),
          });
          return performance.now() - start;
        });
        const cells = [name, target.name, objectives, length, figure(median(times))];
        console.log(`| ${[...cells, figure(Math.min(...times))].join(' | ')} |`);
      }
    }
  }
}
