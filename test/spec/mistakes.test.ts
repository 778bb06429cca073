import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, complaint, example, parse } from './example.ts';

/** The first message and its hint, without the line and the caret. */
const message = (text: string) =>
  complaint(text)
    .split('\n')
    .filter((line) => !/^ {4}\s*\^$/.test(line))
    .join('\n');

test('the example is valid', () => {
  assert.equal(complaint(example), 'valid');
});

test('a mistake is shown with its line, a caret, what was expected, what came, and a suggestion', () => {
  const expected = [
    'x.yaml:13:7  shared.layers[1]: expected the name of a layer, got "dropuot"',
    '        - dropuot',
    '          ^',
    '    Did you mean "dropout"? Layers: dense, dropout, batchNormalization, layerNormalization, activation, residual',
    '1 mistake; nothing was trained',
  ];
  assert.equal(complaint(changed(['- dropout: 0.2', '- dropuot'])), expected.join('\n'));
});

/** What is changed in the example, and words that the one message must hold, with its place. */
const cases: readonly (readonly [
  name: string,
  replacement: readonly [string, string],
  ...words: string[],
])[] = [
  ['an unknown key', ['epochs: 5', 'epoch: 5'], '19:3', 'training.epoch', 'Did you mean "epochs"?'],
  ['an unknown key at the top', ['sweep:', 'sweeep:'], '22:1', 'Did you mean "sweep"?'],
  ['a wrong type', ['epochs: 5', 'epochs: five'], '19:11', 'a whole number from 1', '"five"'],
  ['a number out of bounds', ['dropout: 0.2', 'dropout: 1.2'], '13:16', 'below 1', '1.2'],
  [
    'a size that is none',
    ['source: patients.csv', 'source: patients.csv\n  memory: 1 gig'],
    '6:11',
    'a size such as `512MB` or `2GB`',
    '"1 gig"',
  ],
  ['a duplicate key', ['seed: 7', 'seed: 7\nseed: 8'], '4:1', '"seed" again', 'line 3'],
  [
    'a layer that does not exist',
    ['- batchNormalization', '- batchNormalisation'],
    '14:7',
    'Did you mean "batchNormalization"?',
  ],
  [
    'an option that a layer does not have',
    ['units: 64, activation: relu', 'units: 64, activaton: relu'],
    '12:27',
    'Did you mean "activation"?',
  ],
  [
    'a number that a constraint does not have',
    ['activation: relu', 'kernelConstraint: { maxNorm: { max: 3 } }'],
    '12:58',
    'a known key',
    'Keys: maxValue, axis',
  ],
  [
    'one number where there are two',
    ['activation: relu', 'kernelInitializer: { randomNormal: 0.1 }'],
    'kernelInitializer.randomNormal',
    'keys with values',
  ],
  [
    'a norm below zero',
    ['activation: relu', 'kernelConstraint: { maxNorm: { maxValue: -1 } }'],
    'a number from 0 on',
  ],
  [
    'a layer without what it needs',
    ['dense: { units: 64, activation: relu }', 'dense: {}'],
    '"units"',
    'missing',
  ],
  [
    'two kinds in one place',
    ['optimizer: adam', 'optimizer: { adam: {}, sgd: {} }'],
    'one only',
    'adam, sgd',
  ],
  [
    'a loss that does not fit its head',
    ['loss: huber', 'loss: binaryCrossentropy'],
    'a loss for a regression head',
    'Losses for regression: huber',
  ],
  [
    'a metric that its head cannot have',
    ['metrics: [mae]', 'metrics: [mae, auc]'],
    '17:',
    'a metric for a regression head',
    'medianError',
  ],
  ['a head of no known type', ['type: binary', 'type: binry'], 'Did you mean "binary"?'],
  ['a head without a type', ['type: binary, ', ''], 'the key "type"', 'missing'],
  [
    'an option of another head',
    ['type: binary', 'type: binary, transform: log1p'],
    'a known key',
    '"transform"',
  ],
  ['fractions that do not sum to one', ['test: 0.15', 'test: 0.25'], '6:10', 'sum to 1', '1.1'],
  [
    'no validation split',
    ['validation: 0.15, test: 0.15', 'test: 0.3'],
    'a fraction for validation',
  ],
  ['a stratification by no head', ['stratify: ill', 'stratify: il'], 'Did you mean "ill"?'],
  [
    'a target among the features',
    ['columns: [age, visits]', 'columns: [age, days]'],
    '8:24',
    'without the target of "stay"',
  ],
  [
    'a swept path that leads nowhere',
    ['training.optimizer.adam.learningRate:', 'training.optimizer.adam.learnRate:'],
    '24:5',
    'Did you mean "training.optimizer.adam.learningRate"?',
  ],
  [
    'a swept path into another kind',
    ['training.optimizer.adam.learningRate:', 'training.optimizer.sgd.learningRate:'],
    'there is: adam',
  ],
  [
    'a swept layer that does not exist',
    ["'shared.layers[0].dense.units'", "'shared.layers[7].dense.units'"],
    'there is: [0], [1], [2]',
  ],
  [
    'a swept value that does not fit',
    ['[32, 64]', '[32, many]'],
    '26:42',
    'a whole number',
    '"many"',
  ],
  [
    'a sweep over what changes no trial',
    ['heads.stay.weight: [0.1, 1]', 'execution.jobs: [1, 2]'],
    'changes no trial',
  ],
  [
    'lists of unequal length side by side',
    ['sweep:\n', 'sweep:\n  zip: [{ seed: [1, 2], training.epochs: [3] }]\n'],
    'equal length',
    'seed: 2, training.epochs: 1',
  ],
  [
    'an objective that is not measured',
    ['sweep:\n', 'sweep:\n  objective: { metric: validation/ill/auk }\n'],
    'Did you mean "validation/ill/auc"?',
  ],
  [
    'an objective that a swept weight would game',
    ['sweep:\n', 'sweep:\n  objective: { metric: validation/loss }\n'],
    'since heads.stay.weight is swept',
  ],
  [
    'early stopping on what is not measured',
    ['patience: 2', 'metric: validation/stay/auc'],
    'a metric that is measured',
  ],
  [
    'poisson with a transform',
    ['loss: huber', 'loss: poisson'],
    'the poisson loss is about the count itself',
  ],
  [
    'two targets of one regression',
    ['target: days', 'target: [days, age2]'],
    'one column for a regression head',
  ],
  [
    'a variable that is not set',
    ['source: patients.csv', "source: '${env:NOWHERE}'"],
    'NOWHERE',
    'not set',
  ],
];
for (const [name, replacement, ...words] of cases) {
  test(`${name} is one message with its place`, () => {
    const text = message(changed(replacement));
    assert.match(text, /^x\.yaml:\d+:\d+ {2}/);
    assert.ok(text.endsWith('1 mistake; nothing was trained'), text);
    for (const word of words) assert.ok(text.includes(word), `"${word}" is not in:\n${text}`);
  });
}

test('a bad name of a head is told at the name', () => {
  const text = complaint(changed(['  ill: {', '  1ll: {']));
  assert.ok(
    text.includes(
      'x.yaml:16:3  heads.1ll: expected a name of letters, digits, _ and -, a letter first',
    ),
    text,
  );
});

test('all mistakes come at once, in the order of the file', () => {
  const text = complaint(
    changed(
      ['seed: 7', 'seed: seven'],
      ['test: 0.15', 'test: 0.2'],
      ['dropout: 0.2', 'dropuot: 0.2'],
      ['loss: huber', 'loss: huberr'],
      ['metrics: [auc, f1]', 'metrics: [auc, mae]'],
      ['learningRate:', 'lerningRate:'],
    ),
  );
  const places = [...text.matchAll(/^x\.yaml:(\d+):/gm)].map(([, line]) => Number(line));
  assert.deepEqual(places, [3, 6, 13, 16, 17, 24]);
});

test('values that YAML cannot read get a hint to quote', () => {
  for (const line of ['tracking: { mlflow: { uri: ${env:X} } }', 'baselines: [*_code]']) {
    const text = complaint(`${example}${line}\n`);
    assert.match(text, /Put quotes|Quote it/, text);
    assert.match(text, /^x\.yaml:27:\d+ /m, text);
  }
});

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]
${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${new Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`).join('\n')}
`;
const hostile: readonly (readonly [string, string, RegExp])[] = [
  ['an empty file', '', /empty/],
  ['only a comment', '# nothing\n', /empty/],
  ['an alias bomb', bomb, /too many values/],
  ['a binary file', '\u0000\u0001\u0002PAR1\u0000', /binary/],
  ['10 MB', `a: ${'x'.repeat(10_000_000)}`, /10\.0 MB/],
  ['brackets by the thousand', '['.repeat(100_000), /x\.yaml/],
  ['a list', '- a\n- b\n', /a list/],
  ['a word', 'hello', /"hello"/],
  ['two documents', 'experiment: a\n---\nexperiment: b\n', /a second one/],
  ['a tab', 'experiment: a\n\tseed: 1\n', /x\.yaml:2/],
];
for (const [name, text, words] of hostile) {
  test(`${name} gets a clear message, and soon`, () => {
    const begin = performance.now();
    const parsed = parse(text);
    assert.ok(performance.now() - begin < 20_000);
    assert.equal(parsed.ok, false);
    const said = complaint(text);
    assert.match(said, words);
    assert.ok(said.length < 3000, `${said.length} characters`);
  });
}
