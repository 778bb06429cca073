/** @file Patience: a trial stops when it has not improved for some epochs, whatever the others do. */
import { Type } from 'typebox';
import { type Course, definePruner } from '../define-pruner.ts';
import { bestsOf } from './best-so-far.ts';
import { countText, valuesText } from './reason.ts';

export const patience = definePruner({
  name: 'patience',
  summary: 'Stops a trial none of whose objectives has improved for some epochs.',
  reference: 'Prechelt 1998, doi:10.1007/3-540-49430-8_3',
  short: 'epochs',
  options: Type.Object(
    {
      epochs: Type.Integer({
        description: 'Epochs without an improvement after which a trial stops.',
        minimum: 1,
        default: 5,
      }),
      minDelta: Type.Number({
        description: 'What is not more than this counts as no improvement.',
        minimum: 0,
        default: 0,
      }),
    },
    { additionalProperties: false },
  ),
  stopTrial({ trial, signs, options: { epochs, minDelta } }) {
    const last = lastImprovement(trial, minDelta);
    if (trial.epochs.length - last < epochs) return null;
    const best = valuesText(bestsOf(trial, trial.epochs.length), signs);
    return last === 0
      ? `its objective has been undefined for ${countText(epochs, 'epoch')}`
      : `no improvement for ${countText(epochs, 'epoch')}, since epoch ${last}; its best is ${best}`;
  },
});

/** The last epoch, from 1, in which an objective improved; 0: none was ever defined. */
function lastImprovement({ epochs }: Course, minDelta: number): number {
  const references: number[] = [];
  let last = 0;
  epochs.forEach((values, epoch) => {
    values.forEach((value, objective) => {
      if (!(value < (references[objective] ?? Number.POSITIVE_INFINITY) - minDelta)) return;
      references[objective] = value;
      last = epoch + 1;
    });
  });
  return last;
}
