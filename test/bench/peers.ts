/** @file The peers' own Python environment: where it is, how it is made, what of it works. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../src/engine/index.ts';
import { runProgram } from '../../src/engine/run-program.ts';
import { type ChildRequest, figuresOf, runChild } from './child.ts';

const folderOfPeers = join(import.meta.dirname ?? '', 'peers');
const requirements = join(folderOfPeers, 'requirements.txt');

/** Other requirements are another environment. */
function environmentFolder(): string {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  return join(cacheDirectory(), `bench-peers-${hash.slice(0, 12)}`);
}
const marker = (folder: string) => join(folder, 'complete');
const pythonIn = (folder: string) => join(folder, 'bin', 'python');

/** About 2 GB and some minutes; what is there already stays. Answers whether it is there now. */
export async function installPeers(say: (line: string) => void): Promise<boolean> {
  const folder = environmentFolder();
  if (existsSync(marker(folder))) {
    say(`the peers are installed in ${folder}`);
    return true;
  }
  rmSync(folder, { recursive: true, force: true });
  say(`installing the peers into ${folder}`);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements];
  const isMade =
    (await showing('python3', ['-m', 'venv', folder])) && (await showing(pythonIn(folder), pip));
  if (isMade) writeFileSync(marker(folder), `${new Date().toISOString()}\n`);
  else say('the peers could not be installed');
  return isMade;
}

/** Its output goes to stderr. */
const showing = (program: string, args: readonly string[]) =>
  new Promise<boolean>((done) => {
    const child = spawn(program, args, { stdio: ['ignore', 2, 2] });
    child.once('error', () => done(false));
    child.once('close', (status) => done(status === 0));
  });

export interface Peers {
  /** By module; those that import here. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why a script that needs these modules cannot run; undefined where it can. */
  lacking(modules: readonly string[]): string | undefined;
  /** A script of `peers/`. */
  script(file: string, ...args: readonly (string | number)[]): ChildRequest;
}

/** Imports each module once, which also warms the disk's cache. */
export async function findPeers(modules: readonly string[]): Promise<Peers> {
  const folder = environmentFolder();
  const python = pythonIn(folder);
  const script = (file: string, ...args: readonly (string | number)[]) => ({
    program: python,
    args: [join(folderOfPeers, file), ...args.map(String)],
    // Nothing of theirs is left beside the scripts; the packages were compiled when installed.
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (!existsSync(marker(folder))) {
    const reason = 'the peers are not installed (npm run bench -- --install)';
    return { versions: {}, lacking: () => reason, script };
  }
  const found = await runChild(script('versions.py', ...modules));
  const answers = (found.ok ? figuresOf(found.stdout) : {}) as Readonly<
    Record<string, { ok: boolean; text: string } | undefined>
  >;
  const { stdout: version } = await runProgram(python, ['--version']);
  const works = Object.entries(answers).flatMap(([name, answer]) =>
    answer?.ok ? [[name, answer.text]] : [],
  );
  return {
    versions: { python: version.replace('Python', '').trim(), ...Object.fromEntries(works) },
    script,
    lacking: (needed) => {
      if (!found.ok) return `its Python does not run (${found.reason})`;
      const broken = needed.find((name) => !answers[name]?.ok);
      return broken && `${broken} does not import (${answers[broken]?.text ?? 'not tried'})`;
    },
  };
}
