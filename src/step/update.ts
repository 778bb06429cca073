/** @file Gradients to new weights: schedule, clipping, optimizer, constraints. */
import * as tf from '@tensorflow/tfjs';
import { chosen, findKind } from '../spec/kind.ts';
import { clipByGlobalNorm } from './clip.ts';
import { constraintsOf } from './constraint.ts';
import type { Hyperparameters } from './define.ts';
import { below, known } from './named-tensors.ts';
import { optimizers } from './optimizers/index.ts';
import { progress } from './progress.ts';
import { schedules } from './schedules/index.ts';
import type { State, StepRequest } from './step.ts';

/** Slots by name, zero or what the optimizer starts them with: `optimizer/firstMoment/weights/…`. */
export function initialSlots({ spec }: Pick<StepRequest, 'spec'>, learned: State): State {
  const { name, options } = chosen(spec.training.optimizer);
  const optimizer = findKind(optimizers, name);
  const slots = optimizer.slots(options).flatMap((slot) =>
    Object.entries(learned).map(([weight, tensor]) => {
      const start = optimizer.initialSlot?.(options, slot) ?? 0;
      return [slotName(slot, weight), tf.fill(tensor.shape, start)];
    }),
  );
  return Object.fromEntries(slots);
}

const slotName = (slot: string, weight: string) => `optimizer/${slot}/${weight}`;

/** The entries of the state that change: learned ones, their slots, and the step count. */
export function createUpdate({ built, spec }: Pick<StepRequest, 'built' | 'spec'>) {
  const { optimizer: optimizerChoice, learningRateSchedule } = spec.training;
  const { name, options } = chosen(optimizerChoice);
  const optimizer = findKind(optimizers, name);
  const slots = optimizer.slots(options);
  const schedule = findKind(schedules, chosen(learningRateSchedule).name);
  const constraints = constraintsOf(built.model);
  return (
    state: State,
    raw: Readonly<Record<string, tf.Tensor>>,
    hyper: Hyperparameters,
  ): State => {
    const gradients = hyper.clipNorm ? clipByGlobalNorm(raw, hyper.clipNorm) : raw;
    const factor = schedule.factor(progress(state, hyper), below('learningRateSchedule/', hyper));
    const numbers = below('optimizer/', hyper);
    const learningRate = tf.mul(known(numbers, 'learningRate'), factor).asScalar();
    const step = tf.add(known(state, 'step'), tf.scalar(1, 'int32'));
    const count = tf.cast(step, 'float32').asScalar();
    const next: Record<string, tf.Tensor> = { step };
    for (const [learned, gradient] of Object.entries(gradients)) {
      const own = Object.fromEntries(
        slots.map((slot) => [slot, known(state, slotName(slot, learned))]),
      );
      // Decay is for the model: what a weighting learns is no part of it.
      const hypers: Hyperparameters = learned.startsWith('weights/')
        ? { ...numbers, learningRate }
        : { ...numbers, learningRate, weightDecay: tf.scalar(0) };
      const updated = optimizer.update(
        known(state, learned),
        gradient,
        own,
        count,
        hypers,
        options,
      );
      const bound = constraints[learned.slice('weights/'.length)];
      next[learned] = bound ? bound(updated.weight, hyper) : updated.weight;
      for (const slot of slots) next[slotName(slot, learned)] = known(updated.slots, slot);
    }
    return next;
  };
}
