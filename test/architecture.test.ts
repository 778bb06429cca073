import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname ?? '', '..');
const source = join(root, 'src');
const order = [
  'mlflow-client-ts',
  'engine',
  'spec',
  'plan',
  'data',
  'model',
  'step',
  'compile',
  'execute',
  'record',
  'report',
  'track',
];
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(source, name));

/** Everything that a file imports: `from '…'`, `import('…')`, `require('…')`. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*|\.resolve\s*\(\s*)['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map(([, specifier = '']) => specifier);
}
const folderOf = (path: string) => relative(source, path).split('/')[0] ?? '';

test('a folder imports from itself and from folders to its left only', () => {
  const wrong = files.flatMap((file) => {
    const place = order.indexOf(folderOf(file));
    if (place < 0) return [];
    return importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => resolve(dirname(file), specifier))
      .filter((target) => {
        const targetPlace = order.indexOf(folderOf(target));
        return targetPlace < 0 || targetPlace > place;
      })
      .map((target) => `${relative(root, file)} imports ${relative(root, target)}`);
  });
  assert.deepEqual(wrong, []);
});

test('only engine/ knows tfjs-node and the wasm backend', () => {
  const backends = [
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-backend-wasm',
    '@mapbox/node-pre-gyp',
  ];
  const wrong = files
    .filter((file) => folderOf(file) !== 'engine')
    .filter((file) =>
      importsOf(file).some((each) => backends.some((name) => each.startsWith(name))),
    )
    .map((file) => relative(root, file));
  assert.deepEqual(wrong, []);
});

test('the MLflow client imports nothing from the rest', () => {
  const wrong = files
    .filter((file) => folderOf(file) === 'mlflow-client-ts')
    .filter((file) =>
      importsOf(file).some(
        (each) =>
          each.startsWith('.') && folderOf(resolve(dirname(file), each)) !== 'mlflow-client-ts',
      ),
    );
  assert.deepEqual(wrong, []);
});

test('specs are checked without loading a backend or TensorFlow', () => {
  const wrong = files
    .filter((file) => ['spec', 'plan', 'data', 'report'].includes(folderOf(file)))
    .filter((file) => importsOf(file).some((each) => each.startsWith('@tensorflow/')));
  assert.deepEqual(
    wrong.map((file) => relative(root, file)),
    [],
  );
});

test('a file has at most 400 lines', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
  assert.deepEqual(
    long.map((file) => relative(root, file)),
    [],
  );
});
