import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { engineEnvironment, loadEngine } from '../../src/engine/index.ts';
import { evaluateSplit } from '../../src/execute/evaluate.ts';
import { type HeldData, readHeld } from '../../src/execute/held-data.ts';
import { prepareTraining, type Training } from '../../src/execute/prepare-training.ts';
import { programsFor } from '../../src/execute/programs.ts';
import { type Position, trainEpoch } from '../../src/execute/train-epoch.ts';
import { firstNote } from '../../src/execute/training-note.ts';
import { smallFolder, smallJobs } from './small-jobs.ts';

// 240 rows of some 28 bytes, in 8 steps: blocks of 10 rows, segments of 40, pieces of 2 batches.
const limits = { held: 0, segment: 1200, block: 290, piece: 2000 };
const { jobs, engine } = await smallJobs(smallFolder(), 'training.shuffle=false', 'baselines=none');
const [job] = jobs;
assert.ok(job);
Object.assign(process.env, engineEnvironment(engine));
assert.ok((await loadEngine(engine)).ok);
const training = await prepareTraining(job);
const held = await readHeld(job.data, limits);
after(() => {
  training[Symbol.dispose]();
  held[Symbol.dispose]();
});

/** The same trial, on other data. */
async function trainingOn(data: HeldData): Promise<Training> {
  const { step, hyper } = training;
  const state = training.initialState();
  const request = {
    structure: 'disk',
    step,
    state,
    hyper,
    held: data,
    batchSize: 32,
    engine: null,
  };
  const { programs } = await programsFor(request, () => () => {});
  tf.dispose(state);
  return { ...training, held: data, programs };
}

/** One epoch, in which it is stopped before these calls and goes on. */
async function trained(on: Training, stops: readonly number[] = []) {
  const position: Position = {
    state: on.initialState(),
    best: {},
    note: firstNote(on.tasks.length),
  };
  let call = 0;
  const isWhole = () =>
    trainEpoch(job as (typeof jobs)[number], on, position, async () => !stops.includes(++call));
  while (!(await isWhole()));
  const weights = Object.entries(position.state).map(([name, tensor]) => [name, tensor.dataSync()]);
  return { position, result: { note: position.note, weights } };
}

test('split into pieces on the disk, an epoch gives the bits that it gives in memory', async () => {
  const disk = await trainingOn(held);
  assert.equal(disk.programs.train.facts.engine, training.programs.train.facts.engine);
  assert.equal(held.train.pieceBatches(32), 2);
  const expected = (await trained(training)).result;
  assert.deepEqual((await trained(disk)).result, expected);
  disk.programs.callSteps = 1;
  assert.deepEqual((await trained(disk, [2, 6])).result, expected);
});

test('a split on the disk is measured by a compiled program, as one in memory', async () => {
  const disk = await trainingOn(held);
  assert.equal(disk.programs.measure.facts.engine, training.programs.measure.facts.engine);
  assert.notEqual(disk.programs.measure.facts.engine, 'eager');
  const { position } = await trained(training);
  const measured = (on: Training) => evaluateSplit(on, position.state, on.held.validation);
  assert.deepEqual(await measured(disk), await measured(training));
});
