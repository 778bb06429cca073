/** @file A model as the two files of the tfjs format, in memory. */
import * as tf from '@tensorflow/tfjs';

export interface ModelFiles {
  readonly 'model.json': Uint8Array;
  readonly 'weights.bin': Uint8Array;
}

/** What `tf.loadLayersModel` reads anywhere, also in a browser. */
export async function modelFiles(model: tf.LayersModel): Promise<ModelFiles> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save({
    save: async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  if (!saved?.weightData) throw new Error('internal: the model was not saved');
  const { modelTopology, weightSpecs, format, generatedBy } = saved;
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const json = JSON.stringify({ format, generatedBy, modelTopology, weightsManifest });
  const weights = tf.io.concatenateArrayBuffers([saved.weightData].flat());
  return { 'model.json': Buffer.from(json), 'weights.bin': new Uint8Array(weights) };
}

/** The reverse. The caller disposes of the model. */
export function modelFromFiles(files: ModelFiles): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(
    Buffer.from(files['model.json']).toString('utf8'),
  );
  const bytes = files['weights.bin'];
  return tf.loadLayersModel({
    load: async () => ({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: Uint8Array.from(bytes).buffer,
    }),
  });
}
