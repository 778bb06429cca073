/** @file What the record keeps about the machine and the code that made a run. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The package's own version. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const version: unknown = Object(manifest).version;
  return typeof version === 'string' ? version : 'unknown';
}

/** Versions and, where the spec lies in a git checkout, its commit. No names, no paths. */
export function environmentFacts(directory: string): Readonly<Record<string, string>> {
  const git = spawnSync('git', ['-C', directory, 'rev-parse', 'HEAD'], { encoding: 'utf8' });
  const facts: Record<string, string> = {
    version: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  if (git.status === 0) facts.gitCommit = git.stdout.trim();
  return facts;
}
