/**
 * @file An S3-compatible server for tests: moto's, a package of Python, set up once into the cache.
 * Of what npm has, s3rver rests on versions of its own dependencies that are years old.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { cacheDirectory, runProgram } from '../../src/engine/index.ts';

const version = '5.2.5';
const folder = join(cacheDirectory(), `moto-${version}`);
const server = join(folder, 'bin', 'moto_server');

/** Why there can be no server here; false where there can. */
export async function prepareS3(): Promise<string | false> {
  if (existsSync(server)) return false;
  const made = await runProgram('python3', ['-m', 'venv', folder]);
  const pip = join(folder, 'bin', 'pip');
  const got =
    made.status === 0
      ? await runProgram(pip, ['install', '-q', `moto[s3,server]==${version}`])
      : made;
  return got.status === 0 ? false : `moto cannot be installed: ${got.stderr.slice(-300)}`;
}

/** Sets the variables that the client reads; holds a bucket `experiments`. */
export async function startS3(): Promise<{ readonly uri: string; stop(): void }> {
  const child = spawn(server, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (text) => {
      log += text;
      const [, found] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(log) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(`moto_server ended:\n${log}`)));
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
  });
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'experiments' }));
  return { uri: 's3://experiments/data', stop: () => child.kill() };
}
