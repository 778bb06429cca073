// Runs every test file with node's own runner; Node 20 has no globs of its own for it.
// `npm test -- data` runs only the files whose path contains "data".
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const wanted = process.argv.slice(2);
const files = readdirSync('test', { recursive: true })
  .map((name) => join('test', String(name)))
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();
const concurrency = availableParallelism();
const { status } = spawnSync(
  process.execPath,
  [
    ...['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`],
    ...['--test-timeout=900000', ...files],
  ],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
