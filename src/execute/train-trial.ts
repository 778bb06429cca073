/** @file Trains one trial from its start or its last checkpoint, and tells what happens. */
import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { assignWeights, weightCount } from '../model/index.ts';
import type { State } from '../step/index.ts';
import { epochOrder, gatherBatch } from './batches.ts';
import { stoppingRule, watchEpoch } from './early-stopping.ts';
import { evaluateSplit, splitMetrics } from './evaluate.ts';
import { metricDirection } from './metric-direction.ts';
import { prepareTraining, type Training } from './prepare-training.ts';
import { firstNote, readTraining, type TrainingNote, trainingBytes } from './training-note.ts';
import type { TrialEvent, TrialJob } from './trial-event.ts';
import { filesOf, predictionsCsv, trialFiles } from './trial-files.ts';

export interface TrainingControl {
  /** Resolves when the event is handed over. */
  readonly report: (event: TrialEvent) => Promise<void>;
  readonly shouldStop: () => boolean;
}

/** What changes from step to step and from epoch to epoch. */
interface Position {
  state: State;
  /** Weights and moving averages of the best epoch so far. */
  best: State;
  note: TrainingNote;
}

/** A loss that is not a number ends a trial; its message says where. */
class Diverged extends Error {}

const progressMilliseconds = 200;
/** Checkpoints are this far apart at least, and take at most this part of the time. */
const checkpointMilliseconds = 500;
const checkpointShare = 0.05;

/** The last event is `finished` or `interrupted`; what it throws makes the trial `failed`. */
export async function trainTrial(job: TrialJob, control: TrainingControl): Promise<void> {
  using training = prepareTraining(job);
  const position = startPosition(job, training);
  try {
    await control.report({ type: 'started', number: job.number, fromEpoch: position.note.epoch });
    const isDone = await trainEpochs(job, training, position, control);
    await (isDone ? finish : interrupt)(job, training, position, control);
  } finally {
    tf.dispose([position.state, position.best]);
  }
}

function startPosition(job: TrialJob, { step }: Training): Position {
  const resumed = job.checkpoint && readTraining(job.checkpoint);
  if (resumed) return resumed;
  const state = step.initialState();
  return { state, best: modelPart(state), note: firstNote(step.tasks.length) };
}

/** Clones of the weights and averages of a state, without their prefixes. */
function modelPart(state: State): State {
  const parts = Object.entries(state).flatMap(([name, tensor]) => {
    const [, part, rest] = /^(weights|averages)\/(.*)$/.exec(name) ?? [];
    return part && rest ? [[rest, tensor.clone()]] : [];
  });
  return Object.fromEntries(parts);
}

/** Returns false when it was asked to stop before the end. */
async function trainEpochs(
  job: TrialJob,
  training: Training,
  position: Position,
  control: TrainingControl,
): Promise<boolean> {
  const { spec } = job.trial;
  const rule = stoppingRule(spec.training, (metric) => metricDirection(spec.heads, metric));
  let [savedAt, cost] = [performance.now(), 0];
  const save = async () => {
    const begin = performance.now();
    await reportCheckpoint(job, position, control);
    savedAt = performance.now();
    cost = savedAt - begin;
  };
  const isSaveDue = () =>
    performance.now() - savedAt >= Math.max(checkpointMilliseconds, cost / checkpointShare);
  while (position.note.epoch < spec.training.epochs) {
    const begin = performance.now();
    const spent = position.note.seconds;
    const tick = () => {
      position.note = { ...position.note, seconds: spent + (performance.now() - begin) / 1000 };
    };
    const isWhole = await trainEpoch(job, training, position, control, async () => {
      tick();
      if (isSaveDue()) await save();
    });
    tick();
    if (!isWhole) return false;
    const shouldStop = await endEpoch(job, training, position, control, rule);
    tick();
    if (shouldStop) return true;
    if (isSaveDue()) await save();
  }
  return true;
}

/** The steps of one epoch, from where it stands. Returns false when asked to stop. */
async function trainEpoch(
  job: TrialJob,
  { data, step, hyper, rows, stepsPerEpoch }: Training,
  position: Position,
  { report, shouldStop }: TrainingControl,
  pause: () => Promise<void>,
): Promise<boolean> {
  const { spec, replicate, tasks } = job.trial;
  const { batchSize, shuffle, epochs } = spec.training;
  const { train } = data.splits;
  const epoch = position.note.epoch + 1;
  const order = epochOrder(rows, train, shuffle ? { seed: spec.seed, replicate, epoch } : null);
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (let index = position.note.position; index < stepsPerEpoch; index++) {
    if (performance.now() - reportedAt >= progressMilliseconds) {
      reportedAt = performance.now();
      // Lets messages in: a request to stop, or the news that the runner is gone.
      await setImmediate();
      if (shouldStop()) return false;
      await pause();
      const done = epoch - 1 + index / stepsPerEpoch;
      await report({ type: 'progress', number: job.number, epoch: done, epochs });
    }
    const batch = gatherBatch(
      train,
      tasks,
      order.slice(index * batchSize, (index + 1) * batchSize),
    );
    const result = step.step(position.state, batch, hyper);
    const losses = [...(await result.losses.data())];
    const weights = [...(await result.labelWeights.data())];
    tf.dispose([batch, position.state, result.losses, result.labelWeights]);
    position.state = result.state;
    checkLosses(
      tasks,
      losses,
      `in epoch ${epoch} at step ${(epoch - 1) * stepsPerEpoch + index + 1}`,
    );
    const { lossSums, labelWeights } = position.note;
    position.note = {
      ...position.note,
      position: index + 1,
      lossSums: lossSums.map((sum, task) => sum + (losses[task] ?? 0) * (weights[task] ?? 0)),
      labelWeights: labelWeights.map((sum, task) => sum + (weights[task] ?? 0)),
    };
  }
  return true;
}

function checkLosses(tasks: readonly string[], losses: readonly number[], where: string): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad < 0) return;
  const value = Number.isNaN(losses[bad]) ? 'NaN' : 'infinite';
  throw new Diverged(`the loss of task "${tasks[bad]}" is ${value} ${where}`);
}

/** Measures the epoch, keeps the best weights, and says whether to stop. */
async function endEpoch(
  job: TrialJob,
  { data, step, hyper }: Training,
  position: Position,
  control: TrainingControl,
  rule: ReturnType<typeof stoppingRule>,
): Promise<boolean> {
  const { heads } = job.trial.spec;
  const { validation } = data.splits;
  const begin = performance.now();
  const { note } = position;
  const epoch = note.epoch + 1;
  const evaluation = await evaluateSplit(step, position.state, hyper, validation);
  const labelled = step.tasks.filter((task) => validation.labels[task]?.present.includes(1));
  checkLosses(
    labelled,
    labelled.map((task) => evaluation.losses[task] ?? 0),
    `on the validation split after epoch ${epoch}`,
  );
  const validated = splitMetrics('validation', heads, data, validation, evaluation);
  const metrics = {
    ...trainLosses(step.tasks, note),
    ...validated,
    ...(await readGauges({ step, hyper }, position.state)),
  };
  const { state: stopping, isBest, shouldStop } = watchEpoch(rule, note.stopping, epoch, metrics);
  if (isBest || !rule.restoreBestWeights) {
    tf.dispose(position.best);
    position.best = modelPart(position.state);
  }
  const isKept = isBest || !rule.restoreBestWeights;
  position.note = {
    ...firstNote(step.tasks.length),
    epoch,
    stopping: rule.restoreBestWeights ? stopping : { ...stopping, bestEpoch: epoch },
    bestMetrics: isKept ? validated : note.bestMetrics,
    seconds: note.seconds,
  };
  const seconds = note.seconds + (performance.now() - begin) / 1000;
  await control.report({ type: 'epoch', number: job.number, epoch, metrics, seconds });
  return shouldStop;
}

const trainLosses = (tasks: readonly string[], { lossSums, labelWeights }: TrainingNote) =>
  Object.fromEntries(
    tasks.map((task, index) => [
      `train/${task}/loss`,
      (lossSums[index] ?? 0) / (labelWeights[index] ?? Number.NaN),
    ]),
  );

async function readGauges({ step, hyper }: Pick<Training, 'step' | 'hyper'>, state: State) {
  const gauges = step.gauges(state, hyper);
  const values = await Promise.all(
    Object.entries(gauges).map(async ([name, gauge]) => [
      name,
      (await gauge.data())[0] ?? Number.NaN,
    ]),
  );
  tf.dispose(gauges);
  return Object.fromEntries(values);
}

async function reportCheckpoint(
  job: TrialJob,
  { state, best, note }: Position,
  { report }: TrainingControl,
) {
  const bytes = await trainingBytes(state, best, note);
  await report({ type: 'checkpoint', number: job.number, epoch: note.epoch, bytes });
}

async function interrupt(job: TrialJob, _: Training, position: Position, control: TrainingControl) {
  await reportCheckpoint(job, position, control);
  await control.report({ type: 'interrupted', number: job.number, epoch: position.note.epoch });
}

/** The best weights into the model, its test metrics, its files. */
async function finish(
  job: TrialJob,
  training: Training,
  position: Position,
  control: TrainingControl,
): Promise<void> {
  const { data, built, step, hyper } = training;
  const { heads } = job.trial.spec;
  const { note, best } = position;
  assignWeights(built.model, best);
  const { test, validation } = data.splits;
  const split = test ?? validation;
  const state = { ...position.state, ...namedAs(position.state, best) };
  const evaluation = await evaluateSplit(step, state, hyper, split);
  const tested = test ? splitMetrics('test', heads, data, test, evaluation) : {};
  const files = {
    ...(await filesOf(built, heads, data)),
    [trialFiles.predictions]: predictionsCsv(heads, data, split, evaluation.outputs),
  };
  await control.report({
    type: 'finished',
    number: job.number,
    epochs: note.epoch,
    bestEpoch: note.stopping.bestEpoch,
    seconds: note.seconds,
    metrics: { ...note.bestMetrics, ...tested },
    weights: weightCount(built.model),
    files,
  });
}

/** The best weights under the names of a state. */
function namedAs(state: State, best: State): State {
  const named = Object.keys(state).flatMap((name) => {
    const tensor = best[name.replace(/^(weights|averages)\//, '')];
    return tensor && /^(weights|averages)\//.test(name) ? [[name, tensor]] : [];
  });
  return Object.fromEntries(named);
}
