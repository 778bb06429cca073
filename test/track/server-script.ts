/** @file Runs a piece of TypeScript in a process of its own, which a test may kill. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface StartedScript {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** The first line that it writes. */
  readonly firstLine: Promise<string>;
  /** Lets some time pass; throws if it has ended meanwhile. */
  tick(): Promise<void>;
}

export function startScript(script: string, env: NodeJS.ProcessEnv = {}): StartedScript {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      stdout += text;
      const end = stdout.indexOf('\n');
      if (end >= 0) resolve(stdout.slice(0, end));
    });
    child.once('close', () => reject(new Error(`it ended without a line: ${stderr}`)));
  });
  firstLine.catch(() => {}); // Not everybody waits for it.
  const ended = new Promise<{ stdout: string; stderr: string }>((resolve) => {
    child.once('close', () => resolve({ stdout, stderr }));
  });
  const tick = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (child.exitCode !== null) throw new Error(`it has ended: ${stderr}`);
  };
  return { child, ended, firstLine, tick };
}
