/** @file Processes that belong to a command, and files that come into being. */
import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** The workers of a runner, as the system lists them now. */
export function workersOf(runner: number | undefined): readonly number[] {
  return processes()
    .filter(({ parent, command }) => parent === runner && /\/worker\.[jt]s/.test(command))
    .map(({ pid }) => pid);
}

/** Of these, those that live. */
export const living = (pids: readonly number[]): readonly number[] => {
  const alive = new Set(processes().map(({ pid }) => pid));
  return pids.filter((pid) => alive.has(pid));
};

function processes() {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args=']).toString().split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, state, command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** Resolves with the first value that there is; asks a hundred times a second, a minute long. */
export async function soon<Value>(look: () => Value | undefined | false): Promise<Value> {
  for (let round = 0; round < 6000; round++) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await wait(10);
  }
  throw new Error(`in a minute, nothing came of ${look}`);
}

/** Null where the process was killed, as most of those that read this wish. */
export async function killAfter(
  { child, finished }: { child: { kill(signal: 'SIGKILL'): boolean }; finished: Promise<Ended> },
  milliseconds: number,
): Promise<Ended> {
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const ended = await finished;
  clearTimeout(timer);
  return ended;
}
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
