import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trialNote } from '../../../src/report/trial/index.ts';
import { code, link, noteLimit, plain, shortened } from '../../../src/report/trial/markdown.ts';
import { madeHeads, madeTrial } from './made-trial.ts';

fc.configureGlobal({ seed: 1 });

const view = { heads: madeHeads };

test('a trial’s note says what it is, its choice, its best epoch, its metrics, and those that are NaN', () => {
  assert.equal(
    trialNote(view, madeTrial),
    `**ill and stay, trained jointly**, replicate 2, seed 7.

Best after epoch 2 of 3; 1.500 s, 12,345 weights.

Its choice:

- \`shared.layers[0].dense.units\`: 64
- \`heads.stay.weight\`: 0.3

| task&emsp; | metric&emsp; | validation&emsp; | test |
| --- | --- | --- | --- |
| ill&emsp; | loss&emsp; | 0.5000&emsp; | 0.5500 |
| ill&emsp; | auc&emsp; | 0.7500&emsp; | 0.7000 |
| stay&emsp; | loss&emsp; | 0.2500&emsp; | 0.3000 |
| stay&emsp; | mae&emsp; | 2.000&emsp; | 2.250 |
| stay&emsp; | r2&emsp; | NaN&emsp; | NaN |

Not a number in the end: \`validation/stay/r2\`, \`test/stay/r2\`.`,
  );
});

test('a control’s note says that it is one, and a failed trial’s why it failed and how far it came', () => {
  const note = trialNote(view, {
    ...madeTrial,
    tasks: ['stay'],
    control: 'singleTask',
    parameters: {},
    status: 'failed',
    bestEpoch: null,
    metrics: {},
    reason: 'the loss of task "stay" is NaN at step 120\n| a *bar*',
  });
  assert.equal(
    note,
    `**stay alone: a control that shares nothing**, replicate 2, seed 7.

**It failed after 3 epochs**: the loss of task "stay" is NaN at step 120 \\| a \\*bar\\*

| task&emsp; | metric&emsp; | validation&emsp; | test |
| --- | --- | --- | --- |
| stay&emsp; | loss&emsp; | 0.2750&emsp; | – |
| stay&emsp; | mae&emsp; | 2.200&emsp; | – |
| stay&emsp; | r2&emsp; | NaN&emsp; | – |

Not a number in the end: \`validation/stay/r2\`.`,
  );
});

test('words stay words: what Markdown, HTML or MLflow would act upon is escaped', () => {
  const expected: readonly (readonly [string, string])[] = [
    ['time_in_hospital *now*', 'time\\_in\\_hospital \\*now\\*'],
    ['a | b', 'a \\| b'],
    ['`code` and \\', '\\`code\\` and \\\\'],
    ['<script>alert("1")</script>', '&#60;script&#62;alert("1")&#60;/script&#62;'],
    ['&lt; is an entity', '&#38;lt; is an entity'],
    ['![image](x) [link](y)', '&#33;\\[image\\](x) \\[link\\](y)'],
    ['@name :smile: 0:1', '&#64;name \\:smile: 0\\:1'],
    ['https://a.b www.a.b', 'https\\://a.b www\\.a.b'],
    ['# no heading #', '&#35; no heading &#35;'],
    ['- no list', '\\- no list'],
    ['1. no list', '1\\. no list'],
    ['-0.25 and 1.5', '-0.25 and 1.5'],
    ['two\n\nlines\u0000\u202E\ud800.', 'two lines .'],
  ];
  for (const [words, escaped] of expected) assert.equal(plain(words), escaped);
  assert.equal(plain('😀😀😀😀', 3), '😀😀…');
});

test('code is between backticks where that is safe', () => {
  assert.equal(code('shared.layers[0].dense.units'), '`shared.layers[0].dense.units`');
  assert.equal(code('a`b'), 'a\\`b');
  assert.equal(code('a|b'), 'a\\|b');
});

test('only addresses of the web become links', () => {
  assert.equal(
    link('the *sweep*', 'http://127.0.0.1:5000/#/experiments/1/runs?a=(1)&b="x"'),
    '[the \\*sweep\\*](http://127.0.0.1:5000/#/experiments/1/runs?a=%281%29&b=%22x%22)',
  );
  assert.equal(link('a page', 'javascript:alert(1)'), 'a page');
  assert.equal(link('a page', 'https://'), 'a page');
});

test('what is too long ends with a whole line and says so', () => {
  const text = Array.from({ length: 2000 }, (_, at) => `line ${at}`).join('\n');
  const short = shortened(text, 'the report');
  assert.ok(short.length <= noteLimit);
  assert.match(short, /\nline \d+\n\n\*Shortened: the rest is in the report\.\*$/);
  assert.equal(shortened('all of it', 'the report'), 'all of it');
});

test('no note is longer than MLflow keeps, whatever it has to tell', () => {
  const words = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary', minLength: 200, maxLength: 2000 }),
  );
  const values = fc.dictionary(words, fc.oneof(words, fc.double()), { maxKeys: 40 });
  const metrics = fc.dictionary(words, fc.double(), { maxKeys: 40 });
  fc.assert(
    fc.property(fc.array(words), values, metrics, words, (tasks, parameters, found, reason) => {
      const heads = Object.fromEntries(
        tasks.map((task) => [
          task,
          { type: 'binary', target: [], metrics: madeHeads.stay?.metrics ?? [] },
        ]),
      );
      const note = trialNote(
        { heads },
        { ...madeTrial, tasks, parameters, metrics: found, status: 'failed', reason },
      );
      assert.ok([...note].length <= 8000);
      assert.doesNotMatch(note, /[\p{Cs}<]/u);
    }),
  );
});
