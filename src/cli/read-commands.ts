/** @file The commands that read runs: `results`, `report`, `predict`. */
import { join } from 'node:path';
import { listRuns, readJournal, runPaths, writeWhole } from '../record/index.ts';
import {
  type RunView,
  readRun,
  renderChoices,
  renderTable,
  resultsJson,
  type SelectOptions,
  selectChoices,
} from '../report/index.ts';
import { mlflowRunIds } from '../track/run-ids.ts';
import { type CommonOptions, type ExitStatus, output, wantsColor, width } from './output.ts';
import { unknownRun } from './unknown-run.ts';

type Found = { ok: true; folder: string; view: RunView } | { ok: false };

/** The named run, or the one last executed; says what there is if there is none. */
function findRun(experiment: string | undefined, runs: string, execution: 'last' | 'all'): Found {
  const all = listRuns(runs);
  const found =
    experiment === undefined ? all[0] : all.find((run) => run.experiment === experiment);
  if (found) {
    const view = readRun(readJournal(runPaths(found.folder).journal), { execution });
    return { ok: true, folder: found.folder, view };
  }
  output.note(unknownRun(experiment, runs, all));
  return { ok: false };
}

export interface ResultsOptions extends CommonOptions, SelectOptions {
  readonly all: boolean;
  readonly list: boolean;
}

export function resultsCommand(
  experiment: string | undefined,
  options: ResultsOptions,
): ExitStatus {
  if (options.list) return listCommand(options);
  const found = findRun(experiment, options.runs, options.all ? 'all' : 'last');
  if (!found.ok) return 2;
  const { folder, view } = found;
  const size = { width: width(), color: wantsColor() };
  const { where, sort, descending, limit } = options;
  if (!where && sort === undefined && limit === undefined && !descending) {
    output.result(
      options.json
        ? JSON.stringify(resultsJson(view, mlflowRunIds(folder)), null, 2)
        : renderTable(view, size),
    );
    return 0;
  }
  const selected = selectChoices(view, options);
  if (!selected.ok) {
    for (const reason of selected.reasons) output.note(`run-experiment: ${reason}`);
    return 2;
  }
  const { choices } = selected;
  output.result(
    options.json
      ? JSON.stringify(resultsJson(view, mlflowRunIds(folder), choices), null, 2)
      : renderChoices(view, choices, size),
  );
  return 0;
}

function listCommand({ runs, json }: ResultsOptions): ExitStatus {
  const rows = listRuns(runs).map(({ experiment, modified }) => {
    const { trials } = readRun(readJournal(runPaths(join(runs, experiment)).journal), {
      execution: 'all',
    });
    const finished = trials.filter(({ status }) => status === 'finished').length;
    return { experiment, modified: modified.toISOString(), trials: trials.length, finished };
  });
  if (json) output.result(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) output.note(`there is no run in ${runs}/`);
  for (const row of json ? [] : rows) {
    output.result(
      `${row.experiment}  ${row.finished} of ${row.trials} trials finished  ${row.modified}`,
    );
  }
  return 0;
}

export async function reportCommand(
  experiment: string | undefined,
  options: CommonOptions,
): Promise<ExitStatus> {
  const found = findRun(experiment, options.runs, 'last');
  if (!found.ok) return 2;
  // Imported here and not above: only this command draws plots.
  const { renderHtml } = await import('../report/html.ts');
  const path = runPaths(found.folder).report;
  writeWhole(path, renderHtml(found.view));
  output.result(options.json ? JSON.stringify({ report: path }) : path);
  return 0;
}

export interface PredictOptions extends CommonOptions {
  readonly out: string;
  readonly trial?: number;
}

export async function predictCommand(
  experiment: string,
  data: string,
  options: PredictOptions,
): Promise<ExitStatus> {
  const found = findRun(experiment, options.runs, 'all');
  if (!found.ok) return 2;
  const { predictFile } = await import('../predict.ts');
  const result = await predictFile({
    ...options,
    folder: found.folder,
    view: found.view,
    data,
    report: output.note,
  });
  if (!result.ok) {
    output.note(`run-experiment: ${result.reason}`);
    return 2;
  }
  const { rows, trial } = result;
  if (options.json) output.result(JSON.stringify({ out: options.out, rows, trial }));
  else output.note(`${rows} rows, predicted by trial ${trial}, are in ${options.out}`);
  return 0;
}
