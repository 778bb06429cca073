/** @file What runs here, what is missing, and how to get it. Downloads nothing. */

import { findCompiler } from './compile-addon.ts';
import { loadInChild } from './load-in-child.ts';
import { addonIn, nativeFolder, tensorflowVersion, wheelHere } from './native-parts.ts';
import { isComplete, prepareEngine } from './prepare.ts';
import { runProgram } from './run-program.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do, where it is not ok. */
  readonly remedy: string | null;
}

const check = (name: string, ok: boolean, detail: string, remedy: string): Check => ({
  name,
  ok,
  detail,
  remedy: ok ? null : remedy,
});

/** All checks; the last one says which engine `auto` will take. */
export async function diagnose(): Promise<readonly Check[]> {
  const [python, compiler] = await Promise.all([checkPython(), checkCompiler()]);
  const wheel = checkWheel();
  const [addon, wasm] = [await checkAddon(), await checkWasm()];
  const isSetUp = isComplete(nativeFolder());
  const native = isSetUp ? addon.ok : python.ok && compiler.ok && wheel.ok;
  const engine = native
    ? `native TensorFlow ${tensorflowVersion}${isSetUp ? '' : ', which the first run sets up'}`
    : 'wasm (slower): native TensorFlow cannot run here, see above';
  const remedy = 'Follow the advice above; wasm trains the same specs meanwhile.';
  return [
    checkNode(),
    python,
    compiler,
    wheel,
    addon,
    wasm,
    check('Engine', native, engine, remedy),
  ];
}

function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  return check('Node', major >= 20, process.version, 'Install Node 20 or later.');
}

async function checkPython(): Promise<Check> {
  const { status, stdout } = await runProgram('python3', ['-m', 'pip', '--version']);
  const detail = status === 0 ? (stdout.match(/^pip [\d.]+/)?.[0] ?? 'pip') : 'not found';
  const remedy =
    'Install Python 3 with pip (Debian, Ubuntu: apt install python3-pip; macOS: brew install python).';
  return check('Python 3 with pip', status === 0, detail, remedy);
}

async function checkCompiler(): Promise<Check> {
  const compiler = await findCompiler();
  const remedy =
    'Install one (Debian, Ubuntu: apt install g++; macOS: xcode-select --install), or name it in CXX.';
  return check('C++ compiler', compiler !== undefined, compiler ?? 'not found', remedy);
}

function checkWheel(): Check {
  const wheel = wheelHere();
  const machine = `${process.platform} ${process.arch}`;
  const detail = wheel
    ? `${wheel.project} ${tensorflowVersion} for ${machine}`
    : `none for ${machine}`;
  return check(
    'TensorFlow wheel',
    wheel !== undefined,
    detail,
    'Native TensorFlow needs Linux, or macOS on ARM.',
  );
}

async function checkAddon(): Promise<Check> {
  const folder = nativeFolder();
  if (!isComplete(folder)) {
    const remedy = 'The first run sets it up, if the checks above are fine.';
    return check('Native addon', false, 'not set up yet', remedy);
  }
  const loaded = await loadInChild({
    name: 'native',
    family: '',
    addon: addonIn(folder),
    programs: null,
    note: null,
  });
  const remedy = `Remove ${folder}; the next run sets it up again.`;
  return check(
    'Native addon',
    loaded.ok,
    loaded.ok ? `loads from ${folder}` : loaded.reason,
    remedy,
  );
}

async function checkWasm(): Promise<Check> {
  const prepared = await prepareEngine('wasm', () => {});
  const loaded = prepared.ok ? await loadInChild(prepared.plan) : prepared;
  return check(
    'wasm engine',
    loaded.ok,
    loaded.ok ? 'loads' : loaded.reason,
    'Install the package again.',
  );
}
