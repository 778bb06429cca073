/** @file All that a server holds of one run, without the names that a server makes up. */
import type { MlflowClient, Run } from '../../src/mlflow-client-ts/index.ts';

type Plain = Readonly<Record<string, unknown>>;

/** By our own keys: two servers that were sent the same hold the same. */
export async function readBack(client: MlflowClient, experiment: string): Promise<Plain> {
  const found = await client.experiments.getByName(experiment);
  if (!found) return {};
  const experimentIds = [found.experimentId];
  const runs: Run[] = [];
  for await (const run of client.runs.search({ experimentIds })) runs.push(run);
  const names = new Map<string, string>();
  for (const { info, data } of runs) names.set(info.runId, keyOf(data.tags));
  const models: [string, Plain][] = [];
  for await (const { info, params, metrics } of client.models.search({ experimentIds })) {
    names.set(info.modelId, `model ${keyOf(info.tags)}`);
    const { status, name, modelType } = info;
    const values = metrics.map(({ key, value, step }) => [key, value, step]).sort();
    models.push([
      keyOf(info.tags),
      { name, status, modelType, params, values, ...sourceOf(info, names) },
    ]);
  }
  const anonymous = (text: string) =>
    [...names].reduce((result, [id, name]) => result.replaceAll(id, name), text);
  const content = await Promise.all(
    runs.map(async (run) => [keyOf(run.data.tags), await runContent(client, run)] as const),
  );
  const views = Object.entries(found.tags).filter(([key]) => key.startsWith('mlflow.shared'));
  const sorted = { runs: sortedBy(content), models: sortedBy(models), views: sortedBy(views) };
  return JSON.parse(anonymous(JSON.stringify(sorted)));
}

const sourceOf = (
  { sourceRunId }: { sourceRunId: string },
  names: ReadonlyMap<string, string>,
) => ({
  source: names.get(sourceRunId) ?? sourceRunId,
});

const keyOf = (tags: Readonly<Record<string, string>>): string =>
  `${tags['run-experiment.key']?.split('/')[1] ?? '?'}`;

/** Doubles stay to be seen: a list, not a record. */
const sortedBy = <Value>(entries: readonly (readonly [string, Value])[]) =>
  [...entries].sort(([one], [other]) => Number(one > other) - Number(one < other));

async function runContent(client: MlflowClient, run: Run): Promise<Plain> {
  const { runId, runName, status, startTime, endTime } = run.info;
  const history: Plain[] = [];
  for (const key of Object.keys(run.data.metrics).sort())
    for await (const { value, timestamp, step } of client.runs.metricHistory(runId, key))
      history.push({ key, value: String(value), timestamp, step });
  return {
    ...{ runName, status, startTime, endTime },
    params: sortedBy(Object.entries(run.data.params)),
    tags: sortedBy(Object.entries(run.data.tags)),
    history,
    artifacts: await filesOf(client, runId),
    inputs: run.inputs
      .map(({ dataset, tags }) => `${dataset.name} ${dataset.digest} ${JSON.stringify(tags)}`)
      .sort(),
    outputs: run.outputs,
  };
}

/** With their sizes, folder by folder. */
async function filesOf(client: MlflowClient, runId: string, path?: string): Promise<string[]> {
  const found: string[] = [];
  for (const file of await client.artifacts.list(runId, path)) {
    if (file.isDirectory) found.push(...(await filesOf(client, runId, file.path)));
    else found.push(`${file.path} ${sizeOf(file)}`);
  }
  return found.sort();
}

/** The results name the server's runs, and the page numbers its drawings on through the process. */
const sizeOf = ({ path, size }: { path: string; size: number }) =>
  ['results.json', 'report.html'].includes(path) ? '' : size;
