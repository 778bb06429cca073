import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { useData, usersIn } from '../../src/data/places/data-users.ts';
import { clearFetched, fetchedData } from '../../src/data/places/worker-data.ts';
import { run, smallExperiment } from '../end-to-end/small-experiment.ts';

const dead = 4194303; // Above every process number in use.
const nameOf = (sign: string) => `${sign.repeat(32)}-${sign.repeat(16)}`;
const [used, unused, elsewhere] = ['a', 'b', 'c'].map(nameOf) as [string, string, string];
const half = `${unused}.${dead}-0123abcd.staging`;

/** Data that this process uses, data of nobody, data of another machine, and half of some. */
function cacheOfWorkers(): string {
  const cache = mkdtempSync(join(tmpdir(), 'worker-data-'));
  for (const [folder, bytes] of Object.entries({
    [used]: 1000,
    [unused]: 3000,
    [elsewhere]: 2000,
    [half]: 50,
  })) {
    mkdirSync(join(cache, folder));
    writeFileSync(join(cache, folder, 'train.rows'), Buffer.alloc(bytes));
  }
  useData(join(cache, used));
  const [own] = usersIn(cache);
  assert.ok(own);
  writeFileSync(
    own.path.replace(used, unused).replace(String(process.pid), String(dead)),
    `${dead} `,
  );
  writeFileSync(join(cache, `${elsewhere}.another-machine.12.user`), '12 ');
  mkdirSync(join(cache, 'photographs'));
  return cache;
}

const mine = `process ${process.pid}`;

test('fetched data are told with their size and with the workers that use them', () => {
  assert.deepEqual(fetchedData(cacheOfWorkers()), [
    { folder: unused, bytes: 3000, users: [], isHalf: false },
    { folder: elsewhere, bytes: 2000, users: ['process 12 on another-machine'], isHalf: false },
    { folder: used, bytes: 1000, users: [mine], isHalf: false },
    { folder: half, bytes: 50, users: [], isHalf: true },
  ]);
  assert.deepEqual(fetchedData(join(tmpdir(), 'nowhere')), []);
});

test('a worker of another machine that has not shown itself for a day is taken to be gone', () => {
  const cache = cacheOfWorkers();
  const before = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(cache, `${elsewhere}.another-machine.12.user`), before, before);
  const [, found] = fetchedData(cache);
  assert.deepEqual(found?.users, []);
});

test('what a worker begins to use while it is cleared stays', () => {
  const cache = cacheOfWorkers();
  const all = fetchedData(cache).filter(({ users }) => users.length === 0);
  useData(join(cache, unused));
  assert.deepEqual(clearFetched(cache, all), []);
  assert.ok(existsSync(join(cache, unused, 'train.rows')));
});

test('gc says what fetched data cost, removes halves, and the rest only where it is asked to', async () => {
  const folder = smallExperiment();
  const cache = cacheOfWorkers();
  const gc = async (...options: readonly string[]) => {
    const { status, stdout, stderr } = await run(folder, 'gc', '--cache', cache, ...options);
    assert.equal(status, 0, stderr);
    return stdout.trim().split('\n');
  };
  const title = `data that workers fetched (${cache}): 6.05 kB`;
  const inUse = `  in use: 3 kB, by process 12 on another-machine, ${mine}`;
  const more = '  no running worker uses 3 kB of it: gc --worker-data removes them';
  const halfReason = 'half fetched by a worker that is gone';
  assert.deepEqual(await gc('--dry-run'), [
    title,
    inUse,
    `  would free 50 bytes: ${halfReason}`,
    more,
  ]);
  assert.deepEqual(await gc('--dry-run', '--worker-data'), [
    title,
    inUse,
    '  would free 3 kB: data that no running worker uses',
    `  would free 50 bytes: ${halfReason}`,
  ]);
  assert.ok(existsSync(join(cache, half)), 'a dry run removes nothing');
  assert.deepEqual(await gc(), [title, inUse, `  freed 50 bytes: ${halfReason}`, more]);
  const { runs, workerData } = JSON.parse((await gc('--worker-data', '--json')).join(''));
  assert.deepEqual(runs, []);
  assert.equal(workerData.freed, 3000);
  assert.deepEqual(
    fetchedData(cache).map((each) => each.folder),
    [elsewhere, used],
  );
  assert.ok(existsSync(join(cache, 'photographs')), 'nothing else is touched');
  assert.deepEqual(
    usersIn(cache).map(({ isGone }) => isGone),
    [false, false],
    'nor is who is gone remembered',
  );
});

test('gc of a run says nothing of fetched data unless it is asked to, and gc of nothing says so', async () => {
  const folder = smallExperiment();
  const empty = mkdtempSync(join(tmpdir(), 'worker-data-'));
  const nothing = await run(folder, 'gc', '--cache', empty);
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /there is no run/);
});
