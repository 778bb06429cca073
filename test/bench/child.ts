/** @file Runs a contestant in a process of its own, and tells when it printed its last line. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname ?? '', '..', '..');

export interface ChildRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called ten times a second while it runs. */
  readonly watch?: (pid: number) => void;
}

export interface ChildResult {
  readonly ok: true;
  readonly stdout: string;
  /** From its start to the last thing that it printed: what comes after is of no use to anyone. */
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly beganAt: number;
}
export interface Failure {
  readonly ok: false;
  readonly reason: string;
}

const watchMilliseconds = 100;

/** Never throws: what goes wrong is a reason. */
export function runChild({ program, args, env, watch }: ChildRequest) {
  return new Promise<ChildResult | Failure>((done) => {
    const [beganAt, begin] = [Date.now(), performance.now()];
    let [stdout, stderr, seconds] = ['', '', 0];
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (text) => {
      stdout += text;
      seconds = (performance.now() - begin) / 1000;
    });
    child.stderr.on('data', (text) => {
      stderr = (stderr + text).slice(-10_000);
    });
    const timer = setInterval(() => {
      if (watch && child.pid !== undefined) watch(child.pid);
    }, watchMilliseconds);
    // A contestant does not outlive the benchmark.
    const kill = () => child.kill();
    process.once('exit', kill);
    const end = (reason: string | null) => {
      clearInterval(timer);
      process.off('exit', kill);
      done(reason === null ? { ok: true, stdout, seconds, beganAt } : { ok: false, reason });
    };
    child.once('error', ({ message }) => end(message));
    child.once('close', (status, signal) =>
      end(status === 0 ? null : (causeIn(stderr) ?? `it ended with ${signal ?? status}`)),
    );
  });
}

/** What a Python traceback ends with, and what a stack of Node begins with; else the last line. */
function causeIn(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n');
  const named = lines.findLast((line) => /^(\w+\.)*\w*Error\b|^run-experiment:/.test(line.trim()));
  return (named ?? lines.at(-1))?.trim() || undefined;
}

/** A TypeScript file beside this one. */
export const script = (file: string, ...args: readonly (string | number)[]): ChildRequest => ({
  program: process.execPath,
  args: ['--import', 'tsx', join(import.meta.dirname ?? '', file), ...args.map(String)],
});

/** The product, as a user starts it. */
export const runExperiment = (...args: readonly string[]): ChildRequest => ({
  program: process.execPath,
  args: [join(root, 'bin', 'run-experiment.js'), ...args],
});

/** The figures that a script prints as its last line of JSON. */
export function figuresOf(stdout: string): Readonly<Record<string, unknown>> {
  const lines = stdout.split('\n');
  return JSON.parse(lines.findLast((line) => line.startsWith('{')) ?? '{}');
}
