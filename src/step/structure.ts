/** @file What of a spec decides which operations its step is made of: all but the numbers passed to it. */
import type { DataSignature } from '../data/signature.ts';
import { constraintOperations, layers as layerKinds, type Named } from '../model/index.ts';
import { type Choice, chosen, findKind, type Kind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { losses } from './losses/index.ts';
import { optimizers } from './optimizers/index.ts';
import { schedules } from './schedules/index.ts';
import { weightings } from './weightings/index.ts';

export interface StructureRequest {
  readonly spec: Pick<ResolvedSpec, 'shared' | 'heads' | 'weighting' | 'training'>;
  readonly signature: DataSignature;
}

/** Plain data; steps of equal structure are the same function of state, batch and hyperparameters. */
export function structureOf({ spec, signature }: StructureRequest): unknown {
  const { shared, heads, weighting, training } = spec;
  return {
    inputs: signature.inputs.map((input) =>
      input.kind === 'dense' ? input : { ...input, embedding: withoutStart(input.embedding) },
    ),
    sharing: shared.sharing,
    layers: shared.layers.map(layerStructure),
    heads: Object.entries(heads).map(([name, head]) => ({
      name,
      type: head.type,
      columns: signature.targets[name]?.columns,
      classWeights: signature.targets[name]?.classWeights?.length,
      layers: head.layers.map(layerStructure),
      loss: withoutNumbers(head.loss, losses),
      weightSchedule: withoutNumbers(head.weightSchedule, schedules),
    })),
    weighting: withoutNumbers(weighting, weightings),
    optimizer: withoutNumbers(training.optimizer, optimizers),
    learningRateSchedule: withoutNumbers(training.learningRateSchedule, schedules),
    clipped: training.clipNorm !== undefined,
  };
}

type Numbered = Kind & { readonly hyperparameters?: readonly string[] };

function withoutNumbers(choice: Choice, kinds: readonly Numbered[]): unknown {
  const { name, options } = chosen(choice);
  const { hyperparameters = [] } = findKind(kinds, name);
  const kept = Object.entries(options).filter(([option]) => !hyperparameters.includes(option));
  return { [name]: withoutStart(Object.fromEntries(kept)) };
}

function layerStructure(layer: Choice): unknown {
  const { name, options } = chosen(layer);
  const { layers } = options;
  const inner = Array.isArray(layers) ? { layers: layers.map(layerStructure) } : {};
  return withoutNumbers({ [name]: { ...options, ...inner } }, layerKinds);
}

/** How weights start is no part of a step; of a penalty, whether there is one; of a constraint, which. */
const withoutStart = (options: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([option]) => !option.endsWith('Initializer'))
      .map(([option, value]) => [option, withoutStrength(option, value)]),
  );

function withoutStrength(option: string, value: unknown): unknown {
  if (option.endsWith('Regularizer')) return true;
  // Their schema has checked them.
  return option.endsWith('Constraint') ? constraintOperations(value as Named) : value;
}
