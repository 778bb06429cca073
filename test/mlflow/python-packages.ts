/** @file Python packages that only the tests' servers need, beside MLflow's environment, in the cache. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, runProgram, waitForLock } from '../../src/engine/index.ts';

/** For PostgreSQL, which users bring themselves. */
export const postgresDriver = ['psycopg==3.3.9', 'psycopg-binary==3.3.9'];
/** For `mlflow server --app-name basic-auth`; what it needs besides comes with MLflow. */
export const authPackages = ['flask-wtf==1.3.0', 'wtforms==3.3.2'];

/** A folder for PYTHONPATH with these packages and nothing else, made at the first use. */
export async function packageFolder(python: string, packages: readonly string[]): Promise<string> {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const { stdout } = await runProgram(python, ['-c', script]);
  const name = packages[0]?.replace('==', '-');
  const folder = join(cacheDirectory(), `test-${name}-python-${stdout.trim()}`);
  const marker = join(folder, 'complete');
  mkdirSync(cacheDirectory(), { recursive: true });
  const release = await waitForLock(`${folder}.lock`, () => {});
  try {
    if (existsSync(marker)) return folder;
    rmSync(folder, { recursive: true, force: true });
    const pip = ['-m', 'pip', 'install', '-q', '--only-binary=:all:', '--no-deps'];
    const { status, stderr } = await runProgram(python, [
      ...[...pip, '--target', folder, ...packages],
    ]);
    if (status !== 0) throw new Error(stderr);
    writeFileSync(marker, '');
    return folder;
  } finally {
    release();
  }
}
