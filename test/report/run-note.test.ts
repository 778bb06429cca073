import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RunView, readRun } from '../../src/report/index.ts';
import { runNote } from '../../src/report/run-note.ts';
import { madeJournal, madeTrials } from './fixture.ts';

fc.configureGlobal({ seed: 1 });

const view = readRun(madeJournal());

test('the note of a sweep has its question, the answers, the best choices, what was swept and how', () => {
  const links = { 'the comparison': 'http://127.0.0.1:5000/#/experiments/1/runs' };
  assert.equal(
    runNote(view, { links }),
    `### Does sharing pay?

- **ill**: training it jointly paid: test auc 0.7600 ± 0.0100 jointly, 0.7100 ± 0.0100 alone; gain +0.05000 (+7.0 %), 95 % interval +0.02516 to +0.07484 over 3 replicates.
- **stay**: training it jointly made no clear difference: test mae 2.050 ± 0.050 jointly, 2.047 ± 0.032 alone; gain -0.003333 (-0.2 %), 95 % interval -0.06070 to +0.05404 over 3 replicates.

15 trials: 15 finished.

[the comparison](http://127.0.0.1:5000/#/experiments/1/runs)

**The best choices of joint training**

| rank&emsp; | units&emsp; | validation/ill/auc&emsp; | validation/stay/mae&emsp; | test/ill/auc&emsp; | test/stay/mae&emsp; | replicates (trials) |
| --- | --- | --- | --- | --- | --- | --- |
| 1&emsp; | 64&emsp; | 0.7500 ± 0.0100&emsp; | 2.033 ± 0.058&emsp; | 0.7600 ± 0.0100&emsp; | 2.050 ± 0.050&emsp; | 3 (4, 5, 6) |
| 2&emsp; | 32&emsp; | 0.7100 ± 0.0100&emsp; | 2.200 ± 0.100&emsp; | 0.7000 ± 0.0100&emsp; | 2.250 ± 0.010&emsp; | 3 (1, 2, 3) |

Mean ± standard deviation over the replicates, at the best epoch of each. Ranked to maximize \`validation/ill/auc\`, minimize \`validation/stay/mae\`.

The model to keep is trial 6 (units 64): its choice has the least mean rank over the objectives (maximize ill/auc, minimize stay/mae), and of its 3 replicates it is the best on ill/auc.

1 of 2 choices is on the Pareto front: no other choice is at least as good on every objective and better on one. Its hypervolume is 1.000 of the box from the worst values seen (ill/auc 0.7100, stay/mae 2.200) to the best.

**What was swept**

- \`shared.layers[0].dense.units\`: 32, 64

**How it was made**

- engine \`tensorflow-2.21.0\`, node \`v20.0.0\`
- 75 s of training in all trials`,
  );
});

test('without controls it says what would give an answer, and without trials that there are none', () => {
  const joint = readRun(madeJournal(madeTrials.filter(({ tasks }) => tasks.length > 1)));
  assert.match(
    runNote(joint),
    /nothing says whether sharing paid: `baselines: singleTask` would\./,
  );
  assert.match(runNote({ ...view, trials: [] }), /0 trials: none yet\./);
});

test('trials that failed are listed with their reasons', () => {
  const trials = view.trials.map((trial) =>
    trial.number < 3 ? { ...trial, status: 'failed' as const, reason: 'out of <memory>' } : trial,
  );
  const note = runNote({ ...view, trials });
  assert.match(note, /15 trials: 2 failed, 13 finished\./);
  assert.match(note, /- trial 1: out of &#60;memory&#62;\n- trial 2: /);
});

test('many swept numbers are told by their ends', () => {
  const trials = view.trials.map((trial, at) => ({
    ...trial,
    control: null,
    parameters: { 'training.optimizer.adam.learningRate': 10 ** -at },
  }));
  assert.match(runNote({ ...view, trials }), /learningRate`: 15 values from 1e-14 to 1$/m);
});

/** A run whose lists and words are all as long as they get. */
function longView(count: number, words: string): RunView {
  const parameters = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`shared.layers[${at}].${words}`, words]),
  );
  const names = Array.from({ length: count }, (_, at) => `task${at}${words}`);
  const [head] = Object.values(view.heads);
  const trials = view.trials.map((trial, at) => ({
    ...trial,
    choice: String(at),
    parameters,
    tasks: names,
    reason: words,
    status: at % 2 === 0 ? ('failed' as const) : ('finished' as const),
  }));
  return {
    ...view,
    question: words,
    heads: Object.fromEntries(names.flatMap((name) => (head ? [[name, head]] : []))),
    objective: names.map((name) => ({ metric: `validation/${name}/auc`, direction: 'maximize' })),
    environment: Object.fromEntries(names.map((name) => [name, words])),
    notes: [words],
    trials: Array.from({ length: count }, (_, copy) =>
      trials.map((trial) => ({ ...trial, choice: `${trial.choice} ${copy}` })),
    ).flat(),
  };
}

test('a note that would be too long is shortened list by list, and says so', () => {
  const note = runNote(longView(12, 'a long word '.repeat(30)));
  assert.ok([...note].length <= 8000);
  assert.match(note, /\n- … and \d+ more\n/);
  assert.match(note, /Not shown: .* more choices, .* more swept values\./);
  assert.match(note, /\*\*How it was made\*\*/);
  assert.match(note, /\n\n\*Shortened: the whole is in `report\.html`\.\*$/);
});

test('no words and no numbers make it throw or too long, and no tag comes through', () => {
  const words = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 3000 }));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      words,
      fc.dictionary(words, words),
      (count, text, links) => {
        const note = runNote(longView(count, text), { links });
        assert.ok([...note].length <= 8000);
        assert.doesNotMatch(note, /[\p{Cs}<]/u);
      },
    ),
    { numRuns: 60 },
  );
  assert.doesNotMatch(runNote(longView(2, '<script>alert(1)</script>')), /<script/);
});
