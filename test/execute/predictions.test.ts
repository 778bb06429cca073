import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetSignature } from '../../src/data/signature.ts';
import { predictionColumns } from '../../src/execute/predictions.ts';

const target = (changes: Partial<TargetSignature>): TargetSignature => ({
  columns: 1,
  classes: null,
  transform: { kind: 'none' },
  classWeights: null,
  ...changes,
});

test('a regression comes back in the unit of its target', () => {
  const days = predictionColumns(
    'stay',
    'regression',
    [0, Math.log(5)],
    target({ transform: { kind: 'log1p' } }),
  );
  assert.deepEqual(
    days[0]?.values.map((value) => Number(Number(value).toFixed(9))),
    [0, 4],
  );
  const transform = { kind: 'standardize', mean: 10, deviation: 2 } as const;
  assert.deepEqual(predictionColumns('stay', 'regression', [0, -1.5], target({ transform })), [
    { name: 'stay', values: [10, 7] },
  ]);
});

test('a binary head gives its answer and its probability', () => {
  assert.deepEqual(
    predictionColumns('ill', 'binary', [0.25, 0.5], target({ classes: ['0', '1'] })),
    [
      { name: 'ill', values: [0, 1] },
      { name: 'ill_probability', values: [0.25, 0.5] },
    ],
  );
});

test('a multiclass head names the most probable class and the probability of each', () => {
  const classes = ['a', 'b', 'c'];
  assert.deepEqual(
    predictionColumns(
      'kind',
      'multiclass',
      [0.2, 0.5, 0.3, 0.6, 0.2, 0.2],
      target({ columns: 3, classes }),
    ),
    [
      { name: 'kind', values: ['b', 'a'] },
      { name: 'kind_probability_a', values: [0.2, 0.6] },
      { name: 'kind_probability_b', values: [0.5, 0.2] },
      { name: 'kind_probability_c', values: [0.3, 0.2] },
    ],
  );
});

test('a multilabel head answers for each label', () => {
  const classes = ['x', 'y'];
  assert.deepEqual(
    predictionColumns('tags', 'multilabel', [0.75, 0.25], target({ columns: 2, classes })).map(
      ({ name, values }) => [name, values[0]],
    ),
    [
      ['tags_x', 1],
      ['tags_y', 0],
      ['tags_probability_x', 0.75],
      ['tags_probability_y', 0.25],
    ],
  );
});
