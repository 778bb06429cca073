/** @file The `data` block: where rows come from, how they are split, which features are made. */
import { type Static, Type } from 'typebox';
import { choice, listOf, words } from './slots.ts';

const columns = listOf(Type.String({ minLength: 1 }), {
  description:
    'Columns of the table. A name that is a column means that column; only then is it a glob (`lab_*`).',
  minItems: 1,
});
const common = {
  columns,
  exclude: listOf(Type.String({ minLength: 1 }), {
    description: 'Columns that a glob in `columns` should leave out.',
    default: [],
  }),
};
const scale = words(['none', 'standard', 'minMax', 'robust'], {
  description:
    'none; standard: mean 0, standard deviation 1; minMax: 0 to 1; robust: median 0, interquartile range 1. Fitted on the training split.',
  default: 'standard',
});
const missingIndicator = Type.Boolean({
  description: 'Add a 0/1 feature that tells which values were missing.',
  default: false,
});
const impute = Type.Unsafe<'mean' | 'median' | { constant: number }>({
  description:
    'What replaces a missing value: the mean, the median (both of the training split) or `{ constant: 0 }`.',
  default: 'median',
  anyOf: [
    { type: 'string', enum: ['mean', 'median'] },
    {
      type: 'object',
      properties: { constant: { type: 'number', description: 'The value to put in.' } },
      required: ['constant'],
      additionalProperties: false,
    },
  ],
});

export const numberFeatures = Type.Object(
  {
    type: Type.Literal('number', { description: 'A number, used as it is after scaling.' }),
    ...common,
    impute,
    missingIndicator,
    log1p: Type.Boolean({
      description: 'Take sign(x) · ln(1 + |x|) first: for counts and amounts with a long tail.',
      default: false,
    }),
    scale,
  },
  { description: 'Numeric columns.', additionalProperties: false },
);
export const categoryFeatures = Type.Object(
  {
    type: Type.Literal('category', { description: 'One of a set of values, without an order.' }),
    ...common,
    minCount: Type.Integer({
      description:
        'Values seen less often in the training split are taken together as "other", as are values never seen there.',
      minimum: 1,
      default: 1,
    }),
    encode: choice('encoding', {
      description: 'oneHot, or an embedding that is learned with the model.',
      default: 'oneHot',
    }),
  },
  {
    description: 'Categorical columns. A missing value is a category of its own.',
    additionalProperties: false,
  },
);
export const booleanFeatures = Type.Object(
  {
    type: Type.Literal('boolean', { description: 'True or false.' }),
    ...common,
    missingIndicator,
  },
  {
    description: 'Columns of true and false (also 1/0, yes/no, t/f): 1, 0; missing is 0.',
    additionalProperties: false,
  },
);
export const ordinalFeatures = Type.Object(
  {
    type: Type.Literal('ordinal', { description: 'One of a list of values with an order.' }),
    ...common,
    order: Type.Array(Type.Unsafe<string | number>({ type: ['string', 'number'] }), {
      description: 'The values from lowest to highest; they become 0, 1, 2, …',
      minItems: 2,
    }),
    missingIndicator,
    scale,
  },
  {
    description: 'Ordered categories as one number; missing and unknown values take the median.',
    additionalProperties: false,
  },
);
export const dateParts = [
  'year',
  'month',
  'day',
  'dayOfWeek',
  'dayOfYear',
  'hour',
  'minute',
  'daysSinceEpoch',
] as const;
export const dateFeatures = Type.Object(
  {
    type: Type.Literal('date', { description: 'A date or a timestamp.' }),
    ...common,
    parts: listOf(words(dateParts, { description: 'A part of the date.' }), {
      description: 'The numbers to make of it.',
      default: ['year', 'month', 'dayOfWeek'],
      minItems: 1,
    }),
    missingIndicator,
    scale,
  },
  { description: 'Dates, as the numbers of their parts.', additionalProperties: false },
);

/** One entry of `data.features`, told apart by `type`. */
export const featureGroup = Type.Unsafe<FeatureGroup>({
  'x-tag': 'type',
  anyOf: [numberFeatures, categoryFeatures, booleanFeatures, ordinalFeatures, dateFeatures],
});
export type FeatureGroup =
  | Static<typeof numberFeatures>
  | Static<typeof categoryFeatures>
  | Static<typeof booleanFeatures>
  | Static<typeof ordinalFeatures>
  | Static<typeof dateFeatures>;

const fraction = (split: string) =>
  Type.Optional(
    Type.Number({ description: `The fraction of rows for ${split}.`, minimum: 0, maximum: 1 }),
  );
export const splitSchema = Type.Object(
  {
    train: fraction('training'),
    validation: fraction('validation'),
    test: fraction('test; leave it out for no test split'),
    group: Type.Optional(
      Type.String({
        description: 'A column whose equal values (a patient, say) never come into two splits.',
      }),
    ),
    stratify: Type.Optional(
      Type.String({ description: 'A head: every split gets the same share of its classes.' }),
    ),
    time: Type.Optional(
      Type.String({
        description: 'A column to order by: the earliest rows train, the latest test.',
      }),
    ),
    column: Type.Optional(
      Type.String({
        description: 'A column that says `train`, `validation` or `test` for each row.',
      }),
    ),
  },
  { description: 'How rows are divided. Drawn from `seed` alone.', additionalProperties: false },
);

const memory = Type.Unsafe<string | number>({
  description:
    'How much memory the data may take: `512MB`, `2GB`, `1.5GiB`, or bytes. What needs more is worked on in pieces, from the disk. Default: a quarter of the machine’s.',
  type: ['string', 'integer'],
  'x-expected': 'a size such as `512MB` or `2GB`, or bytes from 1000000 on',
  pattern: '^[0-9]+(\\.[0-9]+)? ?[MGT]i?B$',
  minimum: 1_000_000,
});

export const dataSchema = Type.Object(
  {
    source: listOf(Type.String({ minLength: 1 }), {
      description:
        'A CSV, TSV, JSON Lines or Parquet file (compressed or not), a glob, or a list of them; relative to this file.',
      minItems: 1,
    }),
    query: Type.Optional(
      Type.String({
        description:
          'DuckDB SQL over the table `source`, to derive columns: `SELECT *, los > 7 AS long FROM source`.',
        minLength: 1,
      }),
    ),
    key: listOf(Type.String({ minLength: 1 }), {
      description:
        'Columns that order the rows of a `query` (default: all columns), so that every run sees the same order.',
      default: [],
    }),
    missing: listOf(Type.String(), {
      description: 'Texts that mean a missing value, besides an empty field.',
      default: [],
    }),
    sampleWeight: Type.Optional(
      Type.String({ description: 'A column of weights: how much a row counts in every loss.' }),
    ),
    memory: Type.Optional(memory),
    split: splitSchema,
    features: Type.Array(featureGroup, {
      description: 'Groups of columns and what is made of them.',
      minItems: 1,
    }),
  },
  { description: 'The table, its splits and its features.', additionalProperties: false },
);
export type DataSpec = Static<typeof dataSchema>;
