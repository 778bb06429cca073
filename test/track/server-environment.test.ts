import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../../src/engine/index.ts';
import { mlflowVersion } from '../../src/track/server/constraints.ts';
import { checkMlflow, prepareMlflow } from '../../src/track/server/environment.ts';
import { type FakePython, fakePythons } from './server-fake-python.ts';
import { startScript } from './server-script.ts';

interface Outcome {
  readonly prepared: Awaited<ReturnType<typeof prepareMlflow>>;
  readonly said: readonly string[];
  readonly cache: string;
  /** The arguments of each call of pip. */
  readonly pipCalls: readonly string[];
}

/** With nothing in PATH but these, and a cache of its own. */
async function prepareWith(
  programs: Readonly<Record<string, FakePython>>,
  more: NodeJS.ProcessEnv = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  const said: string[] = [];
  const env = { PATH: fakePythons(programs), RUN_EXPERIMENT_CACHE: cache, ...more };
  const prepared = await withEnvironment(env, () =>
    prepareMlflow((line) => said.push(line), signal),
  );
  return { prepared, said, cache, pipCalls: callsIn(cache) };
}

const callsIn = (cache: string) =>
  existsSync(join(cache, 'pip-calls'))
    ? readFileSync(join(cache, 'pip-calls'), 'utf8').trim().split('\n')
    : [];

async function withEnvironment<Value>(env: NodeJS.ProcessEnv, act: () => Promise<Value>) {
  const before = { ...process.env };
  for (const name of ['PYTHON', 'RUN_EXPERIMENT_PYTHON']) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return await act();
  } finally {
    process.env = before;
  }
}

const reasonOf = ({ prepared }: Outcome) => (prepared.ok ? 'none: it is set up' : prepared.reason);
const environmentIn = (cache: string, version: string) =>
  join(cache, `mlflow-${mlflowVersion}-python-${version}`);
/** What is left of an attempt that failed, besides the list of calls. */
const leftIn = (cache: string) => readdirSync(cache).filter((name) => name !== 'pip-calls');

test('without any Python, the reason says which one is needed and how to get it', async () => {
  const outcome = await prepareWith({});
  assert.match(reasonOf(outcome), /^no Python was found that can run MLflow\. MLflow 3.17.2 needs/);
  assert.match(
    reasonOf(outcome),
    /Python 3\.10 to 3\.14 with venv \(Debian.*apt install python3-venv/,
  );
});

test('a Python that is too old, too new or has no venv is told of by name', async () => {
  const outcome = await prepareWith({
    python3: { version: '3.9' },
    'python3.14': { version: '3.15' },
    'python3.11': { version: '3.11', hasVenv: false },
  });
  assert.match(
    reasonOf(outcome),
    /\(python3 is Python 3\.9; python3\.14 is Python 3\.15; python3\.11 \(Python 3\.11\) has no venv\)/,
  );
});

test('the first Python that fits is taken, wherever it stands', async () => {
  const old = { version: '3.8' };
  const { prepared, cache } = await prepareWith({
    python3: old,
    'python3.12': { version: '3.12' },
  });
  assert.deepEqual(prepared, {
    ok: true,
    python: join(environmentIn(cache, '3.12'), 'bin/python'),
  });
  const path = fakePythons({ mine: { version: '3.13' } });
  const hinted = await prepareWith({ python3: old }, { PYTHON: relative('', join(path, 'mine')) });
  assert.equal(hinted.prepared.ok, true);
});

test('a Python that was named and does not fit is not replaced by another one', async () => {
  const programs = { python3: { version: '3.12' } };
  const outcome = await prepareWith(programs, { RUN_EXPERIMENT_PYTHON: '/nowhere/python' });
  assert.match(reasonOf(outcome), /\(\/nowhere\/python cannot be started\)/);
});

test('an environment that Python cannot make is a reason, and nothing stays', async () => {
  const outcome = await prepareWith({
    python3: { version: '3.11', venvError: 'Error: ensurepip returned non-zero exit status 1' },
  });
  assert.match(
    reasonOf(outcome),
    /no Python environment could be made: Error: ensurepip.*python3-venv/,
  );
  assert.deepEqual(leftIn(outcome.cache), []);
});

test('without a network pip is asked once, and the reason says where to look', async () => {
  const text = `WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<HTTPSConnection>: Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/mlflow/
ERROR: Could not find a version that satisfies the requirement mlflow==3.17.2 (from versions: none)
ERROR: No matching distribution found for mlflow==3.17.2`;
  const outcome = await prepareWith({ python3: { version: '3.11', pipError: { text } } });
  assert.match(
    reasonOf(outcome),
    /no package index answered \(\[Errno -2\] Name or service not known\)\. Look at the network/,
  );
  assert.equal(outcome.pipCalls.length, 1);
  assert.deepEqual(leftIn(outcome.cache), []);
});

test('where a tested version has no wheel, the newest that fit are taken, and that is said', async () => {
  const pipError = { text: 'ERROR: ResolutionImpossible: for help visit', tested: true } as const;
  const { prepared, pipCalls, said } = await prepareWith({
    python3: { version: '3.10', pipError },
  });
  assert.equal(prepared.ok, true);
  assert.match(pipCalls[0] ?? '', /--constraint/);
  assert.doesNotMatch(pipCalls[1] ?? '', /--constraint/);
  assert.ok(said.some((line) => line.includes('others are taken')));
});

test("pip's own words are the reason of any other failure, without credentials", async () => {
  const text =
    'ERROR: 403 Client Error: Forbidden for url: https://me:secret@wheels.example/mlflow/';
  const outcome = await prepareWith({ python3: { version: '3.11', pipError: { text } } });
  assert.match(reasonOf(outcome), /403 Client Error: Forbidden for url: https:\/\/wheels\.example/);
  const full = 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left';
  const other = await prepareWith({ python3: { version: '3.11', pipError: { text: full } } });
  assert.match(reasonOf(other), /the disk is full$/);
});

test('a pip whose settings lead elsewhere is found out', async () => {
  const outcome = await prepareWith({ python3: { version: '3.11', pipMisses: true } });
  assert.match(reasonOf(outcome), /pip put MLflow elsewhere.*setting target or prefix/);
});

test('a cache that cannot be written is a reason', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'cache-')), 'file');
  writeFileSync(file, '');
  const outcome = await prepareWith(
    { python3: { version: '3.11' } },
    { RUN_EXPERIMENT_CACHE: join(file, 'cache') },
  );
  assert.match(reasonOf(outcome), /in the cache: ENOTDIR.*RUN_EXPERIMENT_CACHE may name another/);
});

test('while pip works, it is told how many packages and megabytes there are', async () => {
  const { prepared, said } = await prepareWith({ python3: { version: '3.11', pipTakes: 1300 } });
  assert.equal(prepared.ok, true);
  assert.match(said[0] ?? '', /^setting MLflow 3\.17\.2 up, once: about a minute/);
  assert.ok(
    said.includes('setting MLflow up: 2 of 87 packages found, 3 MB fetched'),
    said.join('\n'),
  );
  assert.ok(said.includes('setting MLflow up: 1 of 87 packages installed'), said.join('\n'));
});

test('what is interrupted ends pip and leaves nothing', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 700);
  const programs = { python3: { version: '3.11', pipTakes: 'forever' } } as const;
  const outcome = await prepareWith(programs, {}, stop.signal);
  assert.equal(reasonOf(outcome), 'interrupted while MLflow was set up');
  assert.deepEqual(leftIn(outcome.cache), []);
});

const script = `
  import { prepareMlflow } from '${new URL('../../src/track/server/environment.ts', import.meta.url).href}';
  console.log(JSON.stringify(await prepareMlflow((line) => console.error(line))));
`;

test('killed halfway and then asked twice at once, it is set up once and whole', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  const prepareBy = (python: FakePython) =>
    startScript(script, { PATH: fakePythons({ python3: python }), RUN_EXPERIMENT_CACHE: cache });
  const first = prepareBy({ version: '3.11', pipTakes: 'forever' });
  const folder = environmentIn(cache, '3.11');
  // As soon as pip has something in its hands.
  while (!existsSync(join(folder, 'tmp', 'numpy.whl'))) await first.tick();
  mkdirSync(join(folder, 'half-made'));
  first.child.kill('SIGKILL');
  await first.ended;
  const good = { version: '3.11', pipTakes: 300 };
  const both = [prepareBy(good), prepareBy(good)];
  const [one, other] = await Promise.all(both.map(({ ended }) => ended));
  assert.deepEqual(JSON.parse(one?.stdout ?? ''), { ok: true, python: join(folder, 'bin/python') });
  assert.equal(other?.stdout, one?.stdout);
  assert.equal(
    callsIn(cache).length,
    2,
    'pip ran for the one that was killed and for one of the two',
  );
  assert.ok(!existsSync(join(folder, 'half-made')));
});

test('doctor says whether MLflow is set up, will be, or cannot be', async () => {
  const env = {
    PATH: fakePythons({}),
    RUN_EXPERIMENT_CACHE: mkdtempSync(join(tmpdir(), 'cache-')),
  };
  const none = await withEnvironment(env, checkMlflow);
  assert.equal(none.ok, false);
  assert.match(none.remedy ?? '', /python3-venv/);
  const able = { ...env, PATH: fakePythons({ python3: { version: '3.12' } }) };
  const before = await withEnvironment(able, checkMlflow);
  assert.match(before.detail, /which the first run-experiment ui sets up with python3/);
  await withEnvironment(able, () => prepareMlflow(() => {}));
  assert.match((await withEnvironment(able, checkMlflow)).detail, /, set up$/);
});

test('an environment whose Python has gone is made anew', async () => {
  const env = {
    PATH: fakePythons({ python3: { version: '3.11' } }),
    RUN_EXPERIMENT_CACHE: mkdtempSync(join(tmpdir(), 'cache-')),
  };
  const first = await withEnvironment(env, () => prepareMlflow(() => {}));
  assert.ok(first.ok);
  rmSync(first.python);
  assert.deepEqual(await withEnvironment(env, () => prepareMlflow(() => {})), first);
  assert.ok(existsSync(first.python));
});

test('the real environment has MLflow in the version that is named', async () => {
  const prepared = await prepareMlflow((line) => process.stderr.write(`${line}\n`));
  assert.ok(prepared.ok, prepared.ok ? '' : prepared.reason);
  const code = 'from importlib.metadata import version; print(version("mlflow"))';
  const { stdout, stderr } = await runProgram(prepared.python, ['-c', code]);
  assert.equal(stdout.trim(), mlflowVersion, stderr);
});
