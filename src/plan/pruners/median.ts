/**
 * @file The median rule: a trial stops when more than half of the finished ones were better by then. Both papers compare
 * with finished trials; we compare best values so far where Golovin et al. take a running mean of theirs.
 */
import { Type } from 'typebox';
import { definePruner } from '../define-pruner.ts';
import { bestColumns, bestsOf } from './best-so-far.ts';
import { isBehind } from './place.ts';
import { valuesText } from './reason.ts';

export const median = definePruner({
  name: 'median',
  summary: 'Stops a trial whose best value is worse than the median of the finished ones by then.',
  reference: 'Golovin, Solnik, Moitra et al. 2017, doi:10.1145/3097983.3098043',
  options: Type.Object(
    {
      startupTrials: Type.Integer({
        description: 'Trials that have to finish before any is stopped.',
        minimum: 1,
        default: 5,
      }),
      warmupEpochs: Type.Integer({
        description: 'Epochs after which no trial is stopped yet.',
        minimum: 0,
        default: 0,
      }),
      percentile: Type.Number({
        description: 'A trial stops when more than this part of the others, in percent, is better.',
        exclusiveMinimum: 0,
        exclusiveMaximum: 100,
        default: 50,
      }),
    },
    { additionalProperties: false },
  ),
  stopTrial({ trial, others, floors, signs, options }) {
    const epoch = trial.epochs.length;
    if (epoch === 0 || epoch <= options.warmupEpochs) return null;
    const finished = others.filter(
      ({ status, epochs }) => status === 'finished' && epochs.length > 0,
    );
    if (finished.length < options.startupTrials) return null;
    const values = bestsOf(trial, epoch);
    // For one objective and an odd number of others just: worse than their median.
    const allowed = Math.floor((finished.length * options.percentile) / 100);
    const columns = bestColumns(finished, values.length, epoch);
    if (!isBehind(values, columns, floors, allowed)) return null;
    return `by epoch ${epoch} its ${valuesText(values, signs)} is behind more than ${allowed} of ${finished.length} finished trials`;
  },
});
