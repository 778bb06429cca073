/** @file Why a trial failed, in one line: what happened, and what helps. */
import { isOutOfMemory } from '../engine/index.ts';
import type { FailureCause } from './trial-event.ts';

const remedy = 'fewer workers at once (--jobs), or a smaller model or batchSize, need less';

export interface Failure {
  readonly reason: string;
  readonly cause: FailureCause;
}

/** A worker without memory is as good as lost: another one may have enough. */
export function failureOf({ message }: Error): Failure {
  const said = oneLine(message);
  if (!isOutOfMemory(message)) return { reason: said, cause: 'trial' };
  return {
    reason: `its worker ran out of memory (${memoryWords(message)}); ${remedy}`,
    cause: 'lost',
  };
}

/** How a worker's process ended. */
export function exitWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL')
    return `its worker was killed (SIGKILL), most often for lack of memory; ${remedy}`;
  // A C++ program that gets no memory ends so, and so does V8.
  if (signal === 'SIGABRT' || code === 134)
    return `its worker gave up (SIGABRT), most often for lack of memory, see workers.log; ${remedy}`;
  return `its worker ended with ${signal ? `signal ${signal}` : `exit status ${code}`}; see workers.log`;
}

const longest = 500;

/** The first line that says something; TensorFlow adds how many errors, where in the graph, and hints. */
export function oneLine(text: string): string {
  const [first = 'no reason was given'] = text
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^(Session fail to run with error:|\(\d+\))\s*/, ''))
    .filter((line) => line !== '' && !/^(\[\[|Hint:|\d+ root error)/.test(line));
  return first.length > longest ? `${first.slice(0, longest - 1)}…` : first;
}

/** What was asked for, where it is said. */
function memoryWords(message: string): string {
  const [, bytes] = /allocat\w*\s+([\d.,]+ ?(?:bytes|[KMGT]?i?B))/.exec(message) ?? [];
  if (bytes) return `it asked for ${bytes} more`;
  const [, shape] = /allocating tensor with shape\s*(\[[\d,]*\])/i.exec(message) ?? [];
  return shape ? `it asked for a tensor of shape ${shape}` : oneLine(message);
}
