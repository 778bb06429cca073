/** @file The numbers of a spec that are arguments of its step and not part of it. */
import { type Choice, chosen, findKind } from '../spec/kind.ts';
import { layerHyperparameters } from './layer-hyperparameters.ts';
import { losses } from './losses/index.ts';
import { optimizers } from './optimizers/index.ts';
import { schedules } from './schedules/index.ts';
import type { StepRequest } from './step.ts';
import { isTrainedName } from './task-losses.ts';
import { weightings } from './weightings/index.ts';

type Numbers = Readonly<Record<string, number>>;
type Listed = { readonly name: string; readonly hyperparameters: readonly string[] };

/** `optimizer/learningRate`, `heads/stay/loss/delta`, `layers/shared/1/dropout/rate`, … */
export function hyperparametersOf(request: StepRequest): Numbers {
  const { built, spec, stepsPerEpoch } = request;
  const { learningRateSchedule, optimizer, epochs, clipNorm } = spec.training;
  return Object.assign(
    { epochs, stepsPerEpoch },
    clipNorm === undefined ? {} : { clipNorm },
    numbersOf('optimizer', optimizer, optimizers),
    numbersOf('learningRateSchedule', learningRateSchedule, schedules),
    numbersOf('weighting', spec.weighting, weightings),
    layerHyperparameters(built.model),
    ...built.tasks.map((task) => headNumbers(task, request)),
  );
}

function headNumbers(task: string, { spec, signature, tasks }: StepRequest): Numbers {
  const head = spec.heads[task];
  if (!head) throw new Error(`internal: no head is called "${task}"`);
  const classWeights = signature.targets[task]?.classWeights ?? [];
  const weighted = classWeights.map((weight, index) => [
    `heads/${task}/classWeights/${index}`,
    weight,
  ]);
  return {
    [`heads/${task}/weight`]: head.weight,
    [isTrainedName(task)]: tasks.includes(task) ? 1 : 0,
    ...numbersOf(`heads/${task}/weightSchedule`, head.weightSchedule, schedules),
    ...numbersOf(`heads/${task}/loss`, head.loss, losses),
    ...Object.fromEntries(weighted),
  };
}

function numbersOf(
  place: string,
  choice: Choice,
  kinds: readonly (Listed & Parameters<typeof findKind>[0][number])[],
): Numbers {
  const { name, options } = chosen(choice);
  const { hyperparameters } = findKind(kinds, name);
  return Object.fromEntries(
    hyperparameters.map((each) => [`${place}/${each}`, Number(options[each])]),
  );
}
