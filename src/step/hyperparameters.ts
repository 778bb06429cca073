/** @file The numbers of a spec that are arguments of its step and not part of it. */

import type { BuiltModel } from '../model/index.ts';
import { type Choice, chosen, findKind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { dropoutRateName } from './forward.ts';
import { losses } from './losses/index.ts';
import { optimizers } from './optimizers/index.ts';
import { schedules } from './schedules/index.ts';
import { weightings } from './weightings/index.ts';

type Numbers = Readonly<Record<string, number>>;
type Listed = { readonly name: string; readonly hyperparameters: readonly string[] };

/** `optimizer/learningRate`, `heads/stay/loss/delta`, `layers/shared/1/dropout/rate`, … */
export function hyperparametersOf(
  built: BuiltModel,
  { heads, weighting, training }: Pick<ResolvedSpec, 'heads' | 'weighting' | 'training'>,
  stepsPerEpoch: number,
): Numbers {
  const { learningRateSchedule, optimizer, epochs, clipNorm } = training;
  const ofHeads = Object.entries(heads).map(([name, head]) => ({
    [`heads/${name}/weight`]: head.weight,
    ...numbersOf(`heads/${name}/weightSchedule`, head.weightSchedule, schedules),
    ...numbersOf(`heads/${name}/loss`, head.loss, losses),
  }));
  return Object.assign(
    { epochs, stepsPerEpoch },
    clipNorm === undefined ? {} : { clipNorm },
    numbersOf('optimizer', optimizer, optimizers),
    numbersOf('learningRateSchedule', learningRateSchedule, schedules),
    numbersOf('weighting', weighting, weightings),
    dropoutRates(built),
    ...ofHeads,
  );
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

function dropoutRates({ model }: BuiltModel): Numbers {
  const dropouts = model.layers.filter((layer) => layer.getClassName() === 'Dropout');
  return Object.fromEntries(
    dropouts.map((layer) => [dropoutRateName(layer.name), Number(layer.getConfig().rate)]),
  );
}
