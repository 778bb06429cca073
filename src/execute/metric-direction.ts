/** @file Which way a metric is better. */

import { chosen } from '../spec/kind.ts';
import type { HeadSpec } from '../spec/schema/experiment.ts';
import { metrics as metricKinds } from '../step/metrics/index.ts';

export type Direction = 'minimize' | 'maximize';

/** Of `validation/<head>/<metric>`; losses are minimised. */
export function metricDirection(
  heads: Readonly<Record<string, Pick<HeadSpec, 'metrics'>>>,
  metric: string,
): Direction {
  const [, head = '', name] = metric.split('/');
  const isMeasured = heads[head]?.metrics.some((each) => chosen(each).name === name);
  const kind = isMeasured ? metricKinds.find((each) => each.name === name) : undefined;
  return kind?.direction ?? 'minimize';
}
