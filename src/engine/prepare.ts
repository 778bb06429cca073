/** @file The runner's side: fills the cache once, decides which engine trains. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { compileAddon, findCompiler } from './compile-addon.ts';
import type { Attempt, EnginePlan, EngineRequest } from './engine-plan.ts';
import { fetchWheel, unpackWheel } from './fetch-wheel.ts';
import {
  addonIn,
  librariesIn,
  nativeFolder,
  packageFolder,
  tensorflowVersion,
  type Wheel,
  wheelHere,
} from './native-parts.ts';
import { waitForLock } from './process-lock.ts';
import { openProgramCache } from './program-cache.ts';
import { runProgram } from './run-program.ts';

/**
 * Decides on the engine and fills the cache if need be; loads no TensorFlow into this process.
 * `auto` falls back to wasm with a note; what was asked for by name and is impossible is a reason.
 */
export async function prepareEngine(
  request: EngineRequest,
  report: (line: string) => void,
): Promise<Attempt<{ plan: EnginePlan }>> {
  if (request === 'wasm') return { ok: true, plan: wasmPlan(null) };
  const native = await prepareNative(report);
  if (native.ok) {
    const programs = request === 'auto' || request === 'native' ? null : request;
    // What was asked for changes the last bits: such trials are other ones.
    const family = [`tensorflow-${tensorflowVersion}`, programs ?? []].flat().join('-');
    const { addon } = native;
    openProgramCache();
    return { ok: true, plan: { name: 'native', family, addon, programs, note: null } };
  }
  if (request !== 'auto') return native;
  const note = `native TensorFlow cannot run here (${native.reason}), so the slower wasm engine trains; run-experiment doctor says what to do`;
  return { ok: true, plan: wasmPlan(note) };
}

function wasmPlan(note: string | null): EnginePlan {
  return { name: 'wasm', family: `tfjs-wasm-${wasmVersion()}`, addon: null, programs: null, note };
}

/** The version in the name of wasm's folder, read without loading it. */
function wasmVersion(): string {
  const manifest = join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'package.json');
  return String(JSON.parse(readFileSync(manifest, 'utf8')).version);
}

async function prepareNative(report: (line: string) => void): Promise<Attempt<{ addon: string }>> {
  const folder = nativeFolder();
  if (isComplete(folder)) return { ok: true, addon: addonIn(folder) };
  const needs = await findNeeds();
  if (!needs.ok) return needs;
  mkdirSync(dirname(folder), { recursive: true });
  const release = await waitForLock(`${folder}.lock`, (holder) =>
    report(`waiting for process ${holder}, which is setting TensorFlow up`),
  );
  try {
    // Another process may have finished it while this one waited.
    if (isComplete(folder)) return { ok: true, addon: addonIn(folder) };
    removeLeftovers(folder);
    return await build(folder, needs, report);
  } finally {
    release();
  }
}

/** The last file to be written: without it a folder does not count. */
const marker = (folder: string) => join(folder, 'complete');
export const isComplete = (folder: string) => existsSync(marker(folder));

/** Everything that is needed, looked for before 270 MB are fetched. */
async function findNeeds(): Promise<Attempt<{ wheel: Wheel; compiler: string }>> {
  const wheel = wheelHere();
  if (!wheel) {
    return { ok: false, reason: `there is no wheel for ${process.platform} on ${process.arch}` };
  }
  const pip = await runProgram('python3', ['-m', 'pip', '--version']);
  if (pip.status !== 0) return { ok: false, reason: 'Python 3 with pip is missing' };
  const compiler = await findCompiler();
  if (!compiler) return { ok: false, reason: 'a C++ compiler is missing' };
  return { ok: true, wheel, compiler };
}

/** What a process that was killed left behind; only the holder of the lock may remove it. */
function removeLeftovers(folder: string): void {
  const parent = dirname(folder);
  const prefix = `${folder.slice(parent.length + 1)}.staging-`;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

async function build(
  folder: string,
  { wheel, compiler }: { wheel: Wheel; compiler: string },
  report: (line: string) => void,
): Promise<Attempt<{ addon: string }>> {
  const staging = `${folder}.staging-${process.pid}`;
  const product = join(staging, 'product');
  try {
    report(
      `setting up TensorFlow ${tensorflowVersion}, once: about a minute and 800 MB in ${folder}`,
    );
    const fetched = await fetchWheel(wheel, staging, report);
    if (!fetched.ok) return fetched;
    report('unpacking TensorFlow');
    const headers = join(staging, 'headers');
    const unpacked = await unpackWheel(wheel, fetched.path, librariesIn(product), headers);
    if (!unpacked.ok) return unpacked;
    report('compiling its addon for Node');
    const paths = { libraries: librariesIn(product), headers, addon: addonIn(product) };
    const compiled = await compileAddon(compiler, wheel, paths);
    if (!compiled.ok) return compiled;
    writeFileSync(marker(product), `${wheel.sha256}\n`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(product, folder);
    return { ok: true, addon: addonIn(folder) };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
