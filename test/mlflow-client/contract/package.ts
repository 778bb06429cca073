/** @file The package by itself: packed, installed elsewhere, used from plain JavaScript. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { version } from '../../../src/mlflow-client-ts/index.ts';
import { freshName, type GetGround } from './ground.ts';

const root = resolve(import.meta.dirname, '../../..');
const source = join(root, 'src/mlflow-client-ts');

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Packs a copy, so that nothing is written among the sources; undici needs no registry. */
function install(folder: string): string {
  const [copy, consumer] = [join(folder, 'copy'), join(folder, 'consumer')];
  cpSync(source, copy, { recursive: true });
  cpSync(join(root, 'node_modules/undici'), join(folder, 'undici'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Built by hand: under `npm test` this repository's `ignore-scripts` holds for every npm below it.
  run('npm', ['run', '--silent', 'build'], copy);
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', '..'];
  const packed: unknown = JSON.parse(run('npm', pack, copy));
  const { filename } = Object(packed)[0];
  rmSync(join(folder, 'node_modules'));
  mkdirSync(consumer);
  const dependencies = { 'mlflow-client-ts': `file:../${filename}`, undici: 'file:../undici' };
  const overrides = { undici: '$undici' };
  const manifest = { private: true, type: 'module', dependencies, overrides };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  run('npm', ['install', '--offline', ...quiet], consumer);
  return consumer;
}

export function testPackage(getGround: GetGround): void {
  test('its version is the one that servers are told', () => {
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    assert.equal(manifest.version, version);
  });

  test('packed and installed elsewhere it works from plain JavaScript, and brings its types', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlflow-package-'));
    try {
      const consumer = install(folder);
      const readme = readFileSync(join(source, 'README.md'), 'utf8');
      const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
      const name = freshName('readme');
      const text = example
        .replace('http://127.0.0.1:5000', getGround().uri)
        .replaceAll('hospital', name.replace('/', '-'));
      writeFileSync(join(consumer, 'example.js'), text);
      const printed = run(process.execPath, ['example.js'], consumer);
      assert.match(printed, /^best validation\/loss 0\.25 of trial 2\n/);
      const typed = `import { createMlflowClient, type Run } from 'mlflow-client-ts';
        const run: Run = await createMlflowClient().runs.get('x');
        const loss: number | undefined = run.data.metrics.loss?.value;
        // @ts-expect-error
        run.info.nothing;`;
      writeFileSync(join(consumer, 'typed.ts'), typed);
      const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
      const how = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
      run(join(root, 'node_modules/.bin/tsc'), [...how, ...types, 'typed.ts'], consumer);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
