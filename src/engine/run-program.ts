/** @file Runs a program without a shell and gives back how it ended. */
import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** null when it could not be started or was stopped. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds; then it is stopped. */
  readonly timeout?: number;
  /** Told each piece of its standard output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Called twice a second while it runs; answers whether to go on. */
  readonly whileRunning?: () => boolean;
}

/** Never throws: a program that does not exist has the status null and a stderr that says so. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env = process.env, timeout, onOutput, whileRunning }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
      onOutput?.(String(text));
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const timer = setInterval(() => {
      if (whileRunning && !whileRunning()) child.kill('SIGKILL');
    }, 500);
    const end = (status: number | null, message = '') => {
      clearInterval(timer);
      resolve({ status, stdout, stderr: stderr + message });
    };
    child.once('error', (error) => end(null, error.message));
    child.once('close', (status) => end(status));
  });
}

/** The last lines of a program's messages, for a reason in one line. */
export const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';
