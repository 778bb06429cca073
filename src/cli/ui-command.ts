/** @file `ui`: MLflow over all runs of this folder, as long as it is wanted. */
import { setTimeout as wait } from 'node:timers/promises';
import { type FollowedRun, followRuns, sentRuns } from '../track/follow-runs.ts';
import { findOrStartServer } from '../track/server/one-server.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';

const lookMilliseconds = 2000;

export async function uiCommand(
  experiment: string | undefined,
  options: CommonOptions,
): Promise<ExitStatus> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const { signal } = interruption;
  const server = await findOrStartServer(options.runs, output.note, signal);
  if (!server.ok) {
    output.note(`run-experiment: ${server.reason}`);
    return signal.aborted ? 130 : 2;
  }
  const { url, holder } = server;
  try {
    const where = { runs: options.runs, url, env: process.env };
    await using following = followRuns({ ...where, signal, say: output.note });
    const rows = holder === null ? await following.pass() : sentRuns(options.runs, url);
    output.result(
      options.json
        ? JSON.stringify({ url, holder, runs: rows })
        : textOf(rows, experiment, url, holder),
    );
    if (holder !== null) return 0;
    void server.ended.then(interrupt);
    while (!signal.aborted) {
      await wait(lookMilliseconds, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await following.pass();
    }
  } finally {
    await server.stop();
  }
  return 0;
}

/** One link: to the run that is named, else to the one last written. */
function textOf(
  rows: readonly FollowedRun[],
  experiment: string | undefined,
  url: string,
  holder: number | null,
): string {
  const shown =
    experiment === undefined ? rows[0] : rows.find((row) => row.experiment === experiment);
  const counts = rows.map((row) => `${row.experiment} (${row.sent} of ${row.trials} trials)`);
  const what =
    rows.length === 0 ? 'There is no run yet; they appear as they come.' : counts.join(', ');
  const end =
    holder === null
      ? 'Ctrl-C stops it.'
      : `Process ${holder} serves these runs already, and keeps them up to date.`;
  return [shown?.link ?? url, what, end].join('\n');
}
