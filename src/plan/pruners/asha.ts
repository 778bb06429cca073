/**
 * @file Asynchronous successive halving, the variant that stops trials: at each rung a trial goes on if it is among the
 * best 1/reductionFactor of those that are there by now, and waits for nobody. Compared is the best value so far.
 */
import { Type } from 'typebox';
import { definePruner } from '../define-pruner.ts';
import { rungsOf, stopAtRung } from './halving.ts';

export const halvingOptions = {
  minEpochs: Type.Integer({
    description: 'Epochs that every trial is given: the first rung.',
    minimum: 1,
    default: 1,
  }),
  reductionFactor: Type.Integer({
    description: 'Of so many trials one goes on, for so many times the epochs.',
    minimum: 2,
    default: 3,
  }),
};

export const asha = definePruner({
  name: 'asha',
  summary: 'Stops all but the best trials, at numbers of epochs that grow by a factor.',
  reference: 'Li, Jamieson, Rostamizadeh et al. 2020, arXiv:1810.05934',
  options: Type.Object(halvingOptions, { additionalProperties: false }),
  stopTrial: ({ options: { minEpochs, reductionFactor }, ...question }) =>
    stopAtRung(question, rungsOf(minEpochs, reductionFactor, question.maxEpochs), reductionFactor),
});
