/** @file A small experiment on made-up data, run through the real command in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rng } from '../../src/plan/random.ts';

export const command = resolve(import.meta.dirname ?? '', '../../bin/run-experiment.js');

/** 400 patients: `ill` follows x1, `days` follows x1 and x2; every fifth has no label `ill`. */
function table(): string {
  const { next } = rng(1, 'patients');
  const rows = Array.from({ length: 400 }, (_, row) => {
    const [x1, x2] = [next() * 2 - 1, next() * 2 - 1];
    const ill = row % 5 === 0 ? '' : Number(x1 + 0.3 * (next() - 0.5) > 0);
    return [x1, x2, next() < 0.5 ? 'a' : 'b', ill, 3 + 2 * x1 + x2 + 0.2 * next()].join(',');
  });
  return ['x1,x2,ward,ill,days', ...rows].join('\n');
}

export const smallSpec = `# Does illness help to predict the length of a stay?
experiment: small
seed: 3
data:
  source: patients.csv
  split: { train: 0.6, validation: 0.2, test: 0.2 }
  features:
    - { columns: [x1, x2], type: number }
    - { columns: ward, type: category }
shared:
  layers:
    - dense: { units: 8, activation: relu }
    - dropout: 0.1
heads:
  ill: { target: ill, type: binary, metrics: [auc] }
  days: { target: days, type: regression, transform: standardize, metrics: [mae] }
training: { epochs: 6, batchSize: 32, optimizer: { adam: { learningRate: 0.01 } } }
sweep:
  parameters:
    training.optimizer.adam.learningRate: [0.003, 0.03]
  replicates: 2
baselines: singleTask
`;

/** A fresh folder with the table and the spec. */
export function smallExperiment(spec = smallSpec): string {
  const folder = mkdtempSync(join(tmpdir(), 'experiment-'));
  writeFileSync(join(folder, 'patients.csv'), table());
  writeFileSync(join(folder, 'small.yaml'), spec);
  return folder;
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const finished = new Promise<Finished>((done) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (text) => {
      stdout += text;
    });
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    child.on('close', (status) => done({ status, stdout, stderr }));
  });
  return { child, finished };
}

/** Runs the command to its end. */
export const run = (folder: string, ...args: readonly string[]) => start(folder, args).finished;
