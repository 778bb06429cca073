/** @file A trial in a few lines of Markdown. */
import { formatParameter, formatValue } from '../format.ts';
import { code, plain, shortened, table } from '../markdown.ts';
import type { RunView, TrialView } from '../read-run.ts';

/** MLflow cuts a tag after 8,000 characters. */
const limit = 7800;

export function trialNote({ heads }: Pick<RunView, 'heads'>, trial: TrialView): string {
  const { control, tasks, parameters, replicate, seed, epochs, bestEpoch, reason } = trial;
  const what =
    control === null
      ? `${tasks.map(plain).join(' and ')} trained jointly`
      : `The control of ${tasks.map(plain).join(', ')}: trained alone`;
  const choice = Object.entries(parameters).map(
    ([path, value]) => `${code(path)} ${plain(formatParameter(value))}`,
  );
  const parts = [
    `**${what}**, replicate ${replicate + 1} (seed ${seed}).`,
    choice.length > 0 ? `Choice: ${choice.join(', ')}.` : '',
    reason === null ? '' : `It failed: ${plain(reason)}`,
    bestEpoch === null ? '' : `Best after epoch ${bestEpoch} of ${epochs}:`,
    metricsTable(heads, trial),
  ];
  return shortened(parts.filter(Boolean).join('\n\n'), limit);
}

function metricsTable(heads: RunView['heads'], { tasks, metrics }: TrialView): string {
  const names = tasks.flatMap((task) =>
    ['loss', ...(heads[task]?.metrics ?? []).map(({ name }) => name)].map(
      (name) => `${task}/${name}`,
    ),
  );
  const value = (split: string, name: string) => {
    const found = metrics[`${split}/${name}`];
    return found === undefined ? '–' : Number.isNaN(found) ? 'not defined' : formatValue(found);
  };
  const rows = names
    .filter((name) => metrics[`validation/${name}`] !== undefined)
    .map((name) => [plain(name), value('validation', name), value('test', name)]);
  return rows.length === 0 ? '' : table(['', 'validation', 'test'], rows);
}
