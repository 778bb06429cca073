/** @file MLflow: how fast runs are sent beside what the server itself takes, and what a silent one costs. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createMlflowClient } from '../../../src/mlflow-client-ts/index.ts';
import { sendRun } from '../../../src/track/send-run.ts';
import { localTarget } from '../../../src/track/target.ts';
import { startServer } from '../../mlflow/server.ts';
import { madeRun } from '../../track/made-run.ts';
import type { BenchCase } from '../bench.ts';
import { measureTable } from '../measures.ts';
import { runOwn } from '../own-run.ts';
import { figure } from '../statistics.ts';

/** Five metrics an epoch: 250 points a trial. */
const epochs = 50;
const atOnce = 4;

export const mlflow: BenchCase = async ({ folder, rounds, sizes, say, print }) => {
  const [rates, bares, ratios, slowdowns]: [number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
  ];
  const trials = sizes.mlflowTrials;
  const server = await startServer();
  try {
    for (let round = 0; round < rounds; round++) {
      const ours = await secondsToSend(server.uri, `ours-${round}`, trials);
      const bare = await secondsBare(server.uri, `bare-${round}`, trials);
      rates.push(trials / ours);
      bares.push(trials / bare);
      ratios.push(ours / bare);
      say(
        `mlflow, round ${round + 1}: ${trials} trials in ${figure(ours)} s, bare ${figure(bare)} s`,
      );
      const slowdown = await silentSlowdown(folder);
      slowdowns.push(...slowdown);
      say(`mlflow, round ${round + 1}: a silent server: ${slowdown.map(figure)} times the time`);
    }
  } finally {
    await server.stop();
  }
  const result = {
    title: `mlflow: ${trials} trials of 250 points, SQLite, one worker`,
    measures: [
      { name: 'sent by us', unit: 'trials/s', figures: rates, limit: null },
      {
        name: 'run, batch and end alone, 4 at once',
        unit: 'trials/s',
        figures: bares,
        limit: null,
      },
      {
        name: 'our time to theirs',
        unit: 'times',
        figures: ratios,
        limit: { kind: 'at most', value: 1.3 } as const,
      },
      { name: 'training beside a silent server', unit: 'times', figures: slowdowns, limit: null },
    ],
    leftOut: [],
  };
  print(measureTable(result));
  return [result];
};

async function secondsToSend(uri: string, experiment: string, trials: number): Promise<number> {
  const run = madeRun({ experiment, trials, epochs });
  const begin = performance.now();
  const signal = new AbortController().signal;
  const target = localTarget(experiment, uri);
  const sent = await sendRun({ folder: run, target, env: {}, signal, say: () => {} });
  if (!sent.ok || sent.progress.sent !== trials) throw new Error('not every trial was sent');
  return (performance.now() - begin) / 1000;
}

/** What MLflow's own clients do for a trial at least, by the same client without anything around it. */
async function secondsBare(uri: string, name: string, trials: number): Promise<number> {
  const client = createMlflowClient({ uri, env: {} });
  const { experimentId } = await client.experiments.getOrCreate(name);
  const tags = Object.fromEntries(
    Array.from({ length: 18 }, (_, at) => [`tag${at}`, `value ${at}`]),
  );
  let next = 0;
  const one = async () => {
    while (next < trials) {
      next += 1;
      const { info } = await client.runs.create({ experimentId, startTime: 1, tags });
      const metrics = Array.from({ length: 5 * epochs }, (_, at) => ({
        ...{ key: `metric${at % 5}`, value: at / 7, timestamp: at, step: Math.floor(at / 5) },
      }));
      await client.runs.logBatch({ runId: info.runId, metrics, params: { a: 1, b: 2 } });
      await client.runs.update({ runId: info.runId, status: 'FINISHED', endTime: 2 });
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: atOnce }, one));
  const seconds = (performance.now() - begin) / 1000;
  await client.close();
  return seconds;
}

/** The time that the trials take, with a server that takes connections and never answers to without. */
async function silentSlowdown(folder: string): Promise<readonly number[]> {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const alone = await trainingSeconds(folder, '');
  const beside = await trainingSeconds(folder, `http://127.0.0.1:${port}`);
  silent.close();
  return alone === undefined || beside === undefined ? [] : [beside / alone];
}

async function trainingSeconds(folder: string, uri: string): Promise<number | undefined> {
  const run = await runOwn({
    ...{ folder, spec: 'configs/quick.yaml', experiment: 'quick' },
    overrides: ['training.epochs=400'],
    env: { MLFLOW_TRACKING_URI: uri },
  });
  if (!run.ok) return undefined;
  const [first, last] = [
    run.journal.find(({ type }) => type === 'start'),
    run.journal.findLast(({ type }) => type === 'finish'),
  ];
  return first && last ? (Date.parse(last.time) - Date.parse(first.time)) / 1000 : undefined;
}
