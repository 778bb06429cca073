/** @file Builds a `tf.LayersModel` of standard layers from a spec's trunk and heads. */
import * as tf from '@tensorflow/tfjs';
import type { DataSignature, InputSignature } from '../data/signature.ts';
import { seedOf } from '../plan/random.ts';
import { type Choice, chosen, findKind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { single } from './define-layer.ts';
import { heads as headKinds } from './heads/index.ts';
import { layers as layerKinds } from './layers/index.ts';
import { type Named, toConstraint, toInitializer, toRegularizer } from './layers/weight-options.ts';
import { sharings } from './sharings/index.ts';

export interface ModelRequest {
  readonly shared: ResolvedSpec['shared'];
  /** The heads to build, in order. */
  readonly heads: ResolvedSpec['heads'];
  readonly signature: DataSignature;
  /** The activation that a head's loss asks for, where its kind leaves it to the loss. */
  readonly lossActivation: (head: string) => string;
  readonly seed: number;
  readonly replicate: number;
}

/** A model and what of it the step needs to know. The caller disposes of `model`. */
export interface BuiltModel {
  /** Inputs as in the signature; outputs [batch, column], one a head, in the heads' order. */
  readonly model: tf.LayersModel;
  readonly tasks: readonly string[];
  /** Head → the layer whose output comes before the activation. */
  readonly rawLayers: Readonly<Record<string, string>>;
  /** Head → the layer whose output is the prediction. */
  readonly predictionLayers: Readonly<Record<string, string>>;
}

/** Layer names, and with them the initial weights, are the same in joint models and controls. */
export function buildModel(request: ModelRequest): BuiltModel {
  const { shared, heads, signature } = request;
  const tasks = Object.keys(heads);
  const inputs = signature.inputs.map((input) => ({ input, tensor: inputTensor(input) }));
  const joined = join(inputs.map(({ input, tensor }) => embedded(input, tensor, request)));
  const { name: sharing, options } = chosen(shared.sharing);
  const representations = findKind(sharings, sharing).connect(options, {
    input: joined,
    tasks,
    layers: shared.layers,
    stack: (name, layers, input) => stack(name, layers, input, request),
  });
  const outputs = tasks.map((task) => buildHead(task, representations[task], request));
  // tfjs would count: then a model's file depended on how many its worker had made before.
  const model = tf.model({ inputs: inputs.map(({ tensor }) => tensor), outputs, name: 'model' });
  const byTask = (suffix: string) =>
    Object.fromEntries(tasks.map((task) => [task, `heads/${task}/${suffix}`]));
  return { model, tasks, rawLayers: byTask('output'), predictionLayers: byTask('prediction') };
}

function inputTensor(input: InputSignature): tf.SymbolicTensor {
  return input.kind === 'dense'
    ? tf.input({ name: input.name, shape: [input.width] })
    : tf.input({ name: input.name, shape: [input.columns], dtype: 'int32' });
}

/** Codes become vectors, side by side: [batch, columns x outputDim]. */
function embedded(input: InputSignature, tensor: tf.SymbolicTensor, request: ModelRequest) {
  if (input.kind === 'dense') return tensor;
  const { outputDim, embeddingsInitializer, embeddingsRegularizer, embeddingsConstraint } =
    input.embedding;
  const name = `inputs/${input.name}`;
  // The embedding's own schema has checked these options.
  const vectors = tf.layers
    .embedding({
      name,
      inputDim: input.vocabulary,
      outputDim: outputDim as number,
      embeddingsInitializer: toInitializer(
        embeddingsInitializer as Named,
        initializerSeed(request, name)('embeddings'),
      ),
      embeddingsRegularizer: toRegularizer(
        embeddingsRegularizer
          ? { l1l2: embeddingsRegularizer as Record<string, number> }
          : undefined,
      ),
      embeddingsConstraint: toConstraint(embeddingsConstraint as Named | undefined),
    })
    .apply(tensor);
  return single(tf.layers.flatten({ name: `${name}/flat` }).apply(single(vectors)));
}

function join(tensors: readonly tf.SymbolicTensor[]): tf.SymbolicTensor {
  const [first] = tensors;
  if (!first) throw new Error('internal: a model without inputs');
  if (tensors.length === 1) return first;
  return single(tf.layers.concatenate({ name: 'inputs/joined' }).apply([...tensors]));
}

/** Layer names: `shared/0/dense`. */
function stack(
  place: string,
  layers: readonly Choice[],
  input: tf.SymbolicTensor,
  request: ModelRequest,
): tf.SymbolicTensor {
  return layers.reduce((tensor, layer, index) => {
    const { name: kind, options } = chosen(layer);
    const name = `${place}/${index}/${kind}`;
    return findKind(layerKinds, kind).apply(options, tensor, {
      name,
      seedOf: initializerSeed(request, name),
      inner: (inner, innerInput) => stack(name, inner, innerInput, request),
    });
  }, input);
}

function buildHead(
  task: string,
  representation: tf.SymbolicTensor | undefined,
  request: ModelRequest,
): tf.SymbolicTensor {
  const head = request.heads[task];
  const target = request.signature.targets[task];
  if (!head || !target || !representation) throw new Error(`internal: no head "${task}"`);
  const own = stack(`heads/${task}`, head.layers, representation, request);
  const { activation } = findKind(headKinds, head.type);
  const name = `heads/${task}/output`;
  const raw = tf.layers
    .dense({
      name,
      units: target.columns,
      kernelInitializer: toInitializer('glorotUniform', initializerSeed(request, name)('kernel')),
    })
    .apply(own);
  // A layer of its own: losses start from the raw outputs, which keeps them stable.
  const prediction = tf.layers.activation({
    name: `heads/${task}/prediction`,
    activation: (activation === 'loss' ? request.lossActivation(task) : activation) as 'linear',
  });
  return single(prediction.apply(single(raw)));
}

/** From (seed, replicate, layer, weight): never from other layers or hyperparameters. */
const initializerSeed =
  ({ seed, replicate }: ModelRequest, layer: string) =>
  (weight: string) =>
    seedOf(seed, replicate, 'initialise', layer, weight);
