import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepSpace } from '../../src/spec/space/sweep-points.ts';
import { catalog, complaint, example, spec } from './example.ts';

/** The example with another sweep. */
const withSweep = (sweep: string) => example.replace(/sweep:[\s\S]*/, `sweep:\n${sweep}`);
const random = 'method: random, budget: { trials: 5 }';
const spaceOf = (parameters: string) =>
  sweepSpace(
    spec(withSweep(`  method: random\n  budget: { trials: 5 }\n  parameters:\n${parameters}`)),
    catalog,
  );

test('lists, ranges and steps become dimensions; rising numbers keep their order', () => {
  const { dimensions } = spaceOf(`
    training.batchSize: [16, 32, 64]
    heads.ill.weight: [1, 0.1]
    heads.stay.weight: { uniform: [0.1, 2] }
    training.optimizer.adam.learningRate: { logUniform: { range: [0.0001, 0.1] } }
    'shared.layers[0].dense.units': { int: { range: [8, 64], step: 8 } }
    'shared.layers[1].dropout': { quantized: { range: [0, 0.5], step: 0.1 } }
    training.optimizer.adam.epsilon: { normal: { mean: 0.001, standardDeviation: 0.0001 } }`);
  assert.deepEqual(
    dimensions.map(({ name, distribution }) => [name, distribution]),
    [
      ['training.batchSize', { type: 'ordinal', levels: [16, 32, 64] }],
      ['heads.ill.weight', { type: 'category', count: 2 }],
      ['heads.stay.weight', { type: 'float', low: 0.1, high: 2, log: false, step: null }],
      [
        'training.optimizer.adam.learningRate',
        { type: 'float', low: 0.0001, high: 0.1, log: true, step: null },
      ],
      ['shared.layers[0].dense.units', { type: 'int', low: 8, high: 64, log: false, step: 8 }],
      ['shared.layers[1].dropout', { type: 'float', low: 0, high: 0.5, log: false, step: 0.1 }],
      [
        'training.optimizer.adam.epsilon',
        { type: 'normal', mean: 0.001, standardDeviation: 0.0001 },
      ],
    ],
  );
});

test('a distribution inside of a block is there only with that block', () => {
  const space = spaceOf(`
    training.optimizer:
      - { adam: { learningRate: { logUniform: [0.001, 0.1] } } }
      - { momentum: { learningRate: { uniform: [0.1, 1] }, momentum: { uniform: [0, 0.9] } } }`);
  const names = space.dimensions.map(({ name, when }) => [name, when]);
  assert.deepEqual(names, [
    ['training.optimizer', []],
    ['training.optimizer.adam.learningRate', [{ on: 'training.optimizer', values: [0] }]],
    ['training.optimizer.momentum.learningRate', [{ on: 'training.optimizer', values: [1] }]],
    ['training.optimizer.momentum.momentum', [{ on: 'training.optimizer', values: [1] }]],
  ]);
  const choice = space.choiceAt({
    'training.optimizer': 1,
    'training.optimizer.momentum.learningRate': 0.25,
    'training.optimizer.momentum.momentum': 0.5,
  });
  assert.deepEqual(choice.values, {
    'training.optimizer': { momentum: {} },
    'training.optimizer.momentum.learningRate': 0.25,
    'training.optimizer.momentum.momentum': 0.5,
  });
  const { momentum } = choice.spec.training.optimizer;
  assert.equal(momentum?.learningRate, 0.25);
  assert.equal(momentum?.momentum, 0.5);
});

test('a path inside of a swept block is there only with the blocks that have it', () => {
  const space = spaceOf(`
    training.optimizer: [adam, sgd]
    training.optimizer.adam.learningRate: [0.001, 0.01]`);
  assert.deepEqual(space.dimensions[1]?.when, [{ on: 'training.optimizer', values: [0] }]);
  assert.deepEqual(space.choiceAt({ 'training.optimizer': 1 }).values, {
    'training.optimizer': 'sgd',
  });
});

test('`when` asks for a value of another path, a kind by its name', () => {
  const space = spaceOf(`
    heads.stay.weight: { uniform: { range: [0.1, 1], when: { training.optimizer: sgd } } }
    training.optimizer: [adam, { sgd: { learningRate: 0.1 } }]`);
  assert.deepEqual(
    space.dimensions.map(({ name }) => name),
    ['training.optimizer', 'heads.stay.weight'],
    'a dimension stands after what it depends on',
  );
  assert.deepEqual(space.dimensions[1]?.when, [{ on: 'training.optimizer', values: [1] }]);
});

test('formulas follow what is swept, each after those that it uses, rounded where whole', () => {
  const space = spaceOf(`
    heads.stay.weight: '\${heads.ill.weight} / 2'
    heads.ill.weight: '\${training.batchSize} / 100'
    training.batchSize: '\${shared.layers[0].dense.units} * 0.7'
    'shared.layers[0].dense.units': [32, 64]`);
  const { values, spec: choice } = space.choiceAt({ 'shared.layers[0].dense.units': 1 });
  assert.equal(choice.training.batchSize, 45); // 64 x 0.7 = 44.8
  assert.equal(values['heads.ill.weight'], 0.45);
  assert.equal(choice.heads.stay?.weight, 0.225);
});

test('drawn numbers have five digits, and bounds are kept', () => {
  const space = spaceOf(`
    heads.stay.weight: { uniform: [0.12342, 2] }
    training.optimizer.adam.learningRate: { logUniform: [0.0001, 0.1] }`);
  const { values } = space.choiceAt({
    'heads.stay.weight': 0.12342,
    'training.optimizer.adam.learningRate': 0.00123456789,
  });
  assert.equal(values['heads.stay.weight'], 0.12342);
  assert.equal(values['training.optimizer.adam.learningRate'], 0.0012346);
});

const mistakes: readonly (readonly [name: string, sweep: string, ...words: readonly string[]])[] = [
  [
    'a sweep without an end',
    '  method: random\n  parameters: { heads.stay.weight: { uniform: [0, 1] } }\n',
    'x.yaml:22:1  sweep.budget: expected a budget, since random goes on for ever',
  ],
  [
    'a range in a grid',
    '  parameters: { heads.stay.weight: { uniform: [0, 1] } }\n',
    'sweep.parameters.heads.stay.weight: expected values that can be counted, for a grid',
    'sweep.method: tpe',
  ],
  [
    'a misspelt distribution',
    '  parameters: { heads.stay.weight: { unifrom: [0, 1] } }\n',
    'x.yaml:23:38',
    'Did you mean "uniform"?',
  ],
  [
    'a range from high to low',
    '  parameters: { heads.stay.weight: { uniform: [1, 0] } }\n',
    'expected two numbers, the smaller one first, got [1,0]',
  ],
  [
    'a logarithmic range from zero',
    '  parameters: { heads.stay.weight: { logUniform: [0, 1] } }\n',
    'a range above zero',
  ],
  [
    'a range that goes where the value may not',
    `  { ${random}, parameters: { heads.stay.weight: { uniform: [-1, 1] } } }\n`,
    'expected a number from 0 on, got -1',
    'As a value of heads.stay.weight.',
  ],
  [
    'a range of any number for a whole one',
    `  { ${random}, parameters: { training.batchSize: { uniform: [8, 64] } } }\n`,
    'expected a whole number from 1 on',
  ],
  [
    'a bad distribution inside of a block',
    `  { ${random}, parameters: { training.optimizer: [{ sgd: { momentum: { uniform: [0.9, 0] } } }] } }\n`,
    'the smaller one first',
  ],
  [
    'a block with a distribution where there is no value',
    `  { ${random}, parameters: { training.optimizer: [{ sgd: { momentun: { uniform: [0, 0.9] } } }] } }\n`,
    'momentun',
  ],
  [
    'a condition on a path that is not swept',
    `  { ${random}, parameters: { heads.stay.weight: { uniform: { range: [0, 1], when: { training.optimizr: sgd } } }, training.optimizer: [adam, sgd] } }\n`,
    'expected another swept path, got "training.optimizr"',
    'Did you mean "training.optimizer"?',
  ],
  [
    'a condition on a value that is never taken',
    `  { ${random}, parameters: { heads.stay.weight: { uniform: { range: [0, 1], when: { training.optimizer: rmsprop } } }, training.optimizer: [adam, sgd] } }\n`,
    'expected a value of training.optimizer, got "rmsprop"',
    'Values of training.optimizer: "adam", "sgd"',
  ],
  [
    'a formula that cannot be read',
    `  { ${random}, parameters: { heads.stay.weight: '\${heads.ill.weight} /' } }\n`,
    'expected a number, ${path} or a function, got its end',
  ],
  [
    'a formula of what is not there',
    `  { ${random}, parameters: { heads.stay.weight: '\${heads.il.weight} / 2' } }\n`,
    'got "heads.il.weight"',
    'Did you mean "heads.ill.weight"?',
  ],
  [
    'a formula of text',
    `  { ${random}, parameters: { heads.stay.weight: '\${experiment} / 2' } }\n`,
    'expected a formula of numbers, got NaN',
  ],
  [
    'formulas that go round in a circle',
    `  { ${random}, parameters: { heads.stay.weight: '\${heads.ill.weight} / 2', heads.ill.weight: '\${heads.stay.weight}' } }\n`,
    'It comes back to itself.',
  ],
  [
    'a formula whose result does not fit',
    `  { ${random}, parameters: { heads.ill.weight: [1, 5], heads.stay.weight: '2 - \${heads.ill.weight}' } }\n`,
    'expected a number from 0 on, got -3',
    '2 - ${heads.ill.weight} is -3 where heads.ill.weight = 5.',
  ],
  [
    'a race without replicates',
    '  { pruner: race, parameters: { heads.stay.weight: [0, 1] } }\n',
    'expected replicates for a race, got one',
  ],
  [
    'a floor for what is not measured',
    '  { floors: { validation/ill/auk: 0.7 }, parameters: { heads.stay.weight: [0, 1] } }\n',
    'Did you mean "validation/ill/auc"?',
  ],
];
for (const [name, sweep, ...words] of mistakes) {
  test(`${name} is told with its place`, () => {
    const text = complaint(withSweep(sweep));
    assert.match(text, /^x\.yaml:\d+:\d+ {2}/, text);
    for (const word of words) assert.ok(text.includes(word), `"${word}" is not in:\n${text}`);
  });
}

test('a misspelt method says nothing of ranges, which the right one may draw from', () => {
  const text = complaint(
    withSweep('  { method: tpee, parameters: { heads.stay.weight: { uniform: [0, 1] } } }\n'),
  );
  assert.match(text, /Did you mean "tpe"\?/);
  assert.ok(text.endsWith('1 mistake; nothing was trained'), text);
});
