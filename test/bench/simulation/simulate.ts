/**
 * @file A sweep on simulated workers. Training and the clock are made up; proposals and decisions are
 * the real ones, and their time is measured. Workers are slow, die and come back, trials fail; whatever a
 * worker had trained since its last checkpoint is trained again.
 */
import type { Course } from '../../../src/plan/define-pruner.ts';
import type { Observation } from '../../../src/plan/define-sampler.ts';
import { type RandomStream, rng } from '../../../src/plan/random.ts';
import type { Point } from '../../../src/spec/space/search-space.ts';
import { createEventQueue } from './event-queue.ts';
import { createMeters, type Meters, type SimulationFigures } from './meters.ts';
import type { Training } from './synthetic-training.ts';

/** What is tried: a scheduler, or a sampler and a pruner alone. */
export interface Scheduler {
  /** The point of the next trial. Null: the search is over. */
  propose(
    index: number,
    seen: { readonly history: readonly Observation[]; readonly pending: () => readonly Point[] },
  ): Point | null;
  /** After an epoch: a reason to stop, or null. */
  decide(trial: Course, courses: readonly Course[]): string | null;
}

export interface Simulation extends Scheduler {
  readonly workers: number;
  readonly trials: number;
  readonly seed: number;
  readonly training: Training;
  readonly faults: Faults;
}

export interface Faults {
  /** Chance in each epoch that the worker dies. */
  readonly workerDies: number;
  /** Chance that a trial fails for good, in its first epoch. */
  readonly trialFails: number;
  /** Share of the trials that take ten times as long. */
  readonly stragglers: number;
  readonly epochsBetweenCheckpoints: number;
}

export const usualFaults: Faults = {
  workerDies: 0.005,
  trialFails: 0.02,
  stragglers: 0.05,
  epochsBetweenCheckpoints: 3,
};

/** In simulated seconds. */
const [epochSeconds, leaseSeconds, heartbeatSeconds] = [10, 30, 10];

interface Begun {
  readonly index: number;
  readonly point: Point;
  readonly pace: number;
  readonly random: RandomStream;
  /** Epochs that a worker which takes it over begins after. */
  checkpoint: number;
}
interface Work {
  readonly trial: Begun;
  readonly epoch: number;
  readonly isLost: boolean;
}

interface State {
  readonly courses: Course[];
  readonly history: Observation[];
  readonly running: Map<number, Begun>;
  /** Trials whose worker died. */
  readonly waiting: Begun[];
  readonly meters: Meters;
  isOver: boolean;
}

export function simulate(simulation: Simulation): SimulationFigures {
  const meters = createMeters();
  const state: State = {
    courses: [],
    history: [],
    running: new Map(),
    waiting: [],
    meters,
    isOver: false,
  };
  const queue = createEventQueue<Work>();
  const start = (time: number) => {
    const trial = state.waiting.shift() ?? begin(simulation, state);
    if (trial) queue.put(...nextEpoch(simulation, trial, trial.checkpoint + 1, time));
  };
  for (let worker = 0; worker < simulation.workers; worker++) start(0);
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    const { time, event } = next;
    meters.clock(time, (simulation.workers * time) / heartbeatSeconds);
    const { trial, epoch, isLost } = event;
    if (isLost) {
      meters.lost();
      state.waiting.push(trial);
      start(time + leaseSeconds);
    } else if (afterEpoch(simulation, state, trial, epoch)) {
      queue.put(...nextEpoch(simulation, trial, epoch + 1, time));
    } else start(time);
  }
  return meters.figures(state.courses, state.history);
}

function begin({ propose, trials, seed, faults }: Simulation, state: State): Begun | null {
  const index = state.courses.length;
  if (state.isOver || index >= trials) return null;
  const pending = () => [...state.running.values()].map(({ point }) => point);
  const point = state.meters.timeProposal(() =>
    propose(index, { history: state.history, pending }),
  );
  if (point === null) {
    state.isOver = true;
    return null;
  }
  const random = rng(seed, 'trial', index);
  const pace = (random.next() < faults.stragglers ? 10 : 1) * (0.5 + random.next());
  const trial = { index, point, pace, random, checkpoint: 0 };
  state.courses.push({ index, epochs: [], status: 'running' });
  state.running.set(index, trial);
  state.meters.send('job', { trial: index, point });
  return trial;
}

function nextEpoch(
  { faults }: Simulation,
  trial: Begun,
  epoch: number,
  time: number,
): [time: number, work: Work] {
  const seconds = epochSeconds * trial.pace * (0.9 + 0.2 * trial.random.next());
  return [time + seconds, { trial, epoch, isLost: trial.random.next() < faults.workerDies }];
}

/** Whether the trial goes on. */
function afterEpoch(simulation: Simulation, state: State, trial: Begun, epoch: number): boolean {
  const { training, faults, seed } = simulation;
  const { index, point } = trial;
  const before = state.courses[index] as Course;
  if (epoch === 1 && rng(seed, 'fails', index).next() < faults.trialFails) {
    end(state, trial, { ...before, status: 'pruned' }, null, 0);
    return false;
  }
  // The same numbers when it is trained again: those are known, and decided on, already.
  const values = training.objectivesAt(point, epoch, rng(seed, 'epoch', index, epoch));
  state.meters.send('epoch', { trial: index, epoch, values });
  if (epoch % faults.epochsBetweenCheckpoints === 0) trial.checkpoint = epoch;
  if (epoch <= before.epochs.length) return true;
  const course: Course = { ...before, epochs: [...before.epochs, values] };
  state.courses[index] = course;
  const progress = epoch / training.maxEpochs;
  if (epoch === training.maxEpochs) {
    end(state, trial, { ...course, status: 'finished' }, values, progress);
    return false;
  }
  const reason = state.meters.timeDecision(() => simulation.decide(course, state.courses));
  if (reason === null) return true;
  state.meters.send('stop', { trial: index, reason });
  end(state, trial, { ...course, status: 'pruned' }, values, progress);
  return false;
}

function end(
  { courses, history, running, meters }: State,
  { index, point }: Begun,
  course: Course,
  values: readonly number[] | null,
  progress: number,
): void {
  courses[index] = course;
  running.delete(index);
  history.push({ point, values, progress });
  meters.send('end', { trial: index, status: course.status, values });
  meters.ended(history.length);
}
