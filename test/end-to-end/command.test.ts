import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJournal } from '../../src/record/index.ts';
import { run, smallExperiment, smallSpec, start } from './small-experiment.ts';

/** Results without what differs by nature: times. */
function numbersOf(stdout: string) {
  const results = JSON.parse(stdout);
  return {
    ...results,
    trials: results.trials.map(({ seconds: _, ...trial }: { seconds: number }) => trial),
  };
}
const short = smallSpec.replace('epochs: 6', 'epochs: 2');

test('a run ends with a table and an answer; results, report and predict read it', async () => {
  const folder = smallExperiment(short);
  const ran = await run(folder, 'small.yaml');
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /12 trials finished, tensorflow-2\.21\.0/);
  assert.match(ran.stdout, /^ill: .*\n^days: /m);
  assert.match(ran.stderr, /12 trials on \d workers?\n/);

  const results = JSON.parse((await run(folder, 'results', '--json')).stdout);
  assert.equal(results.experiment, 'small');
  assert.equal(results.trials.length, 12);
  assert.ok(results.trials.every(({ status }: { status: string }) => status === 'finished'));
  assert.match(
    (await run(folder, 'results', '--list')).stdout,
    /^small {2}12 of 12 trials finished/,
  );

  const one = ['results', '--where', 'control=none', '--where', 'replicate=0'];
  const listed = JSON.parse((await run(folder, ...one, '--json')).stdout);
  assert.deepEqual(
    listed.trials.map((trial: { control: null; replicate: number }) => [
      trial.control,
      trial.replicate,
    ]),
    [
      [null, 0],
      [null, 0],
    ],
  );
  const sorted = await run(folder, ...one, '--sort', 'learningRate', '--descending');
  assert.match(sorted.stdout, /^small: 2 trials finished of 12\n\n.*\n.* 0\.03 .*\n.* 0\.003 /);
  const unknown = await run(folder, 'results', '--where', 'learningrat<1');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /"learningrat"\. Did you mean "learningRate"\?/);

  const report = await run(folder, 'report', 'small');
  assert.equal(report.stdout.trim(), join('runs', 'small', 'report.html'));
  assert.match(readFileSync(join(folder, report.stdout.trim()), 'utf8'), /^<!doctype html>/);

  const predicted = await run(folder, 'predict', 'small', 'patients.csv', '--out', 'out.csv');
  assert.equal(predicted.status, 0, predicted.stderr);
  const [head = '', first = ''] = readFileSync(join(folder, 'out.csv'), 'utf8').split('\n');
  assert.equal(head, 'x1,x2,ward,ill_input,days_input,ill,ill_probability,days');
  assert.equal(first.split(',').length, 8);

  const again = await run(folder, 'small.yaml');
  assert.match(again.stderr, /every trial is done already/);
  assert.equal(again.stdout, ran.stdout);
});

test('one worker and two give the same numbers', async () => {
  const [one, two] = await Promise.all(
    ['1', '2'].map((jobs) => run(smallExperiment(short), 'small.yaml', '--json', '--jobs', jobs)),
  );
  assert.equal(one?.status, 0, one?.stderr);
  assert.deepEqual(numbersOf(one?.stdout ?? ''), numbersOf(two?.stdout ?? ''));
});

test('widening the grid trains only what is new', async () => {
  const folder = smallExperiment(short);
  await run(folder, 'small.yaml');
  writeFileSync(join(folder, 'small.yaml'), short.replace('[0.003, 0.03]', '[0.003, 0.03, 0.01]'));
  const widened = await run(folder, 'small.yaml');
  assert.match(widened.stderr, /^6 trials on/m);
  assert.match(widened.stdout, /18 trials finished/);
});

test('Ctrl-C leaves checkpoints and status 130, and the same command goes on to the same numbers', async () => {
  const long = smallSpec.replace('epochs: 6', 'epochs: 30');
  const undisturbed = await run(smallExperiment(long), 'small.yaml', '--json');
  const folder = smallExperiment(long);
  const { child, finished } = start(folder, ['small.yaml', '--json']);
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (text) => {
      if (String(text).includes('trial 1 ')) resolve();
    });
  });
  child.kill('SIGINT');
  const interrupted = await finished;
  assert.equal(interrupted.status, 130);
  assert.match(interrupted.stderr, /the same command goes on from here/);
  const statuses = JSON.parse(interrupted.stdout).trials.map(
    ({ status }: { status: string }) => status,
  );
  assert.ok(statuses.includes('interrupted') && statuses.includes('finished'), String(statuses));
  assert.ok(statuses.includes('not started'), String(statuses));
  const path = join(folder, 'runs/small/journal.jsonl');
  const started = new Set(
    readJournal(path).flatMap((each) => (each.type === 'start' ? [each.number] : [])),
  );
  for (const [index, status] of statuses.entries())
    assert.equal(status === 'not started', !started.has(index + 1), `trial ${index + 1}`);
  const resumed = await run(folder, 'small.yaml', '--json');
  assert.equal(resumed.status, 0, resumed.stderr);
  assert.deepEqual(numbersOf(resumed.stdout), numbersOf(undisturbed.stdout));
});

test('a trial whose loss is not a number fails with its task, epoch and step; the others go on; status 1', async () => {
  const folder = smallExperiment(
    short.replace('[0.003, 0.03]', '[0.003, 1e30]').replace('baselines: singleTask\n', ''),
  );
  const ran = await run(folder, 'small.yaml');
  assert.equal(ran.status, 1, ran.stderr);
  assert.match(ran.stdout, /2 trials finished, 2 trials failed/);
  assert.match(
    ran.stdout,
    /trial 3 \(.*\): the loss of task "(ill|days)" is (NaN|infinite) (in epoch 1 at step \d+|on the validation split after epoch 1)/,
  );
});

test('a run in use is left alone', async () => {
  const folder = smallExperiment();
  const { child, finished } = start(folder, ['small.yaml']);
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (text) => {
      if (String(text).includes('trials on')) resolve();
    });
  });
  const second = await run(folder, 'small.yaml');
  assert.equal(second.status, 2);
  assert.match(second.stderr, new RegExp(`in use by process ${child.pid}`));
  child.kill('SIGKILL');
  await finished;
});

test('a wrong spec trains nothing and ends with status 2, as do wrong arguments', async () => {
  const folder = smallExperiment(
    smallSpec.replace('[x1, x2]', '[x1, x3]').replace('target: days', 'target: dayz'),
  );
  const ran = await run(folder, 'small.yaml');
  assert.equal(ran.status, 2);
  assert.equal(ran.stdout, '');
  assert.match(
    ran.stderr,
    /small\.yaml:8:23 {2}data\.features\[0\]\.columns\[1\]: expected .*column.*, got "x3"[\s\S]*small\.yaml:16:\d+ {2}heads\.days\.target/,
  );
  for (const args of [
    ['nowhere.yaml'],
    ['results', 'nothing'],
    ['--jobs', 'many', 'small.yaml'],
    ['predict', 'x'],
    ['explain', 'hubr'],
    [],
  ]) {
    const { status, stderr, stdout } = await run(folder, ...args);
    assert.equal(status, 2, `${args}: ${stderr}`);
    assert.ok(stderr.length > 0 && stdout === '', args.join(' '));
    assert.doesNotMatch(stderr, /\bat .*\.ts:/);
  }
});

test('the commands about specs answer, as text and as JSON', async () => {
  const folder = smallExperiment(short);
  assert.equal((await run(folder, 'validate', 'small.yaml')).stdout, 'small.yaml: valid\n');
  assert.deepEqual(JSON.parse((await run(folder, 'validate', 'small.yaml', '--json')).stdout), {
    files: [{ file: 'small.yaml', problems: [] }],
  });
  const dry = await run(folder, 'small.yaml', 'training.epochs=9', '--dry-run');
  assert.match(dry.stdout, /epochs: 9 # command line/);
  const plan = JSON.parse(
    (await run(folder, 'plan', 'small.yaml', '--json', '--engine', 'wasm')).stdout,
  );
  assert.equal(plan.trials.length, 12);
  assert.ok(
    plan.trials.every(
      ({ done, weights, steps }: { done: boolean; weights: number; steps: number }) =>
        !done && weights > 40 && steps === 16,
    ),
  );
  assert.ok(plan.estimatedSeconds > 0, 'a short probe tells how long it will take');
  assert.match((await run(folder, 'explain', 'adam')).stdout, /adam \(optimizer\)/);
  assert.equal(JSON.parse((await run(folder, 'schema')).stdout).title, 'Multitask experiment');
  assert.match((await run(folder, 'doctor')).stdout, /✓ Node: v/);
});

test('init writes a first spec that is valid and runs', async () => {
  const folder = smallExperiment();
  const made = await run(folder, 'init', 'patients.csv', '--out', 'first.yaml');
  assert.equal(made.status, 0, made.stderr);
  assert.equal((await run(folder, 'validate', 'first.yaml')).stdout, 'first.yaml: valid\n');
  assert.equal((await run(folder, 'init', 'patients.csv', '--out', 'first.yaml')).status, 2);
});

test('without a compiler the run says so in one line and finishes on wasm', async () => {
  const folder = smallExperiment(
    short.replace('replicates: 2', 'replicates: 1').replace('baselines: singleTask\n', ''),
  );
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  const { finished } = start(folder, ['small.yaml'], {
    RUN_EXPERIMENT_CACHE: cache,
    CXX: '/nowhere/c++',
  });
  const ran = await finished;
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /2 trials finished, tfjs-wasm-4\.22\.0/);
  assert.equal(ran.stderr.split('\n').filter((line) => line.includes('wasm')).length, 1);
});

test('no secret of the environment or of a spec reaches any record', async () => {
  const tracking =
    "tracking: { mlflow: { uri: '${env:MLFLOW_TRACKING_URI}', experiment: 'https://me:hunter2@host/x' } }\n";
  const folder = smallExperiment(
    short.replace('baselines: singleTask\n', '').replace('replicates: 2', 'replicates: 1') +
      tracking,
  );
  const { finished } = start(folder, ['small.yaml'], {
    MLFLOW_TRACKING_URI: 'https://user:planted-token@127.0.0.1:9/path',
  });
  const ran = await finished;
  assert.equal(ran.status, 0, ran.stderr);
  await run(folder, 'report', 'small');
  const files = readdirSync(join(folder, 'runs'), { recursive: true, withFileTypes: true });
  const contents = files
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  assert.ok(
    contents.some((content) => content.includes('${env:MLFLOW_TRACKING_URI}')),
    'the reference is kept',
  );
  for (const content of [...contents, ran.stdout, ran.stderr])
    assert.doesNotMatch(content, /planted-token|hunter2/);
});

test('native TensorFlow and wasm agree on a whole experiment', async () => {
  const spec = smallSpec.replace('replicates: 2', 'replicates: 1');
  const [native, wasm] = await Promise.all(
    ['native', 'wasm'].map((engine) =>
      run(smallExperiment(spec), 'small.yaml', '--json', '--engine', engine),
    ),
  );
  const metrics = (stdout = '') =>
    JSON.parse(stdout).trials.map((trial: { metrics: object }) => trial.metrics);
  const theirs = metrics(wasm?.stdout);
  for (const [index, ours] of metrics(native?.stdout).entries()) {
    for (const [name, value] of Object.entries<number>(ours)) {
      assert.ok(
        Math.abs(value - theirs[index][name]) < 1e-3,
        `trial ${index + 1}, ${name}: ${value}, ${theirs[index][name]}`,
      );
    }
  }
});
