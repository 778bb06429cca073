/** @file Options that several layers share: initializers, regularizers, constraints, activations. */
import * as tf from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { words } from '../../spec/schema/slots.ts';

export const activationNames = [
  'elu',
  'gelu',
  'hardSigmoid',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;
export type ActivationName = (typeof activationNames)[number];

export const activation = (description: string, byDefault: ActivationName) =>
  words(activationNames, { description, default: byDefault });

type Numbers = Readonly<Record<string, number>>;
/** A name, or an object of one name and its numbers: `{ randomNormal: { stddev: 0.1 } }`. */
export type Named = string | Readonly<Record<string, Numbers | number>>;

type Initializer = ReturnType<typeof tf.initializers.zeros>;
type Regularizer = ReturnType<typeof tf.regularizers.l2>;
type Constraint = ReturnType<typeof tf.constraints.nonNeg>;

const make = tf.initializers;
const initializerMakers: Readonly<
  Record<string, (numbers: Numbers & { seed: number }) => Initializer>
> = {
  constant: ({ value = 0 }) => make.constant({ value }),
  glorotNormal: (numbers) => make.glorotNormal(numbers),
  glorotUniform: (numbers) => make.glorotUniform(numbers),
  heNormal: (numbers) => make.heNormal(numbers),
  heUniform: (numbers) => make.heUniform(numbers),
  identity: ({ gain = 1 }) => make.identity({ gain }),
  leCunNormal: (numbers) => make.leCunNormal(numbers),
  leCunUniform: (numbers) => make.leCunUniform(numbers),
  ones: () => make.ones(),
  orthogonal: (numbers) => make.orthogonal(numbers),
  randomNormal: (numbers) => make.randomNormal({ mean: 0, stddev: 0.05, ...numbers }),
  randomUniform: (numbers) => make.randomUniform({ minval: -0.05, maxval: 0.05, ...numbers }),
  truncatedNormal: (numbers) => make.truncatedNormal({ mean: 0, stddev: 0.05, ...numbers }),
  zeros: () => make.zeros(),
};
const regularizerMakers: Readonly<Record<string, (numbers: Numbers) => Regularizer>> = {
  l1: ({ l1 = 0.01 }) => tf.regularizers.l1({ l1 }),
  l2: ({ l2 = 0.01 }) => tf.regularizers.l2({ l2 }),
  l1l2: ({ l1 = 0.01, l2 = 0.01 }) => tf.regularizers.l1l2({ l1, l2 }),
};
const constraintMakers: Readonly<Record<string, (numbers: Numbers) => Constraint>> = {
  maxNorm: ({ maxValue = 2, axis = 0 }) => tf.constraints.maxNorm({ maxValue, axis }),
  minMaxNorm: ({ minValue = 0, maxValue = 1, rate = 1, axis = 0 }) =>
    tf.constraints.minMaxNorm({ minValue, maxValue, rate, axis }),
  nonNeg: () => tf.constraints.nonNeg(),
  unitNorm: ({ axis = 0 }) => tf.constraints.unitNorm({ axis }),
};

const named = (names: readonly string[], options: { description: string; default?: string }) =>
  Type.Unsafe<Named>({
    ...options,
    anyOf: [
      { type: 'string', enum: [...names] },
      {
        type: 'object',
        properties: Object.fromEntries(
          names.map((name) => [
            name,
            { type: ['object', 'number'], additionalProperties: { type: 'number' } },
          ]),
        ),
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
      },
    ],
  });

export const initializer = (description: string, byDefault: string) =>
  named(Object.keys(initializerMakers), { description, default: byDefault });
export const regularizer = (description: string) =>
  Type.Optional(named(Object.keys(regularizerMakers), { description }));
export const constraint = (description: string) =>
  Type.Optional(named(Object.keys(constraintMakers), { description }));

/** `{ l2: 0.01 }` stands for `{ l2: { l2: 0.01 } }`. */
function spellOut(named: Named): { name: string; numbers: Numbers } {
  if (typeof named === 'string') return { name: named, numbers: {} };
  const [entry] = Object.entries(named);
  if (!entry) throw new Error('internal: a name was expected');
  const [name, value] = entry;
  return { name, numbers: typeof value === 'number' ? { [name]: value } : value };
}

function made<Made, Given extends Numbers>(
  makers: Readonly<Record<string, (numbers: Given) => Made>>,
  name: string,
  numbers: Given,
): Made {
  const maker = makers[name];
  if (!maker) throw new Error(`internal: nothing is called "${name}"`);
  return maker(numbers);
}

/** The initializer with a seed of its own: the same weights for the same (seed, replicate, layer). */
export function toInitializer(choice: Named, seed: number): Initializer {
  const { name, numbers } = spellOut(choice);
  return made(initializerMakers, name, { ...numbers, seed });
}
export function toRegularizer(choice: Named | undefined): Regularizer | undefined {
  if (choice === undefined) return undefined;
  const { name, numbers } = spellOut(choice);
  return made(regularizerMakers, name, numbers);
}
export function toConstraint(choice: Named | undefined): Constraint | undefined {
  if (choice === undefined) return undefined;
  const { name, numbers } = spellOut(choice);
  return made(constraintMakers, name, numbers);
}

/** What of a constraint decides which operations it is made of: its kind and axis, not its numbers. */
export function constraintOperations(choice: Named): unknown {
  const { name, numbers } = spellOut(choice);
  return { [name]: numbers.axis ?? 0 };
}
