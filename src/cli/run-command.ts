/** @file `run-experiment SPEC`: runs or resumes an experiment and prints its answer. */
import type { EngineRequest } from '../engine/index.ts';
import type { PlaceOptions } from '../executor-place.ts';
import { startExperiment } from '../experiment.ts';
import { loadExperiment } from '../load-experiment.ts';
import { directionOf, headRecords, objectiveOf } from '../objective.ts';
import type { NumberedTrial } from '../opening-records.ts';
import { describeChoice } from '../plan/index.ts';
import { readJournal, runPaths } from '../record/index.ts';
import { readRun, renderTable, resultsJson } from '../report/index.ts';
import { renderProblems, renderResolved, withReferences } from '../spec/index.ts';
import { mlflowRunIds } from '../track/run-ids.ts';
import { type CommonOptions, type ExitStatus, output, wantsColor, width } from './output.ts';
import { createProgress, type Progress } from './progress.ts';

export interface RunCommandOptions extends CommonOptions, PlaceOptions {
  readonly jobs?: number;
  readonly engine: EngineRequest;
  readonly dryRun: boolean;
}

export async function runCommand(
  file: string,
  overrides: readonly string[],
  options: RunCommandOptions,
): Promise<ExitStatus> {
  const loaded = await loadExperiment({ file, overrides, env: process.env });
  if (!loaded.ok) return reportProblems(loaded.problems, options);
  const { experiment } = loaded;
  if (options.dryRun) {
    const { parsed } = experiment;
    const spec = withReferences(experiment.spec, parsed);
    output.result(
      options.json
        ? JSON.stringify(spec, null, 2)
        : renderResolved(spec, parsed.originOf, experiment.file),
    );
    return 0;
  }
  const executor = options.executor ?? experiment.spec.execution.redis ?? 'local';
  const view = progressView(experiment.spec, executor === 'local');
  const running = startExperiment(experiment, options, view.listener);
  const stopListening = onInterrupt(() => {
    view.listener.say(
      'stopping: running trials write a checkpoint; press Ctrl-C again to stop now',
    );
    running.interrupt();
  });
  const outcome = await running.outcome;
  stopListening();
  view.close();
  if (!outcome.ok) {
    output.note(`run-experiment: ${outcome.reason}`);
    return 2;
  }
  const run = readRun(readJournal(runPaths(outcome.folder).journal));
  output.result(
    options.json
      ? JSON.stringify(resultsJson(run, mlflowRunIds(outcome.folder)), null, 2)
      : renderTable(run, { width: width(), color: wantsColor() }),
  );
  if (outcome.status === 'interrupted') {
    output.note('interrupted: the same command goes on from here');
    return 130;
  }
  if (!options.json) output.note(`For the page: run-experiment report ${run.experiment}`);
  return outcome.status === 'failed' ? 1 : 0;
}

export function reportProblems(
  problems: Parameters<typeof renderProblems>[0],
  { json }: CommonOptions,
): ExitStatus {
  if (json) output.result(JSON.stringify({ problems }, null, 2));
  else output.note(renderProblems(problems));
  return 2;
}

/** Once: stop in an orderly way. Twice: now; the journal is whole at any moment. */
function onInterrupt(interrupt: () => void): () => void {
  let count = 0;
  const listener = () => {
    count += 1;
    if (count > 1) process.exit(130);
    interrupt();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}

function progressView(spec: Parameters<typeof objectiveOf>[0], isLocal: boolean) {
  const heads = headRecords(spec);
  const metrics = [
    ...new Set([
      ...Object.entries(heads).map(([head, each]) => `validation/${head}/${each.metrics[0]?.name}`),
      ...objectiveOf(spec).map(({ metric }) => metric),
    ]),
  ];
  let progress: Progress | undefined;
  return {
    close: () => progress?.close(),
    listener: {
      say: (line: string) => (progress ? progress.say(line) : output.note(line)),
      begin(numbered: readonly NumberedTrial[], jobs: number, most: number | null) {
        progress = createProgress({
          write: (text) => process.stderr.write(text),
          isTerminal: Boolean(process.stderr.isTTY),
          columns: process.stderr.columns ?? 100,
          now: () => performance.now(),
          trials: numbered.map(labelled),
          most,
          jobs,
          metrics,
          directions: Object.fromEntries(
            metrics.map((metric) => [metric, directionOf(heads, metric)]),
          ),
        });
        const here = `on ${jobs} worker${jobs === 1 ? '' : 's'}`;
        const where = isLocal ? here : 'for the workers at Redis';
        const count = most === null ? 'trials' : `${most} trials`;
        const upTo = most !== null && most !== numbered.length ? 'up to ' : '';
        if (most !== 0) progress.say(`${upTo}${count} ${where}`);
        else progress.say('every trial is done already');
      },
      added: (numbered: readonly NumberedTrial[]) => progress?.add(numbered.map(labelled)),
      event: (...event: Parameters<Progress['event']>) => progress?.event(...event),
    },
  };
}

const labelled = (each: NumberedTrial) => ({ number: each.number, label: label(each) });

function label({ trial }: NumberedTrial): string {
  const alone = trial.control === null ? '' : `${trial.tasks[0]} alone, `;
  return `${alone}${describeChoice(trial.parameters)}, replicate ${trial.replicate + 1}`;
}
