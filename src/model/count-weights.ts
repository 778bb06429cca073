/** @file The size of a model, without training it. */
import * as tf from '@tensorflow/tfjs';
import type { DataSignature } from '../data/signature.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { buildModel } from './build-model.ts';
import { weightCount } from './weights.ts';

/** Number of learned weights of a trial's model. */
export function countWeights(
  spec: Pick<ResolvedSpec, 'shared' | 'heads' | 'seed'>,
  signature: DataSignature,
): number {
  // tfjs's plain backend greets its user; here it only holds the shapes of weights.
  tf.env().set('PROD', true);
  const { model } = buildModel({
    ...spec,
    signature,
    replicate: 0,
    lossActivation: () => 'linear',
  });
  const count = weightCount(model);
  model.dispose();
  return count;
}
