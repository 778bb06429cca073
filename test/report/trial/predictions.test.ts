import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Split, TargetSignature } from '../../../src/data/signature.ts';
import { predictionsCsv } from '../../../src/execute/trial-files.ts';
import { predictionsTable, readPredictions } from '../../../src/report/trial/index.ts';
import type { HeadPredictions } from '../../../src/report/trial/predictions.ts';
import type { HeadSpec } from '../../../src/spec/schema/experiment.ts';

fc.configureGlobal({ seed: 1 });

const bytes = (text: string) => new TextEncoder().encode(text);

/** Typed arrays as plain lists, with null for NaN. */
const listed = (predictions: HeadPredictions | undefined) =>
  JSON.parse(
    JSON.stringify(predictions ?? null, (_, value) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
    ),
  );

test('each kind of head is read with its labels, and a row without a label has none', () => {
  const { rows, rowNumbers, heads } = readPredictions(
    bytes(
      [
        'row,ill_label,ill,ill_probability,days_label,days,kind_label,kind,kind_probability_a,kind_probability_b',
        '3,1,0,0.25,2.5,3e-7,a,b,0.25,0.75',
        '7,,1,0.5,,-2,,a,1,0',
        '',
      ].join('\n'),
    ),
    { ill: { type: 'binary' }, days: { type: 'regression' }, kind: { type: 'multiclass' } },
  );
  assert.equal(rows, 2);
  assert.deepEqual([...rowNumbers], [3, 7]);
  assert.deepEqual(listed(heads.ill), {
    kind: 'binary',
    labels: [1, null],
    probabilities: [0.25, 0.5],
  });
  assert.deepEqual(listed(heads.days), {
    kind: 'regression',
    labels: [2.5, null],
    values: [3e-7, -2],
  });
  assert.deepEqual(listed(heads.kind), {
    kind: 'multiclass',
    classes: ['a', 'b'],
    labels: [0, -1],
    predicted: [1, 0],
    confidences: [0.75, 1],
  });
});

test('labels of a multilabel head are told apart, and probabilities that are no numbers are no predictions', () => {
  const { heads } = readPredictions(
    bytes(
      [
        'row,tags_label,tags_x,tags_y,tags_probability_x,tags_probability_y,kind_label,kind,kind_probability_a,kind_probability_b',
        '1,1 0,1,1,0.9,0.8,b,a,NaN,NaN',
        '2,,0,0,0.1,NaN,b,b,0.5,0.5',
      ].join('\n'),
    ),
    { tags: { type: 'multilabel' }, kind: { type: 'multiclass' } },
  );
  assert.deepEqual(listed(heads.tags), {
    kind: 'multilabel',
    names: ['x', 'y'],
    labels: [
      [1, null],
      [0, null],
    ],
    probabilities: [
      [0.9, 0.1],
      [0.8, null],
    ],
  });
  assert.deepEqual(listed(heads.kind).predicted, [-1, 1]);
});

test('heads whose columns have the same name are not confused', () => {
  const { heads } = readPredictions(
    bytes(
      [
        'row,a_label,a,a_probability,a_probability_label,a_probability,a_label_label,a_label',
        '1,1,0,0.25,10,20,30,40',
      ].join('\n'),
    ),
    {
      a_label: { type: 'regression' },
      a: { type: 'binary' },
      a_probability: { type: 'regression' },
    },
  );
  assert.deepEqual(listed(heads.a), { kind: 'binary', labels: [1], probabilities: [0.25] });
  assert.deepEqual(listed(heads.a_probability), { kind: 'regression', labels: [10], values: [20] });
  assert.deepEqual(listed(heads.a_label), { kind: 'regression', labels: [30], values: [40] });
});

test('a class is not taken for the head that follows, nor the head for a class', () => {
  const header =
    'row,a_label,a,a_probability_x,a_probability_y,a_probability_z_label,a_probability_z';
  const csv = bytes(`${header}\n1,x,x,0.5,0.5,3,4\n`);
  const both = readPredictions(csv, {
    a: { type: 'multiclass' },
    a_probability_z: { type: 'regression' },
  });
  assert.deepEqual(listed(both.heads.a).classes, ['x', 'y']);
  assert.deepEqual(listed(both.heads.a_probability_z).values, [4]);
  const one = readPredictions(csv, { a: { type: 'multiclass' } });
  assert.deepEqual(listed(one.heads.a).classes, ['x', 'y', 'z_label', 'z']);
});

test('columns of a head that nobody knows are passed over', () => {
  const { heads } = readPredictions(
    bytes('row,gone_label,gone,ill_label,ill,ill_probability,odd\n1,2,3,1,1,0.75,9\n'),
    { ill: { type: 'binary' }, absent: { type: 'regression' } },
  );
  assert.deepEqual(Object.keys(heads), ['ill']);
  assert.deepEqual(listed(heads.ill).probabilities, [0.75]);
});

test('numbers are those that JavaScript reads', () => {
  const texts = ['0', '-0.5', '12345678.25', '0.1', '1e-7', '-1.5e+21', 'NaN', '-Infinity', '.5'];
  const long = ['5.000000130432452', '1.0000000038093086', '123456789012345678', '-', '-.', 'x'];
  const numbers = fc.oneof(
    fc.double().map(String),
    fc.float().map((value) => String(Number(value.toPrecision(7)))),
    fc.constantFrom(...texts, ...long),
  );
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1 }), (cells) => {
      const csv = bytes(`row,a_label,a\n${cells.map((cell) => `1,1,${cell}`).join('\n')}`);
      const { heads } = readPredictions(csv, { a: { type: 'regression' } });
      const { values } = heads.a as Extract<HeadPredictions, { kind: 'regression' }>;
      assert.deepEqual([...values], cells.map(Number));
    }),
  );
});

const target = (columns: number, classes: readonly string[] | null): TargetSignature => ({
  columns,
  classes,
  transform: { kind: 'none' },
  classWeights: null,
});

test('what a trial writes is read again, whatever its classes are called', () => {
  const name = fc.string({ minLength: 1, unit: 'binary' });
  const classes = fc.uniqueArray(name, { minLength: 2, maxLength: 4 });
  const probability = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
  fc.assert(
    fc.property(
      classes,
      fc.array(fc.array(probability, { minLength: 4, maxLength: 4 })),
      (names, all) => {
        const count = names.length;
        const outputs = all.flatMap((row) => row.slice(0, count));
        const labels = all.map((_, row) => row % count);
        const split = {
          rows: all.length,
          rowNumbers: Int32Array.from(all, (_, row) => 2 * row),
          labels: {
            kind: {
              columns: count,
              present: Uint8Array.from(all, (_, row) => Number(row % 3 > 0)),
              values: Float32Array.from(
                labels.flatMap((at) => names.map((_, index) => Number(index === at))),
              ),
            },
          },
        } as unknown as Split;
        const csv = predictionsCsv(
          { kind: { type: 'multiclass' } as HeadSpec },
          { signature: { inputs: [], targets: { kind: target(count, names) } } },
          split,
          { kind: Float32Array.from(outputs) },
        );
        const { heads, rows } = readPredictions(csv, { kind: { type: 'multiclass' } });
        const found = heads.kind as Extract<HeadPredictions, { kind: 'multiclass' }>;
        assert.equal(rows, all.length);
        assert.deepEqual(found.classes, names);
        assert.deepEqual(
          [...found.labels],
          labels.map((at, row) => (row % 3 > 0 ? at : -1)),
        );
        assert.deepEqual(
          [...found.confidences],
          all.map((row) => Math.max(...row.slice(0, count))),
        );
      },
    ),
  );
});

test('nothing that is read as a table makes it throw', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      'row',
      'a_label',
      'a',
      'a_probability',
      'a_probability_x',
      'b_label',
      'b_x',
      '"',
      '',
    ),
    fc.string(),
    fc.double().map(String),
  );
  const lines = fc.array(fc.array(cell).map((cells) => cells.join(',')));
  const types = fc.constantFrom('binary', 'multiclass', 'multilabel', 'regression', 'other');
  fc.assert(
    fc.property(fc.array(cell), lines, types, types, (header, rows, one, other) => {
      const text = [`row,a_label,a,${header.join(',')}`, ...rows].join('\n');
      const heads = { a: { type: one }, b: { type: other } };
      predictionsTable(readPredictions(bytes(text), heads), { rows: 5 });
      readPredictions(bytes(rows.join('\n')), heads);
    }),
  );
});

test('the table has the first rows by number, with their errors, and null for what is not known', () => {
  const predictions = readPredictions(
    bytes(
      [
        'row,ill_label,ill,ill_probability,days_label,days,kind_label,kind,kind_probability_a,kind_probability_b',
        '9,1,0,0.25,2.000000123,2.5,a,b,0.25,0.75',
        '2,,1,0.5,,-2,,a,1,0',
        '5,0,0,NaN,1,Infinity,a,a,1,0',
      ].join('\n'),
    ),
    { ill: { type: 'binary' }, days: { type: 'regression' }, kind: { type: 'multiclass' } },
  );
  assert.deepEqual(JSON.parse(predictionsTable(predictions, { rows: 2 })), {
    columns: [
      'row',
      'ill',
      'ill label',
      'ill probability',
      'ill error',
      'days',
      'days label',
      'days error',
      'kind',
      'kind label',
      'kind probability',
      'kind error',
    ],
    data: [
      [2, 1, null, 0.5, null, -2, null, null, 'a', null, 1, null],
      [5, null, 0, null, null, null, 1, null, 'a', 'a', 1, 0],
    ],
  });
  const [, , last] = JSON.parse(predictionsTable(predictions, { rows: 200 })).data;
  assert.deepEqual(last, [9, 0, 1, 0.25, 1, 2.5, 2, 0.4999999, 'b', 'a', 0.75, 1]);
});

test('each label of a multilabel head has its own columns', () => {
  const csv = bytes('row,t_label,t_x,t_y,t_probability_x,t_probability_y\n1,1 0,1,1,0.9,0.8\n');
  const table = JSON.parse(
    predictionsTable(readPredictions(csv, { t: { type: 'multilabel' } }), { rows: 1 }),
  );
  assert.deepEqual(table.columns.slice(1, 5), ['t x', 't x label', 't x probability', 't x error']);
  assert.deepEqual(table.data, [[1, 1, 1, 0.9, 0, 1, 0, 0.8, 1]]);
});
