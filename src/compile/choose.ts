/** @file Which engine a traced function gets: by its operations, never by a clock. */
import { rules } from './rules.ts';
import type { Trace } from './trace.ts';

/** XLA's machine code, the same graph run by TensorFlow kernel by kernel, or tfjs itself. */
export type ProgramEngine = 'xla' | 'graph' | 'eager';

/** Beyond this many operations XLA's compilation takes minutes. */
const largestXla = 20_000;

/**
 * The choice changes the last bits of the results, so it has to be the same everywhere. Measured,
 * two cores: convolutions are 7 to 13 times slower inside XLA's loop than as a plain graph; everything
 * else that has a rule is 1.0 to 3.7 times as fast with XLA (`npm run bench -- engines`).
 */
export function chooseEngine({ operations }: Trace): {
  engine: ProgramEngine;
  reason: string | null;
} {
  const convolution = operations.find(({ name }) => rules[name]?.isConvolution);
  if (convolution) {
    const reason = `${convolution.name} runs faster in a graph without XLA`;
    return { engine: 'graph', reason };
  }
  if (operations.length > largestXla) {
    const reason = `${operations.length} operations would take XLA minutes to compile`;
    return { engine: 'graph', reason };
  }
  return { engine: 'xla', reason: null };
}
