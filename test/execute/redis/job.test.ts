import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../../src/catalog.ts';
import { dataName } from '../../../src/data/index.ts';
import { readAddress } from '../../../src/execute/redis/address.ts';
import { type QueuedJob, readJob, readPlace, toQueued } from '../../../src/execute/redis/job.ts';
import { queueName } from '../../../src/execute/redis/keys.ts';
import { bytesOf, fromWire, readEvents, toWire } from '../../../src/execute/redis/wire-event.ts';
import type { TrialEvent } from '../../../src/execute/trial-event.ts';
import { withoutCredentials } from '../../../src/spec/index.ts';
import { smallFolder, smallJobs } from '../small-jobs.ts';

const { jobs } = await smallJobs(smallFolder());
const place = { run: '0123456789abcdef', session: 'fedcba9876543210', number: 1, round: 1 };
const queuedAt = (index: number): QueuedJob => {
  const job = jobs[index];
  assert.ok(job);
  return toQueued(job, place, dataName(job.data), 'small');
};
const queued = queuedAt(0);

test('every trial of a sweep goes through the queue’s JSON unchanged, but for its paths', () => {
  assert.equal(jobs.length, 12);
  for (const [index, { trial, threads, engine }] of jobs.entries()) {
    const read = readJob(JSON.parse(JSON.stringify(queuedAt(index))), catalog);
    assert.ok(read.ok, read.ok ? '' : read.reason);
    assert.deepEqual(read.accepted.job.trial, trial);
    assert.deepEqual([read.accepted.job.threads, read.accepted.job.engine], [threads, engine]);
  }
});

test('a job holds no path of the runner’s machine and no credentials', () => {
  const [job] = jobs;
  assert.ok(job);
  const spec = { ...job.trial.spec };
  spec.data = { ...spec.data, source: ['s3://key:s3cret@bucket/patients.csv'] };
  const text = JSON.stringify(
    toQueued({ ...job, trial: { ...job.trial, spec } }, place, dataName(job.data), 'small'),
  );
  assert.ok(!text.includes(job.data) && !text.includes('/tmp'), text);
  assert.ok(!text.includes('s3cret'));
});

test('what the schema does not know is refused with its place', () => {
  const { trial, data } = queued;
  const { spec } = trial;
  const withSpec = (part: object) => ({
    ...queued,
    trial: { ...trial, spec: { ...spec, ...part } },
  });
  const cases: readonly [value: unknown, reason: RegExp][] = [
    [{ ...queued, script: 'process.exit()' }, /must NOT have additional properties/],
    [{ ...queued, data: { ...data, key: '../../etc' } }, /\/data\/key must match/],
    [{ ...queued, data: { ...data, path: '/etc' } }, /\/data must NOT have additional/],
    [{ ...queued, experiment: '../x' }, /\/experiment must match/],
    [{ ...queued, threads: 1e6 }, /\/threads must be <= 64/],
    [{ ...queued, engine: 'python' }, /\/engine/],
    [{ ...queued, trial: { ...trial, id: 'A' } }, /\/trial\/id must match/],
    [withSpec({ extends: ['/etc/passwd'] }), /\/trial\/spec must NOT have additional/],
    [withSpec({ weighting: { evil: {} } }), /weighting\.evil: expected/],
    [withSpec({ shared: { layers: [{ dense: { units: 8, code: 'x' } }] } }), /shared\.layers/],
    [withSpec({ training: { epochs: '${env:HOME}' } }), /HOME/],
    [{ ...queued, trial: { ...trial, tasks: ['nobody'] } }, /"nobody", which is no head/],
  ];
  for (const [value, reason] of cases) {
    const read = readJob(value, catalog);
    assert.ok(!read.ok);
    assert.match(read.reason, reason);
  }
});

test('events come out of their JSON as they went in, with NaN, infinities and files', () => {
  const program = {
    engine: 'xla',
    fingerprint: 'f',
    reason: null,
    compileSeconds: 1,
    isReused: true,
  } as const;
  const metrics = { 'validation/ill/auc': Number.NaN, a: Number.POSITIVE_INFINITY, b: -0.1 };
  const files = {
    'model/weights.bin': Buffer.from([1, 2, 3]),
    'predictions.csv': Buffer.from('x'),
  };
  const events: readonly TrialEvent[] = [
    { type: 'started', number: 7, fromEpoch: 2 },
    { type: 'progress', number: 7, epoch: 2.5, epochs: 6 },
    { type: 'epoch', number: 7, epoch: 3, metrics, seconds: 0.25 },
    { type: 'checkpoint', number: 7, epoch: 3, bytes: Buffer.from([9, 8]) },
    { type: 'failed', number: 7, reason: 'why', cause: 'trial' },
    { type: 'interrupted', number: 7, epoch: 3 },
    {
      type: 'finished',
      number: 7,
      epochs: 6,
      bestEpoch: 4,
      seconds: 1,
      metrics,
      weights: 9,
      program,
      files,
    },
  ];
  for (const event of events) {
    const bytes = bytesOf(event);
    const stored = bytes && { id: place.run, length: bytes.length, pieces: 1 };
    const [wire] = readEvents(JSON.stringify([toWire(event, stored)])) ?? [];
    assert.ok(wire, event.type);
    assert.deepEqual(fromWire(wire, 7, bytes), event);
  }
});

test('a runner takes no event whose file would leave the trial’s folder', () => {
  const finished = (name: string) => {
    const program = {
      engine: 'xla',
      fingerprint: null,
      reason: null,
      compileSeconds: 0,
      isReused: false,
    } as const;
    const about = { epochs: 1, bestEpoch: 1, seconds: 1, metrics: {}, weights: 1, program };
    const event: TrialEvent = {
      type: 'finished',
      number: 1,
      ...about,
      files: { [name]: Buffer.from('x') },
    };
    return readEvents(JSON.stringify([toWire(event, { id: place.run, length: 1, pieces: 1 })]));
  };
  assert.equal(finished('model/model.json')?.length, 1);
  for (const name of ['../x', '/etc/x', 'model/../../x', 'model//x', '.hidden', 'a\\b', ''])
    assert.equal(finished(name), undefined, name);
  assert.equal(readEvents('[{"type":"epoch"}]'), undefined);
  assert.equal(readEvents('{'), undefined);
});

test('engines of one family share a queue, other versions and families have their own', () => {
  assert.equal(queueName('1', 'tensorflow-2.21.0-xla'), queueName('1', 'tensorflow-2.21.0'));
  assert.notEqual(queueName('1', 'tensorflow-2.21.0'), queueName('2', 'tensorflow-2.21.0'));
  assert.notEqual(queueName('1', 'tensorflow-2.21.0'), queueName('1', 'tfjs-wasm-4.22.0'));
});

test('an address is shown without who and with what password', () => {
  const shown = (text: string) => {
    const read = readAddress(text);
    return read.ok ? read.address.shown : read.reason;
  };
  assert.equal(shown('redis://me:s3cret@host:6380/2'), 'redis://***@host:6380/2');
  assert.equal(shown('rediss://:s3cret@host'), 'rediss://***@host');
  assert.equal(shown('redis://host:6379'), 'redis://host:6379');
  for (const text of ['host:6379', 'http://u:s3cret@h', 'redis://:s3/cret@h', ''])
    assert.match(shown(text), /^expected the address of Redis as (?!.*s3cret)/);
});

test('a job that cannot even say whose it is has no place', () => {
  assert.deepEqual(readPlace(queued), place);
  assert.equal(readPlace({ ...queued, session: '../../x' }), undefined);
  assert.equal(readPlace(null), undefined);
});

test('who and with what password goes out of any text, also of a very long line', () => {
  assert.equal(
    withoutCredentials('a https://u:p@h/x?y=1@2 9s3://k:s@b'),
    'a https://h/x?y=1@2 9s3://b',
  );
  assert.equal(withoutCredentials("redis: 'redis://:p/a@s@h:1/2'"), "redis: 'redis://h:1/2'");
  const long = 'a'.repeat(1e6);
  assert.equal(withoutCredentials(`${long}://u:p@h`), `${long}://h`);
});
