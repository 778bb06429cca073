/** @file `npm run bench`: measures what we claim, beside its peers, in one run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, BenchCase } from './bench.ts';
import { engines } from './cases/engines.ts';
import { grid } from './cases/grid.ts';
import { matmul } from './cases/matmul.ts';
import { memory } from './cases/memory.ts';
import { mlflow } from './cases/mlflow.ts';
import { start } from './cases/start.ts';
import { steps } from './cases/steps.ts';
import { stream } from './cases/stream.ts';
import { threads } from './cases/threads.ts';
import { trials } from './cases/trials.ts';
import { describeMachine, machineText } from './machine.ts';
import { findPeers, installPeers } from './peers.ts';
import { fullSizes, smallSizes } from './sizes.ts';

/** Each with the Python modules that its peers need. */
const cases: Readonly<Record<string, { readonly measure: BenchCase; readonly needs: string[] }>> = {
  steps: { measure: steps, needs: ['tensorflow', 'keras', 'jax'] },
  grid: { measure: grid, needs: ['tensorflow', 'keras', 'pandas', 'keras_tuner', 'ray'] },
  trials: { measure: trials, needs: ['tensorflow', 'keras', 'pandas', 'optuna'] },
  stream: { measure: stream, needs: [] },
  start: { measure: start, needs: [] },
  memory: { measure: memory, needs: [] },
  mlflow: { measure: mlflow, needs: [] },
  matmul: { measure: matmul, needs: [] },
  threads: { measure: threads, needs: [] },
  engines: { measure: engines, needs: [] },
};

const usage = `npm run bench -- [case…] [options]
cases: ${Object.keys(cases).join(' ')} (default: all)
  --install          make the peers' Python environment first; without a case, do nothing else
  --rounds N         rounds of every case (default 3)
  --only TEXT        peers whose name contains it; may be repeated
  --json FILE        write every figure
  --optuna-trials N  trials that Optuna trains, the rest is scaled up (default 20)
  --folder DIR       keep the tables there instead of in a temporary folder
  --small            sizes that show that it runs; its figures are no claim`;

const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (text: string) => process.stdout.write(`${text}\n\n`);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        install: { type: 'boolean', default: false },
        small: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '3' },
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        folder: { type: 'string' },
        'optuna-trials': { type: 'string', default: '20' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fail(error.message);
  }
}

function fail(message: string): never {
  say(`bench: ${message}\n${usage}`);
  process.exit(2);
}

const { values, positionals } = readArguments();
const unknown = positionals.find((name) => !(name in cases));
if (unknown !== undefined) fail(`there is no case "${unknown}"`);
const count = (text: string, option: string) =>
  /^[1-9]\d*$/.test(text) ? Number(text) : fail(`${option} takes a whole number, got "${text}"`);
const rounds = count(values.rounds, '--rounds');
const optunaTrials = count(values['optuna-trials'], '--optuna-trials');
if (values.install) {
  const isInstalled = await installPeers(say);
  if (!isInstalled || positionals.length === 0) process.exit(isInstalled ? 0 : 1);
}

const chosen = Object.entries(cases).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
const folder = values.folder
  ? resolve(values.folder)
  : mkdtempSync(join(tmpdir(), 'experiment-bench-'));
mkdirSync(folder, { recursive: true });
if (!values.folder) process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
// Ctrl-C reaches the contestants too; the folder is removed on the way out.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const peers = await findPeers([...new Set(chosen.flatMap(([, { needs }]) => needs))]);
const machine = describeMachine(peers.versions);
print(machineText(machine));
if (values.small) print('--small: these sizes only show that it runs; no figure below is a claim');
const bench: Bench = {
  ...{ folder, rounds, peers, optunaTrials, say, print },
  sizes: values.small ? smallSizes : fullSizes,
  wants: (name) => values.only.length === 0 || values.only.some((part) => name.includes(part)),
};
const results: Record<string, unknown> = {};
for (const [name, { measure }] of chosen) {
  results[name] = await measure(bench);
  if (values.json) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine, rounds, small: values.small, results }, null, 2)}\n`,
    );
  }
}
