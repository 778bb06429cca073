/** @file Objectives as samplers and pruners see them: numbers to be minimised. */
import type { PlannedTrial } from '../plan/index.ts';
import type { Objective } from '../report/read-run.ts';

type Metrics = Readonly<Record<string, number>>;

/** One number an objective; NaN where a metric is not there or not defined. */
export const toMinimize = (objective: Objective, metrics: Metrics): readonly number[] =>
  objective.map(({ metric, direction }) => signOf(direction) * (metrics[metric] ?? Number.NaN));

/** What a trial is judged by: a control by what concerns its task. */
export function objectiveFor(objective: Objective, { control, tasks }: PlannedTrial): Objective {
  if (control === null) return objective;
  const own = objective.filter(({ metric }) => tasks.some((task) => metric.split('/')[1] === task));
  if (own.length > 0) return own;
  return tasks.map((task) => ({ metric: `validation/${task}/loss`, direction: 'minimize' }));
}

/** The worst acceptable values, in the order of the objectives; Infinity where any will do. */
export const floorsFor = (objective: Objective, floors: Metrics): readonly number[] =>
  objective.map(({ metric, direction }) =>
    floors[metric] === undefined ? Number.POSITIVE_INFINITY : signOf(direction) * floors[metric],
  );

/** Whether means are as good as a target in all that it names. */
export function meets(
  target: Metrics,
  means: Metrics,
  directionOf: (metric: string) => 'minimize' | 'maximize',
): boolean {
  const wanted = Object.entries(target);
  return (
    wanted.length > 0 &&
    wanted.every(([metric, value]) => {
      const sign = signOf(directionOf(metric));
      return sign * (means[metric] ?? Number.NaN) <= sign * value;
    })
  );
}

/** -1 where an objective is turned round. */
export const signsOf = (objective: Objective): readonly number[] =>
  objective.map(({ direction }) => signOf(direction));

const signOf = (direction: 'minimize' | 'maximize') => (direction === 'maximize' ? -1 : 1);
