/** @file Looks at the processes of a server: it leads a group of its own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** The living processes of the group. */
export const processesOf = (leader: number): readonly number[] =>
  execFileSync('ps', ['-A', '-o', 'pgid=,pid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([group, , state]) => Number(group) === leader && !state?.startsWith('Z'))
    .map(([, pid]) => Number(pid));

/** The groups whose leader this process started to serve MLflow. */
export const serversOf = (starter: number): readonly number[] =>
  execFileSync('ps', ['-A', '-ww', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('mlflow.server'))
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([parent, pid = 0]) => (parent === starter ? [pid] : []));

/** Waits until no process of the group lives. */
export async function assertGone(leader: number): Promise<void> {
  for (let tries = 0; processesOf(leader).length > 0; tries++) {
    assert.ok(tries < 60, 'a process of the server is left behind');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
