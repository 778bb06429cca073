/** @file `sync`: brings MLflow up to the journals. */
import { listRuns, type RunSummary } from '../record/index.ts';
import { type Environment, recordedTarget, type SentRun, sendRun } from '../track/index.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';
import { unknownRun } from './unknown-run.ts';

/** Of all runs, or of those named. */
export async function syncCommand(
  experiments: readonly string[],
  options: CommonOptions,
): Promise<ExitStatus> {
  const runs = listRuns(options.runs);
  const unknown = experiments.find((name) => !runs.some(({ experiment }) => experiment === name));
  if (unknown !== undefined || runs.length === 0) {
    output.note(unknownRun(unknown, options.runs, runs));
    return 2;
  }
  const chosen = runs.filter(
    ({ experiment }) => experiments.length === 0 || experiments.includes(experiment),
  );
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const rows: SyncedRun[] = [];
  for (const run of chosen) {
    if (interruption.signal.aborted) break;
    const row = await syncRun(run, process.env, interruption.signal);
    rows.push(row);
    if (!options.json) output[row.status === 'sent' ? 'result' : 'note'](lineOf(row));
  }
  if (options.json) output.result(JSON.stringify({ runs: rows }, null, 2));
  if (interruption.signal.aborted) return 130;
  if (rows.every(({ status }) => status === 'noServer')) return 2;
  return rows.every(({ status }) => status !== 'failed') ? 0 : 1;
}

interface SyncedRun {
  readonly experiment: string;
  readonly status: 'sent' | 'failed' | 'noServer';
  readonly sent: number;
  readonly trials: number;
  readonly link: string | null;
  readonly reason: string | null;
}

async function syncRun(
  { experiment, folder }: RunSummary,
  env: Environment,
  signal: AbortSignal,
): Promise<SyncedRun> {
  const none = { experiment, sent: 0, trials: 0, link: null };
  const target = recordedTarget(folder, experiment, env);
  if (target === null) return { ...none, status: 'noServer', reason: noServer };
  if (!target.ok) return { ...none, status: 'noServer', reason: target.reason };
  const say = (line: string) => output.note(`${experiment}: ${line}`);
  const sent = await sendRun({ folder, target: target.target, env, signal, say });
  return { ...none, ...rowOf(sent) };
}

const noServer =
  'no server is named: set MLFLOW_TRACKING_URI or the spec’s tracking.mlflow.uri, or look at runs without one: run-experiment ui';

function rowOf(sent: SentRun): Pick<SyncedRun, 'status' | 'sent' | 'trials' | 'link' | 'reason'> {
  if (!sent.ok) return { status: 'failed', sent: 0, trials: 0, link: null, reason: sent.reason };
  const { refused, link, ...progress } = sent.progress;
  const counts = { sent: progress.sent, trials: progress.all, link };
  if (refused.length === 0) return { ...counts, status: 'sent', reason: null };
  return { ...counts, status: 'failed', reason: `MLflow refused ${refused.join('; ')}` };
}

function lineOf({ experiment, sent, trials, link, reason }: SyncedRun): string {
  if (reason !== null) return `${experiment}: ${reason}`;
  return `${experiment}: ${sent} of ${trials} trials are there: ${link ?? ''}`;
}
