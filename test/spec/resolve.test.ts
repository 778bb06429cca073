import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import {
  composeSchema,
  explain,
  parseSpec,
  renderResolved,
  withoutCredentials,
  withReferences,
  withValues,
} from '../../src/spec/index.ts';
import { catalog, changed, complaint, example, parse, spec } from './example.ts';

test('short forms are spelled out and defaults filled in', () => {
  const resolved = spec(example);
  assert.deepEqual(resolved.training.optimizer, {
    adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 },
  });
  assert.deepEqual(resolved.shared.layers[1], { dropout: { rate: 0.2 } });
  assert.deepEqual(Object.keys(resolved.shared.layers[2] ?? {}), ['batchNormalization']);
  assert.deepEqual(resolved.heads.ill?.loss, { binaryCrossentropy: { labelSmoothing: 0 } });
  assert.deepEqual(resolved.heads.stay?.target, ['days']);
  assert.equal(resolved.training.batchSize, 32);
  assert.equal(resolved.baselines, 'none');
  assert.throws(() => Object.assign(resolved.training, { epochs: 1 }), TypeError);
});

test('a resolved spec is a spec, and resolving it again changes nothing', () => {
  const epochs = fc.integer({ min: 1, max: 99 });
  const units = fc.integer({ min: 1, max: 512 });
  const optimizer = fc.constantFrom('adam', 'sgd', '{ rmsprop: { decay: 0.8 } }', 'adamw: 0.01');
  const layer = fc.constantFrom(
    'dense: 8',
    'dropout: 0.5',
    'activation: tanh',
    'layerNormalization',
    'residual: [{ dense: 4 }]',
  );
  fc.assert(
    fc.property(
      epochs,
      units,
      optimizer,
      fc.array(layer, { maxLength: 3 }),
      (count, width, chosen, layers) => {
        const text = changed(
          ['epochs: 5', `epochs: ${count}`],
          ['units: 64', `units: ${width}`],
          [
            'optimizer: adam\n',
            `optimizer: { ${chosen.replace(/^\{ (.*) \}$/, '$1')} }\n`.replace(
              /\{ (adam|sgd) \}/,
              '$1',
            ),
          ],
          [
            '    - batchNormalization',
            ['batchNormalization', ...layers].map((each) => `    - ${each}`).join('\n'),
          ],
          ['    training.optimizer.adam.learningRate: [0.001, 0.01]\n', ''],
        );
        const once = spec(text);
        const again = spec(JSON.stringify(once));
        assert.deepEqual(again, once);
      },
    ),
    { numRuns: 60 },
  );
});

test('overrides reach through short forms and win over the file', () => {
  const resolved = spec(example, {
    overrides: [
      'training.epochs=7',
      'heads.stay.weight=0.3',
      'shared.layers[0].dense.units=16',
      'shared.layers[1].dropout.rate=0.5',
      'training.optimizer.adam.beta1=0.8',
      'heads.ill.metrics=[auc, brier]',
    ],
  });
  assert.equal(resolved.training.epochs, 7);
  assert.equal(resolved.heads.stay?.weight, 0.3);
  assert.deepEqual(
    resolved.shared.layers
      .slice(0, 2)
      .map((layer) => Object.values(layer)[0]?.units ?? Object.values(layer)[0]?.rate),
    [16, 0.5],
  );
  assert.equal(resolved.training.optimizer.adam?.beta1, 0.8);
  assert.deepEqual(
    resolved.heads.ill?.metrics.map((metric) => Object.keys(metric)[0]),
    ['auc', 'brier'],
  );
});

test('a mistake on the command line is told as one', () => {
  assert.match(
    complaint(example, { overrides: ['training.epochs=many'] }),
    /^command line {2}training\.epochs: expected a whole number from 1 on, got "many"/,
  );
  assert.match(complaint(example, { overrides: ['epochs'] }), /expected path=value/);
  assert.match(complaint(example, { overrides: ['training.epocs=3'] }), /Did you mean "epochs"/);
});

test('variables of the environment are put in and read as YAML reads them', () => {
  const text = changed(
    ['epochs: 5', "epochs: '${env:EPOCHS}'"],
    ['source: patients.csv', "source: 'data/${env:NAME,patients}.csv'"],
  );
  const resolved = spec(text, { env: { EPOCHS: '9' } });
  assert.equal(resolved.training.epochs, 9);
  assert.deepEqual(resolved.data.source, ['data/patients.csv']);
});

test('values of the environment below tracking are recorded as their reference', () => {
  const text = `${example}tracking: { mlflow: { uri: '\${env:TRACKING}' } }\n`;
  const parsed = parse(text, { env: { TRACKING: 'https://me:secret@host/path' } });
  assert.ok(parsed.ok);
  assert.equal(parsed.spec.tracking.mlflow?.uri, 'https://me:secret@host/path');
  const recorded = JSON.stringify(withReferences(parsed.spec, parsed));
  assert.ok(recorded.includes('${env:TRACKING}') && !recorded.includes('secret'));
  assert.equal(withoutCredentials('see https://me:secret@host/path'), 'see https://host/path');
});

test('a spec that extends another merges maps and replaces lists and other kinds', () => {
  const files = { 'base.yaml': example };
  const text =
    'extends: base.yaml\nexperiment: mine\ntraining: { epochs: 2, optimizer: { sgd: { learningRate: 0.5 } } }\nsweep: { parameters: { training.optimizer.adam.learningRate: [1] } }\n';
  assert.match(
    complaint(text, { files }),
    /x\.yaml:4:.*there is: sgd|x\.yaml:4:[\s\S]*there is: sgd/,
  );
  const resolved = spec(
    text
      .replace('training.optimizer.adam.learningRate: [1]', 'seed: [1]')
      .replace('parameters', 'parameters'),
    {
      files: { 'base.yaml': example.replace(/sweep:[\s\S]*/, '') },
    },
  );
  assert.equal(resolved.experiment, 'mine');
  assert.deepEqual(Object.keys(resolved.training.optimizer), ['sgd']);
  assert.equal(resolved.training.earlyStopping?.patience, 2);
  assert.equal(resolved.shared.layers.length, 3);
});

test('a mistake in the file below is told at its place there, and a circle is a mistake', () => {
  const files = {
    'base.yaml': changed(['seed: 7', 'seed: no']),
    'circle.yaml': 'extends: x.yaml\n',
  };
  assert.match(
    complaint('extends: base.yaml\n', { files }),
    /^base\.yaml:3:7 {2}seed: expected a whole number/,
  );
  assert.match(
    complaint('extends: nowhere.yaml\n', { files }),
    /nowhere\.yaml, which cannot be read/,
  );
  assert.match(complaint('extends: circle.yaml\n', { files }), /expected another spec/);
});

test('swept values are put in and spelled out', () => {
  const resolved = spec(example);
  const swept = withValues(
    resolved,
    { 'training.optimizer': 'sgd', 'shared.layers[0].dense.units': 8, 'training.clipNorm': 1 },
    catalog,
  );
  assert.deepEqual(swept.training.optimizer, { sgd: { learningRate: 0.01, weightDecay: 0 } });
  assert.equal(swept.shared.layers[0]?.dense?.units, 8);
  assert.equal(swept.training.clipNorm, 1);
  assert.equal(resolved.shared.layers[0]?.dense?.units, 64);
});

test('the resolved spec is printed with the origin of what was not written there', () => {
  const parsed = parse(example, { overrides: ['training.epochs=7'] });
  assert.ok(parsed.ok);
  const text = renderResolved(parsed.spec, parsed.originOf, 'x.yaml');
  assert.match(text, /epochs: 7 # command line/);
  assert.match(text, /batchSize: 32 # default/);
  assert.match(text, /seed: 7\n/);
  assert.deepEqual(spec(text), parsed.spec);
  assert.deepEqual(parseYaml(text), JSON.parse(JSON.stringify(parsed.spec)));
});

test('the published schema is the one that specs are checked against', () => {
  const published = readFileSync(
    new URL('../../schemas/experiment.schema.json', import.meta.url),
    'utf8',
  );
  const composed = `${JSON.stringify(composeSchema(catalog), null, 2)}\n`;
  assert.ok(published === composed, 'schemas/experiment.schema.json is stale: npm run schema');
});

test('every key and kind of the schema has a description', () => {
  const bare: string[] = [];
  const visit = (schema: unknown, path: string) => {
    for (const [name, property] of Object.entries(Object(Object(schema).properties))) {
      const { description, $ref, anyOf } = Object(property);
      const isDescribed = description ?? Object(anyOf?.at(-1)).description;
      if (!isDescribed && !$ref) bare.push(`${path}.${name}`);
      visit(property, `${path}.${name}`);
    }
    for (const inner of [
      Object(schema).items,
      Object(schema).additionalProperties,
      ...(Object(schema).anyOf ?? []),
      ...Object.values(Object(Object(schema).definitions)),
    ]) {
      if (typeof inner === 'object' && inner !== null) visit(inner, path);
    }
  };
  visit(JSON.parse(JSON.stringify(composeSchema(catalog))), '');
  assert.deepEqual(
    [...new Set(bare)].filter((path) => !/(Initializer|Regularizer|Constraint)\.\w+$/.test(path)),
    [],
  );
});

test('explain tells of kinds and of keys, and suggests', () => {
  const text = (subject: string) => {
    const explained = explain(subject, catalog);
    return explained.ok ? explained.text : explained.reason;
  };
  assert.match(
    text('huber'),
    /huber \(loss\): [\s\S]*Huber 1964[\s\S]*delta \(number, default 1\)/,
  );
  assert.match(text('training.earlyStopping'), /patience \(integer, default 5\)/);
  assert.match(text('heads.stay.loss'), /Kinds: .*huber/);
  assert.match(text('hubr'), /Did you mean "huber"/);
});

test('a spec is read the same by parseSpec without a file system', () => {
  const parsed = parseSpec({ text: example, file: 'elsewhere.yaml', catalog });
  assert.ok(parsed.ok);
});

test('a spec may be extended by its absolute path', () => {
  const files = { '/elsewhere/base.yaml': example };
  const { experiment, seed } = spec('extends: /elsewhere/base.yaml\nexperiment: mine\n', { files });
  assert.deepEqual([experiment, seed], ['mine', 7]);
});
