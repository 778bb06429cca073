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

/** One of the names that may stand: what it is called with, and what it makes. */
interface Maker<Made> {
  readonly numbers: readonly NumberName[];
  /** The number that a bare one stands for: `{ l2: 0.01 }` is `{ l2: { l2: 0.01 } }`. */
  readonly short?: NumberName;
  readonly make: (numbers: Numbers) => Made;
}
type Makers<Made> = Readonly<Record<string, Maker<Made>>>;

const described = (description: string, bounds: { readonly minimum?: number } = {}) => ({
  type: 'number',
  description,
  ...bounds,
});
const numberSchemas = {
  value: described('What each of them is at the start.'),
  gain: described('A factor on the start.'),
  mean: described('The mean of the start.'),
  stddev: described('The standard deviation of the start.'),
  minval: described('The lowest start.'),
  maxval: described('The highest start.'),
  l1: described('The weight of the sum of the absolute values.'),
  l2: described('The weight of the sum of the squares.'),
  minValue: described('The least norm.', { minimum: 0 }),
  maxValue: described('The largest norm.', { minimum: 0 }),
  rate: described('How far an outer norm goes towards its bound at each step; 1 is all the way.'),
  axis: described('The axis along which norms are taken.'),
};
type NumberName = keyof typeof numberSchemas;

const make = tf.initializers;
const seeded = (maker: (seed: { seed: number }) => Initializer): Maker<Initializer> => ({
  numbers: [],
  // `toInitializer` adds the seed.
  make: (numbers) => maker(numbers as { seed: number }),
});
const initializers: Makers<Initializer> = {
  constant: {
    numbers: ['value'],
    short: 'value',
    make: ({ value = 0 }) => make.constant({ value }),
  },
  glorotNormal: seeded(make.glorotNormal),
  glorotUniform: seeded(make.glorotUniform),
  heNormal: seeded(make.heNormal),
  heUniform: seeded(make.heUniform),
  identity: { numbers: ['gain'], short: 'gain', make: ({ gain = 1 }) => make.identity({ gain }) },
  leCunNormal: seeded(make.leCunNormal),
  leCunUniform: seeded(make.leCunUniform),
  ones: { numbers: [], make: () => make.ones() },
  orthogonal: { numbers: ['gain'], short: 'gain', make: (numbers) => make.orthogonal(numbers) },
  randomNormal: {
    numbers: ['mean', 'stddev'],
    make: (numbers) => make.randomNormal({ mean: 0, stddev: 0.05, ...numbers }),
  },
  randomUniform: {
    numbers: ['minval', 'maxval'],
    make: (numbers) => make.randomUniform({ minval: -0.05, maxval: 0.05, ...numbers }),
  },
  truncatedNormal: {
    numbers: ['mean', 'stddev'],
    make: (numbers) => make.truncatedNormal({ mean: 0, stddev: 0.05, ...numbers }),
  },
  varianceScaling: seeded((seed) =>
    make.varianceScaling({ scale: 1, mode: 'fanIn', distribution: 'normal', ...seed }),
  ),
  zeros: { numbers: [], make: () => make.zeros() },
};
const regularizers: Makers<Regularizer> = {
  l1: { numbers: ['l1'], short: 'l1', make: ({ l1 = 0.01 }) => tf.regularizers.l1({ l1 }) },
  l2: { numbers: ['l2'], short: 'l2', make: ({ l2 = 0.01 }) => tf.regularizers.l2({ l2 }) },
  l1l2: {
    numbers: ['l1', 'l2'],
    make: ({ l1 = 0.01, l2 = 0.01 }) => tf.regularizers.l1l2({ l1, l2 }),
  },
};
const constraints: Makers<Constraint> = {
  maxNorm: {
    numbers: ['maxValue', 'axis'],
    short: 'maxValue',
    make: ({ maxValue = 2, axis = 0 }) => tf.constraints.maxNorm({ maxValue, axis }),
  },
  minMaxNorm: {
    numbers: ['minValue', 'maxValue', 'rate', 'axis'],
    make({ minValue = 0, maxValue = 1, rate = 1, axis = 0 }) {
      if (minValue > maxValue)
        throw new Error(
          `minMaxNorm: its minValue, ${minValue}, is above its maxValue, ${maxValue}`,
        );
      return tf.constraints.minMaxNorm({ minValue, maxValue, rate, axis });
    },
  },
  nonNeg: { numbers: [], make: () => tf.constraints.nonNeg() },
  unitNorm: { numbers: ['axis'], make: ({ axis = 0 }) => tf.constraints.unitNorm({ axis }) },
};

const named = (makers: Makers<unknown>, options: { description: string; default?: string }) =>
  Type.Unsafe<Named>({
    ...options,
    anyOf: [
      { type: 'string', enum: Object.keys(makers) },
      {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(makers).map(([name, maker]) => [name, numbersSchema(maker)]),
        ),
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
      },
    ],
  });

const numbersSchema = ({ numbers, short }: Maker<unknown>) => ({
  type: short ? ['object', 'number'] : 'object',
  properties: Object.fromEntries(numbers.map((name) => [name, numberSchemas[name]])),
  additionalProperties: false,
});

export const initializer = (description: string, byDefault: string) =>
  named(initializers, { description, default: byDefault });
export const regularizer = (description: string) =>
  Type.Optional(named(regularizers, { description }));
export const constraint = (description: string) =>
  Type.Optional(named(constraints, { description }));

function spellOut<Made>(choice: Named, makers: Makers<Made>) {
  const [[name, value] = ['', {}]] =
    typeof choice === 'string' ? [[choice, {}] as const] : Object.entries(choice);
  const maker = makers[name];
  if (!maker) throw new Error(`internal: nothing is called "${name}"`);
  const numbers: Numbers = typeof value === 'number' ? { [maker.short ?? name]: value } : value;
  return { name, maker, numbers };
}

/** The initializer with a seed of its own: the same weights for the same (seed, replicate, layer). */
export function toInitializer(choice: Named, seed: number): Initializer {
  const { maker, numbers } = spellOut(choice, initializers);
  return maker.make({ ...numbers, seed });
}
export function toRegularizer(choice: Named | undefined): Regularizer | undefined {
  if (choice === undefined) return undefined;
  const { maker, numbers } = spellOut(choice, regularizers);
  return maker.make(numbers);
}
export function toConstraint(choice: Named | undefined): Constraint | undefined {
  if (choice === undefined) return undefined;
  const { maker, numbers } = spellOut(choice, constraints);
  return maker.make(numbers);
}

/** What of a constraint decides which operations it is made of: its kind and axis, not its numbers. */
export function constraintOperations(choice: Named): unknown {
  const { name, numbers } = spellOut(choice, constraints);
  return { [name]: numbers.axis ?? 0 };
}
