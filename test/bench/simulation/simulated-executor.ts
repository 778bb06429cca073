/** @file An executor that trains nothing: learning curves, lost workers and failures of simulated trials. */
import type { Executor, TrialEvent } from '../../../src/execute/trial-event.ts';
import type { RandomStream } from '../../../src/plan/random.ts';
import { createEventQueue } from './event-queue.ts';

export interface SimulatedExecutor {
  readonly executor: Executor;
  /** The next thing that a worker does; false where all are idle. */
  advance(): boolean;
}

interface Course {
  readonly number: number;
  readonly quality: number;
  /** Simulated seconds of an epoch. */
  readonly pace: number;
  readonly tell: (event: TrialEvent) => void;
  readonly end: () => void;
}

/** Of each epoch: 0.5 % lose their worker, 0.1 % fail; one trial in twenty takes ten times as long. */
export function simulatedExecutor(random: RandomStream, epochs: number): SimulatedExecutor {
  const queue = createEventQueue<() => void>();
  const stopped = new Set<number>();
  let clock = 0;
  const later = (course: Course, epoch: number) =>
    queue.put(clock + course.pace, () => step(course, epoch));
  const step = (course: Course, epoch: number): void => {
    const { number, tell, end } = course;
    const event = stopped.has(number)
      ? ({ type: 'interrupted', number, epoch: epoch - 1 } as const)
      : eventOf(course, epoch, random);
    tell(event);
    if (event.type !== 'epoch') end();
    else if (epoch < epochs) later(course, epoch + 1);
    else {
      tell(finished(number, epochs, event.metrics));
      end();
    }
  };
  const executor: Executor = {
    warmUp() {},
    run: ({ number }, tell) =>
      new Promise((end) => {
        const course = { number, quality: random.next(), pace: paceOf(random), tell, end };
        tell({ type: 'started', number, fromEpoch: 0 });
        later(course, 1);
      }),
    stop: (number) => void stopped.add(number),
    stopAll() {},
    close: async () => {},
  };
  const advance = () => {
    const next = queue.take();
    if (!next) return false;
    clock = next.time;
    next.event();
    return true;
  };
  return { executor, advance };
}

const paceOf = (random: RandomStream) => (random.next() < 0.05 ? 100 : 10);

function eventOf({ number, quality, pace }: Course, epoch: number, random: RandomStream) {
  const chance = random.next();
  if (chance < 0.005)
    return { type: 'failed', number, reason: 'its worker was lost', cause: 'lost' } as const;
  if (chance < 0.006) return { type: 'failed', number, reason: 'NaN', cause: 'trial' } as const;
  const auc = 0.5 + 0.5 * quality * (1 - Math.exp(-epoch / 8)) - 0.02 * random.next();
  const metrics = { 'validation/ill/auc': auc, 'validation/days/mae': 2 - auc };
  return { type: 'epoch', number, epoch, metrics, seconds: epoch * pace } as const;
}

function finished(number: number, epochs: number, metrics: Readonly<Record<string, number>>) {
  const program = {
    engine: 'eager',
    fingerprint: null,
    reason: null,
    compileSeconds: 0,
    isReused: false,
  } as const;
  const rest = { epochs, bestEpoch: epochs, seconds: 1, metrics, weights: 1, program, files: {} };
  return { type: 'finished', number, ...rest } as const;
}
