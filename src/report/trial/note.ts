/** @file A trial in a few lines of Markdown. */
import { formatParameter, formatValue } from '../format.ts';
import type { RunView, TrialView } from '../read-run.ts';
import { code, listed, plain, shortened, table } from './markdown.ts';
import { countText } from './trial-words.ts';

const mostPaths = 30;
const mostMetrics = 60;
const mostNames = 20;

/** MLflow shows the first few lines, and the rest on demand. */
export function trialNote(view: Pick<RunView, 'heads'>, trial: TrialView): string {
  const { replicate, seed } = trial;
  const parts = [
    `**${whatText(trial)}**, replicate ${replicate + 1}, seed ${seed}.`,
    courseText(trial),
    choiceText(trial),
    metricsTable(view.heads, trial),
    undefinedText(trial),
  ];
  return shortened(parts.filter(Boolean).join('\n\n'), '`resolved.yaml` and the metrics');
}

function whatText({ control, tasks }: TrialView): string {
  const names = tasks.map((task) => plain(task, 60));
  if (control !== null) return `${names.join(', ')} alone: a control that shares nothing`;
  const last = names.slice(-1).join('');
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}, trained jointly`;
}

function choiceText({ parameters }: TrialView): string {
  const lines = Object.entries(parameters).map(
    ([path, value]) => `- ${code(path)}: ${plain(formatParameter(value))}`,
  );
  return lines.length === 0 ? '' : ['Its choice:', '', ...listed(lines, mostPaths)].join('\n');
}

/** How it went. */
function courseText(trial: TrialView): string {
  const { status, reason, bestEpoch, epochs, seconds, weights } = trial;
  const after = `after ${epochs} epoch${epochs === 1 ? '' : 's'}`;
  switch (status) {
    case 'failed':
      return `**It failed ${after}**: ${plain(reason ?? 'no reason was recorded', 1500)}`;
    case 'finished': {
      const size = weights === null ? '' : `, ${countText(weights)} weights`;
      return `Best after epoch ${bestEpoch ?? '–'} of ${epochs}; ${formatValue(seconds)} s${size}.`;
    }
    case 'running':
      return `It is running, ${after}.`;
    case 'not started':
      return 'It has not started yet.';
    case 'interrupted':
    case 'pruned':
      return `It was ${status} ${after}.`;
    default:
      return status satisfies never;
  }
}

/** What there is to show: at the best epoch, or what the last epoch had. */
const lastMetrics = ({ metrics, curve }: TrialView) =>
  Object.keys(metrics).length > 0 ? metrics : (curve.at(-1) ?? {});

function metricsTable(heads: RunView['heads'], trial: TrialView): string {
  const metrics = lastMetrics(trial);
  const value = (split: string, name: string) => {
    const found = metrics[`${split}/${name}`];
    if (found === undefined) return '–';
    return Number.isNaN(found) ? 'NaN' : formatValue(found);
  };
  const rows = trial.tasks.flatMap((task) => {
    const names = new Set(['loss', ...(heads[task]?.metrics ?? []).map(({ name }) => name)]);
    return [...names]
      .map((name) => [name, `${task}/${name}`] as const)
      .filter(([, name]) => `validation/${name}` in metrics || `test/${name}` in metrics)
      .map(([name, path]) => [
        plain(task, 60),
        plain(name, 60),
        value('validation', path),
        value('test', path),
      ]);
  });
  if (rows.length === 0) return '';
  const more =
    rows.length > mostMetrics ? `\n\n… and ${rows.length - mostMetrics} more metrics.` : '';
  return table(['task', 'metric', 'validation', 'test'], rows.slice(0, mostMetrics)) + more;
}

/** MLflow hides a metric whose last value is NaN: here it has its name. */
function undefinedText(trial: TrialView): string {
  const names = Object.entries({ ...trial.curve.at(-1), ...trial.metrics })
    .filter(([, value]) => !Number.isFinite(value))
    .map(([name]) => name);
  if (names.length === 0) return '';
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  const list = names.slice(0, mostNames).map((name) => code(name));
  return `Not a number in the end: ${list.join(', ')}${more}.`;
}
