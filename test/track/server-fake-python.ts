/** @file A program that answers like Python, venv and pip as far as the set-up of MLflow asks, and fails on command. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakePython {
  readonly version: string;
  readonly hasVenv?: boolean;
  /** What venv writes to its standard error, and then fails. */
  readonly venvError?: string;
  /** The same for pip; `tested` fails only where it is given the tested versions. */
  readonly pipError?: { readonly text: string; readonly tested?: true };
  /** Milliseconds that pip takes to fetch and as many to install; `forever` for never. */
  readonly pipTakes?: number | 'forever';
  /** pip's settings lead it elsewhere. */
  readonly pipMisses?: boolean;
}

const program = `
const { appendFileSync, copyFileSync, mkdirSync } = require('node:fs');
const { dirname, join } = require('node:path');
const say = (text) => process.stdout.write(text + '\\n');
const fail = (text) => { process.stderr.write(text + '\\n'); process.exitCode = 1; };
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const [first, code, ...args] = process.argv.slice(2);
async function main() {
  if (first === '-I') return say(fake.version + (fake.hasVenv === false ? '' : ' venv'));
  // As the watch in front of the real one does: the end of the input is the end.
  process.stdin.on('end', () => process.exit(1)).resume();
  if (code.includes('"venv"')) return venv(args[0]);
  if (code.includes('"pip"')) return pip();
  fail('unexpected: ' + code);
}
function venv(folder) {
  if (fake.venvError) return fail(fake.venvError);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'lib', 'python' + fake.version, 'site-packages'), { recursive: true });
  copyFileSync(__filename, join(folder, 'bin', 'python'));
}
async function pip() {
  const folder = dirname(dirname(__filename));
  const site = join(folder, 'lib', 'python' + fake.version, 'site-packages');
  appendFileSync(join(dirname(folder), 'pip-calls'), args.join(' ') + '\\n');
  const { pipError } = fake;
  if (pipError && (!pipError.tested || args.includes('--constraint'))) return fail(pipError.text);
  say('Collecting mlflow==3.17.2\\n  Downloading mlflow-3.17.2-py3-none-any.whl (12.0 MB)');
  say('Collecting numpy<3 (from mlflow)');
  appendFileSync(join(process.env.TMPDIR, 'numpy.whl'), Buffer.alloc(3e6));
  if (fake.pipTakes === 'forever') await new Promise((done) => setInterval(done, 1e9));
  await wait(fake.pipTakes ?? 0);
  say('Installing collected packages: numpy, mlflow');
  if (!fake.pipMisses) mkdirSync(join(site, 'mlflow'));
  mkdirSync(join(site, 'numpy-2.4.6.dist-info'));
  await wait(fake.pipTakes ?? 0);
}
main().then(() => process.exit());
`;

/** A folder for PATH with these programs, by their names. */
export function fakePythons(programs: Readonly<Record<string, FakePython>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fake-python-'));
  for (const [name, fake] of Object.entries(programs)) {
    const path = join(folder, name);
    writeFileSync(path, `#!${process.execPath}\nconst fake = ${JSON.stringify(fake)};\n${program}`);
    chmodSync(path, 0o755);
  }
  return folder;
}
