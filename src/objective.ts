/** @file What a spec measures: its heads' metrics with their directions, its objective, its question. */

import type { HeadRecord } from './record/index.ts';
import { chosen, findKind } from './spec/kind.ts';
import type { ResolvedSpec } from './spec/schema/experiment.ts';
import { metrics as metricKinds } from './step/metrics/index.ts';

export type Direction = 'minimize' | 'maximize';

/** The heads as the journal keeps them. */
export function headRecords(spec: ResolvedSpec): Readonly<Record<string, HeadRecord>> {
  return Object.fromEntries(
    Object.entries(spec.heads).map(([name, { type, target, metrics }]) => [
      name,
      {
        type,
        target,
        metrics: metrics.map((metric) => {
          const kind = findKind(metricKinds, chosen(metric).name);
          return { name: kind.name, direction: kind.direction };
        }),
      },
    ]),
  );
}

/** Losses are minimised; a head's metric has its own direction. */
export function directionOf(
  heads: Readonly<Record<string, HeadRecord>>,
  metric: string,
): Direction {
  const [, head = '', name] = metric.split('/');
  return heads[head]?.metrics.find((each) => each.name === name)?.direction ?? 'minimize';
}

/** The objective of a sweep; by default each head's first metric. */
export function objectiveOf(
  spec: ResolvedSpec,
): readonly { metric: string; direction: Direction }[] {
  const heads = headRecords(spec);
  const written = spec.sweep.objective.map(({ metric, direction }) => ({
    metric,
    direction: direction ?? directionOf(heads, metric),
  }));
  if (written.length > 0) return written;
  return Object.entries(heads).flatMap(([name, { metrics }]) =>
    metrics.slice(0, 1).map(({ name: metric, direction }) => ({
      metric: `validation/${name}/${metric}`,
      direction,
    })),
  );
}

/** The question that a spec opens with: its first comment that is not for an editor. */
export function questionOf(text: string): string | null {
  for (const line of text.split(/\r?\n/)) {
    const comment = /^#+\s*(.*)$/.exec(line);
    if (!comment && line.trim() !== '') return null;
    const words = comment?.[1]?.trim() ?? '';
    if (words !== '' && !words.startsWith('yaml-language-server')) return words;
  }
  return null;
}
