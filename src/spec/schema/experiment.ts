/** @file The skeleton of a spec; the kinds are put into its slots by `compose`. */
import { type Static, Type } from 'typebox';
import type { Choice } from '../kind.ts';
import { dataSchema } from './data.ts';
import { choice, listOf, words } from './slots.ts';

export const headNamePattern = '^[A-Za-z][A-Za-z0-9_-]*$';

/** What all heads have; each head kind adds its own options beside these. */
export const headCommon = {
  target: listOf(Type.String({ minLength: 1 }), {
    description: 'The column to predict (several for `multilabel`, one a label).',
    minItems: 1,
  }),
  loss: choice('loss', { description: 'What training minimises for this task.' }),
  weight: Type.Number({
    description: 'Multiplies this loss before any weighting sees it.',
    minimum: 0,
    default: 1,
  }),
  weightSchedule: choice('schedule', {
    description: 'How the weight changes over the epochs, as a factor.',
    default: 'constant',
  }),
  metrics: listOf(choice('metric', { description: 'A metric of this head.' }), {
    description: 'What is measured; the first one is the head’s own yardstick.',
    minItems: 1,
  }),
  layers: Type.Array(choice('layer', { description: 'A layer of this head alone.' }), {
    description: 'Layers between the trunk and this head’s output.',
    default: [],
  }),
};
export type HeadSpec = Static<ReturnType<typeof headObject>> & {
  readonly type: string;
  /** Options of the head's kind: `positive`, `classWeight`, `transform`, … */
  readonly [option: string]: unknown;
};
const headObject = () => Type.Object(headCommon);

/** Composed into an `anyOf` of the head kinds, told apart by `type`. */
const heads = Type.Unsafe<Readonly<Record<string, HeadSpec>>>({
  type: 'object',
  description: 'The tasks, by name: what to predict, from which layers, with which loss.',
  minProperties: 1,
  propertyNames: { pattern: headNamePattern },
  additionalProperties: { 'x-heads': true },
});

export const earlyStoppingSchema = Type.Object(
  {
    metric: listOf(Type.String({ minLength: 1 }), {
      description:
        'What to watch: `validation/loss` (the unweighted sum of the task losses), `validation/<head>/<metric>`, or several, of which the mean relative improvement since the first epoch counts.',
      default: ['validation/loss'],
      minItems: 1,
    }),
    patience: Type.Integer({
      description: 'Stop after this many epochs without improvement.',
      minimum: 0,
      default: 5,
    }),
    minDelta: Type.Number({
      description: 'Improvements smaller than this do not count.',
      minimum: 0,
      default: 0,
    }),
    restoreBestWeights: Type.Boolean({
      description: 'Keep the weights of the best epoch rather than of the last.',
      default: true,
    }),
  },
  { description: 'When to stop before the last epoch.', additionalProperties: false },
);

export const trainingSchema = Type.Object(
  {
    epochs: Type.Integer({
      description: 'Passes over the training split.',
      minimum: 1,
      default: 10,
    }),
    batchSize: Type.Integer({ description: 'Rows in a step.', minimum: 1, default: 32 }),
    optimizer: choice('optimizer', {
      description: 'How a step follows the gradient.',
      default: 'adam',
    }),
    learningRateSchedule: choice('schedule', {
      description: 'How the learning rate changes over the epochs, as a factor.',
      default: 'constant',
    }),
    clipNorm: Type.Optional(
      Type.Number({
        description: 'Scale the gradient of all weights together down to this norm.',
        exclusiveMinimum: 0,
      }),
    ),
    shuffle: Type.Boolean({ description: 'A new order of rows each epoch.', default: true }),
    earlyStopping: Type.Optional(earlyStoppingSchema),
  },
  { description: 'How the model is trained.', additionalProperties: false, default: {} },
);

const lists = { type: 'array', minItems: 1, description: 'The values to try.' };
const zipLists = Type.Unsafe<Readonly<Record<string, readonly unknown[]>>>({
  type: 'object',
  description: 'Paths whose lists run side by side: first with first, …',
  additionalProperties: lists,
});
/** A list, a distribution, or a formula of other values. */
const parameters = Type.Unsafe<Readonly<Record<string, readonly unknown[] | Choice | string>>>({
  type: 'object',
  description:
    'The search space: paths of this file (`training.optimizer.adam.learningRate`, `shared.layers[0].dense.units`), each with a list of values, a distribution (`{ logUniform: [0.0001, 0.01] }`), or a formula (`${shared.layers[0].dense.units} / 2`).',
  additionalProperties: {
    anyOf: [
      lists,
      {
        type: 'string',
        pattern: '\\$\\{',
        description: 'A formula of other values.',
        'x-expected': 'a list of values, a distribution, or a formula with ${path}',
      },
      choice('distribution', { description: 'What the value is drawn from.' }),
    ],
  },
  default: {},
});
const byMetric = (description: string) =>
  Type.Unsafe<Readonly<Record<string, number>>>({
    type: 'object',
    description,
    additionalProperties: { type: 'number' },
    default: {},
  });
export const budgetSchema = Type.Object(
  {
    trials: Type.Optional(
      Type.Integer({
        description: 'Joint trials, replicates counted one by one; controls come on top.',
        minimum: 1,
      }),
    ),
    epochs: Type.Optional(
      Type.Integer({ description: 'Epochs of all joint trials together.', minimum: 1 }),
    ),
    minutes: Type.Optional(
      Type.Number({
        description: 'Minutes of all executions together; what runs then writes a checkpoint.',
        exclusiveMinimum: 0,
      }),
    ),
    target: byMetric(
      'Enough is when a choice, in the mean over its replicates, is this good in all of these: `{ validation/stay/mae: 2 }`.',
    ),
  },
  {
    description: 'When to propose no more, whichever comes first.',
    additionalProperties: false,
    default: {},
  },
);
export const sweepSchema = Type.Object(
  {
    method: choice('sampler', {
      description: 'How the search space is drawn from.',
      default: 'grid',
    }),
    parameters,
    zip: Type.Array(zipLists, {
      description: 'Groups of paths that change together.',
      default: [],
    }),
    objective: listOf(
      Type.Object(
        {
          metric: Type.String({ description: '`validation/<head>/<metric>`.', minLength: 1 }),
          direction: Type.Optional(
            words(['minimize', 'maximize'], {
              description: 'Default: the metric’s own direction.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
      {
        description:
          'What makes a trial the best: the best mean rank over these. Default: the first metric of each head.',
        default: [],
      },
    ),
    replicates: Type.Integer({
      description: 'How often each choice is repeated with another random start.',
      minimum: 1,
      default: 1,
    }),
    budget: budgetSchema,
    pruner: listOf(choice('pruner', { description: 'What stops trials early.' }), {
      description: 'What stops trials that are not worth going on with; several may work together.',
      default: [],
    }),
    floors: byMetric(
      'The worst values of metrics that are acceptable; pruners put trials that miss one behind all others.',
    ),
  },
  { description: 'What to vary.', additionalProperties: false, default: {} },
);

export const experimentSchema = Type.Object(
  {
    extends: listOf(Type.String({ minLength: 1 }), {
      description: 'Other specs to start from; what stands here wins.',
      default: [],
    }),
    experiment: Type.String({
      description: 'The name of the experiment; its run is kept in runs/<name>/.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
      'x-expected': 'a name of letters, digits, ".", "_" and "-", at most 100 long',
    }),
    seed: Type.Integer({
      description: 'Where all random numbers come from.',
      minimum: 0,
      maximum: 4294967295,
      default: 0,
    }),
    data: dataSchema,
    shared: Type.Object(
      {
        sharing: choice('sharing', {
          description: 'How the tasks share the trunk.',
          default: 'hard',
        }),
        layers: Type.Array(choice('layer', { description: 'A layer of the trunk.' }), {
          description: 'The shared layers, in order.',
          default: [],
        }),
      },
      { description: 'The trunk.', additionalProperties: false, default: {} },
    ),
    heads,
    weighting: choice('weighting', {
      description: 'How the task losses become the combined loss.',
      default: 'fixed',
    }),
    training: trainingSchema,
    sweep: sweepSchema,
    baselines: words(['none', 'singleTask'], {
      description: 'singleTask: train each task alone as well, as controls for the gain.',
      default: 'none',
    }),
    tracking: Type.Object(
      {
        mlflow: Type.Optional(
          Type.Object(
            {
              uri: Type.Optional(Type.String({ description: 'The tracking server; empty: none.' })),
              experiment: Type.Optional(
                Type.String({
                  description: 'MLflow’s experiment; default: this experiment’s name.',
                  minLength: 1,
                  maxLength: 250,
                }),
              ),
              registeredModel: Type.Optional(
                Type.String({
                  description:
                    'A name in MLflow’s model registry: the best model becomes a version of it.',
                  pattern: '^[^/:]+$',
                  maxLength: 250,
                }),
              ),
            },
            { description: 'MLflow.', additionalProperties: false },
          ),
        ),
      },
      {
        description: 'Where runs are recorded besides runs/.',
        additionalProperties: false,
        default: {},
      },
    ),
    execution: Type.Object(
      {
        jobs: Type.Optional(
          Type.Integer({ description: 'Workers; default: one a core.', minimum: 1, maximum: 256 }),
        ),
        retries: Type.Integer({
          description:
            'How often a trial is tried again whose worker was lost: killed, out of memory, hung.',
          minimum: 0,
          default: 2,
        }),
        failFast: Type.Boolean({
          description: 'Stop all trials when one has failed for good.',
          default: false,
        }),
        stallSeconds: Type.Number({
          description: 'A worker that tells nothing for so long counts as hung and is replaced.',
          exclusiveMinimum: 0,
          default: 900,
        }),
        redis: Type.Optional(
          Type.String({
            description:
              'Workers of any machine train, which take the trials from this Redis: `redis://host:6379`. Best from the environment, `${env:REDIS_URL}`: then its password is recorded nowhere.',
          }),
        ),
        data: Type.Optional(
          Type.String({
            description:
              'Where such workers find the prepared data: a folder that they reach too, or `s3://bucket/prefix`.',
            minLength: 1,
          }),
        ),
      },
      {
        description: 'Where trials run. Does not change any number.',
        additionalProperties: false,
        default: {},
      },
    ),
  },
  { additionalProperties: false },
);

/** A spec with every default filled in and every short form spelled out. */
export type ResolvedSpec = Static<typeof experimentSchema>;
export type TrainingSpec = Static<typeof trainingSchema>;
export type SweepSpec = Static<typeof sweepSchema>;
export type LayerChoice = Choice;
