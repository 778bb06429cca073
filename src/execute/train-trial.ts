/** @file Trains one trial from its start or its last checkpoint, and tells what happens. */
import * as tf from '@tensorflow/tfjs';
import { assignWeights, weightCount } from '../model/index.ts';
import type { State } from '../step/index.ts';
import { stoppingRule, watchEpoch } from './early-stopping.ts';
import { evaluateSplit, splitMetrics } from './evaluate.ts';
import { metricDirection } from './metric-direction.ts';
import { prepareTraining, type Training } from './prepare-training.ts';
import { Diverged, lossText, type Position, trainEpoch } from './train-epoch.ts';
import { firstNote, readTraining, type TrainingNote, trainingBytes } from './training-note.ts';
import type { TrialEvent, TrialJob } from './trial-event.ts';
import { filesOf, predictionsCsv, trialFiles, trialSpecText } from './trial-files.ts';

export interface TrainingControl {
  /** Resolves when the event is handed over. */
  readonly report: (event: TrialEvent) => Promise<void>;
  readonly shouldStop: () => boolean;
}

/** Checkpoints are this far apart at least, and take at most this part of the time. */
const checkpointMilliseconds = 500;
const checkpointShare = 0.05;

/** The last event is `finished` or `interrupted`; what it throws makes the trial `failed`. */
export async function trainTrial(job: TrialJob, control: TrainingControl): Promise<void> {
  using training = await prepareTraining(job);
  const position = startPosition(job, training);
  try {
    await control.report({ type: 'started', number: job.number, fromEpoch: position.note.epoch });
    const isDone = await trainEpochs(job, training, position, control);
    await (isDone ? finish : interrupt)(job, training, position, control);
  } finally {
    tf.dispose([position.state, position.best]);
  }
}

function startPosition(job: TrialJob, { initialState, tasks }: Training): Position {
  const resumed = job.checkpoint && readTraining(job.checkpoint);
  if (resumed) return resumed;
  const state = initialState();
  return { state, best: modelPart(state), note: firstNote(tasks.length) };
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
    const isWhole = await trainEpoch(job, training, position, async (share) => {
      tick();
      if (control.shouldStop()) return false;
      if (isSaveDue()) await save();
      const epoch = position.note.epoch + share;
      const { epochs } = spec.training;
      await control.report({ type: 'progress', number: job.number, epoch, epochs });
      return true;
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

function checkLosses(tasks: readonly string[], losses: readonly number[], where: string): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad >= 0) throw new Diverged(lossText(tasks[bad], losses[bad] ?? Number.NaN, where));
}

/** Measures the epoch, keeps the best weights, and says whether to stop. */
async function endEpoch(
  job: TrialJob,
  training: Training,
  position: Position,
  control: TrainingControl,
  rule: ReturnType<typeof stoppingRule>,
): Promise<boolean> {
  const { heads } = job.trial.spec;
  const { held, tasks } = training;
  const { validation } = held;
  const begin = performance.now();
  const { note } = position;
  const epoch = note.epoch + 1;
  const evaluation = await evaluateSplit(training, position.state, validation);
  const labelled = tasks.filter((task) => validation.split.labels[task]?.present.includes(1));
  checkLosses(
    labelled,
    labelled.map((task) => evaluation.losses[task] ?? 0),
    `on the validation split after epoch ${epoch}`,
  );
  const validated = splitMetrics('validation', heads, held, validation.split, evaluation);
  const metrics = {
    ...trainLosses(tasks, note),
    ...validated,
    ...(await readGauges(training, position.state)),
  };
  const { state: stopping, isBest, shouldStop } = watchEpoch(rule, note.stopping, epoch, metrics);
  if (isBest || !rule.restoreBestWeights) {
    tf.dispose(position.best);
    position.best = modelPart(position.state);
  }
  const isKept = isBest || !rule.restoreBestWeights;
  position.note = {
    ...firstNote(tasks.length),
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

/** Those that concern the trial's own tasks. */
async function readGauges({ step, hyper, tasks }: Training, state: State) {
  const gauges = step.gauges(state, hyper);
  const others = step.tasks.filter((task) => !tasks.includes(task));
  const shown = Object.entries(gauges).filter(
    ([name]) => !others.some((task) => name === `weight/${task}`),
  );
  const values = await Promise.all(
    shown.map(async ([name, gauge]) => [name, (await gauge.data())[0] ?? Number.NaN]),
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
  const { held } = training;
  const { heads } = job.trial.spec;
  const { note, best } = position;
  const split = held.test ?? held.validation;
  const state = { ...position.state, ...namedAs(position.state, best) };
  const evaluation = await evaluateSplit(training, state, split);
  const tested = held.test ? splitMetrics('test', heads, held, split.split, evaluation) : {};
  const built = training.ownModel();
  assignWeights(built.model, best);
  const files = {
    ...(await filesOf(built, heads, held)),
    [trialFiles.spec]: Buffer.from(trialSpecText(job)),
    [trialFiles.predictions]: predictionsCsv(heads, held, split.split, evaluation.outputs),
  };
  const weights = weightCount(built.model);
  built.model.dispose();
  await control.report({
    type: 'finished',
    number: job.number,
    epochs: note.epoch,
    bestEpoch: note.stopping.bestEpoch,
    seconds: note.seconds,
    metrics: { ...note.bestMetrics, ...tested },
    weights,
    program: training.use,
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
