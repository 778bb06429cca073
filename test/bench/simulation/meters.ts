/** @file What a simulation measures: time of decisions, memory, messages. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Course } from '../../../src/plan/define-pruner.ts';
import type { Observation } from '../../../src/plan/define-sampler.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** In milliseconds: of the clock, and of the processor (a busy machine makes the clock alone longer). */
export interface Timings {
  readonly count: number;
  readonly clock: Quantiles;
  readonly processor: Quantiles;
}
interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface SimulationFigures {
  readonly proposals: Timings;
  readonly decisions: Timings;
  readonly trials: number;
  readonly failed: number;
  readonly pruned: number;
  readonly epochs: number;
  readonly workersLost: number;
  readonly simulatedHours: number;
  /** Bytes of the heap and of typed arrays after a full collection, each thousand trials. */
  readonly heap: readonly number[];
  /** Messages and bytes per trial, each thousand trials; without heartbeats. */
  readonly traffic: readonly { readonly messages: number; readonly bytes: number }[];
  readonly longestMessage: number;
  readonly heartbeats: number;
  readonly best: number;
}

export type Meters = ReturnType<typeof createMeters>;

const interval = 1000;

export function createMeters() {
  const [proposals, decisions] = [createTimer(), createTimer()];
  const used = () => usedMemory() - proposals.bytes() - decisions.bytes();
  const heap: number[] = [used()];
  const traffic: { messages: number; bytes: number }[] = [];
  let [messages, bytes, longest, beats, lost, hours] = [0, 0, 0, 0, 0, 0];
  return {
    timeProposal: proposals.time,
    timeDecision: decisions.time,
    clock(seconds: number, heartbeats: number) {
      [hours, beats] = [seconds / 3600, heartbeats];
    },
    lost() {
      lost++;
    },
    /** Counts a message as JSON. */
    send(type: string, content: object) {
      const size = Buffer.byteLength(JSON.stringify({ type, ...content }));
      messages++;
      bytes += size;
      longest = Math.max(longest, size);
    },
    ended(trials: number) {
      if (trials % interval !== 0) return;
      heap.push(used());
      traffic.push({ messages: messages / interval, bytes: bytes / interval });
      [messages, bytes] = [0, 0];
    },
    figures: (courses: readonly Course[], history: readonly Observation[]): SimulationFigures => ({
      proposals: proposals.timings(),
      decisions: decisions.timings(),
      trials: courses.length,
      failed: history.filter(({ values }) => values === null).length,
      pruned: history.filter(({ values, progress }) => values !== null && progress < 1).length,
      epochs: courses.reduce((sum, { epochs }) => sum + epochs.length, 0),
      workersLost: lost,
      simulatedHours: hours,
      heap,
      traffic,
      longestMessage: longest,
      heartbeats: beats,
      best: Math.min(...history.map(({ values }) => values?.[0] ?? Number.POSITIVE_INFINITY)),
    }),
  };
}

function usedMemory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function createTimer() {
  let [clock, processor] = [new Float64Array(1 << 17), new Float64Array(1 << 17)];
  let count = 0;
  return {
    time<T>(work: () => T): T {
      if (count === clock.length) [clock, processor] = [doubled(clock), doubled(processor)];
      const [began, used] = [performance.now(), process.cpuUsage()];
      const result = work();
      clock[count] = performance.now() - began;
      const { user, system } = process.cpuUsage(used);
      processor[count++] = (user + system) / 1000;
      return result;
    },
    bytes: () => clock.byteLength + processor.byteLength,
    timings: (): Timings => ({
      count,
      clock: quantiles(clock.subarray(0, count)),
      processor: quantiles(processor.subarray(0, count)),
    }),
  };
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const more = new Float64Array(2 * values.length);
  more.set(values);
  return more;
}

function quantiles(values: Float64Array): Quantiles {
  const sorted = values.toSorted();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}
