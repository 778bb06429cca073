/** @file Bundles src/ into a few JavaScript files: they load four times faster than 300 sources do. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each is started from: the command, the library, a worker, the sender of runs, the trial of an engine. */
const entries = {
  cli: 'src/cli.ts',
  index: 'src/index.ts',
  worker: 'src/execute/worker.ts',
  tracker: 'src/track/tracker.ts',
  load: 'src/engine/load.ts',
};
/** Left where they are: large, or with native parts. */
const required = ['@tensorflow/tfjs', '@duckdb/node-api', 'echarts'];

/** Writes cli.js, index.js, worker.js, load.js and what they share. */
export async function bundle(folder) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: '[name]-[hash]',
    // CommonJS parts of dependencies, and those that are required below.
    banner: {
      js: "import { createRequire as banner_ } from 'node:module'; const require = banner_(import.meta.url);",
    },
    external: ['@tensorflow/*', '@duckdb/*', '@mapbox/*', 'tsx'],
    plugins: [requiring],
    logLevel: 'error',
  });
}

/**
 * Imports of CommonJS packages become `require`: Node reads such a file twice when it is imported,
 * once for the names of its exports, which takes half a second for tfjs.
 */
const requiring = {
  name: 'requiring',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path, namespace, kind }) =>
      required.includes(path) && namespace !== 'required' && kind !== 'require-call'
        ? { path, namespace: 'required' }
        : undefined,
    );
    onResolve({ filter: /.*/, namespace: 'required' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }));
  },
};

/**
 * The bundle of the sources as they are now, from the cache or made; laid out like an installed
 * package, so that everything is found from it as from there. undefined where nothing can be kept.
 */
export async function cachedBundle() {
  const checkout = join(cacheDirectory(), 'bundles', digest([root]));
  const folder = join(checkout, digest(sources().map(fingerprint)));
  const dist = join(folder, 'dist');
  if (existsSync(dist)) return dist;
  const staging = `${folder}.staging-${process.pid}`;
  try {
    mkdirSync(staging, { recursive: true });
    removeOld(checkout);
    for (const name of ['package.json', 'schemas', 'node_modules']) {
      symlinkSync(join(root, name), join(staging, name));
    }
  } catch (error) {
    if (['EACCES', 'EROFS', 'ENOSPC', 'EPERM'].includes(error.code)) return undefined;
    throw error;
  }
  await bundle(join(staging, 'dist'));
  try {
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(dist)) throw error; // Another process was faster.
  }
  return dist;
}

/** As in src/engine/cache-directory.ts, which is not there yet when its bundle is made. */
function cacheDirectory() {
  const { RUN_EXPERIMENT_CACHE, XDG_CACHE_HOME } = process.env;
  if (RUN_EXPERIMENT_CACHE) return RUN_EXPERIMENT_CACHE;
  const caches = process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  return join(XDG_CACHE_HOME || join(homedir(), ...caches), 'run-experiment');
}

const hour = 3_600_000;

/** Bundles of older sources, unless a run may still start workers from them. */
function removeOld(checkout) {
  for (const name of readdirSync(checkout)) {
    const path = join(checkout, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > 24 * hour) rmSync(path, { recursive: true, force: true });
  }
}

const sources = () => [
  'package-lock.json',
  'scripts/bundle.js',
  ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join('src', name)),
];

function fingerprint(name) {
  const { size, mtimeMs } = statSync(join(root, name));
  return [name, size, mtimeMs];
}

const digest = (value) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

// `node scripts/bundle.js FOLDER`
if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.argv[2] ?? 'dist');
