/** @file The gain of joint training over each task alone, and what may be said of it. */
import { type ChoiceView, choicesOf, rankChoices, rankedJoint } from './choices.ts';
import { formatValue } from './format.ts';
import type { RunView, TrialView } from './read-run.ts';
import { intervalOf, type Spread, spreadOf } from './statistics.ts';

/** `paid` and `hurt` only where the whole 95 % interval lies on one side of zero. */
export type Verdict = 'paid' | 'hurt' | 'no clear difference' | 'unknown';

export interface TaskGain {
  readonly task: string;
  /** The head's first metric. */
  readonly metric: string;
  readonly direction: 'minimize' | 'maximize';
  /** Where it was compared. */
  readonly split: 'test' | 'validation';
  /** The number of the joint trials and of the controls that were compared, pair by pair. */
  readonly jointTrials: readonly number[];
  readonly controlTrials: readonly number[];
  readonly joint: Spread | null;
  readonly control: Spread | null;
  /** Positive when joint training is better, in the unit of the metric. */
  readonly gain: Spread | null;
  /** The gain over the size of the control's mean. */
  readonly relative: number | null;
  readonly interval: readonly [number, number] | null;
  readonly verdict: Verdict;
  /** What it comes to, for a person. */
  readonly sentence: string;
}

/** For each task; empty for a run of one task. Null where the spec asked for no controls. */
export function gainOf(view: RunView): readonly TaskGain[] | null {
  if (!view.trials.some(({ control }) => control === 'singleTask')) return null;
  const [joint] = rankedJoint(view);
  return Object.keys(view.heads).map((task) => taskGain(view, joint, task));
}

function taskGain(view: RunView, joint: ChoiceView | undefined, task: string): TaskGain {
  const [{ name, direction } = { name: 'loss', direction: 'minimize' as const }] =
    view.heads[task]?.metrics ?? [];
  const controls = view.trials.filter((trial) => trial.control !== null && trial.tasks[0] === task);
  const onValidation = { metric: `validation/${task}/${name}`, direction };
  const [control] = rankChoices(choicesOf(controls), [onValidation]);
  const hasTest = [...(joint?.finished ?? []), ...(control?.finished ?? [])].every(
    ({ metrics }) => metrics[`test/${task}/${name}`] !== undefined,
  );
  const split = hasTest ? ('test' as const) : ('validation' as const);
  const metric = `${split}/${task}/${name}`;
  const pairs = pairsOf(joint?.finished ?? [], control?.finished ?? [], metric);
  const base = {
    task,
    metric: name,
    direction,
    split,
    jointTrials: pairs.map((pair) => pair.joint.number),
    controlTrials: pairs.map((pair) => pair.control.number),
  };
  if (pairs.length === 0) {
    const why = joint ? 'no control of it finished' : 'no joint trial finished';
    const none = { joint: null, control: null, gain: null, relative: null, interval: null };
    return { ...base, ...none, verdict: 'unknown', sentence: `${task}: no answer, since ${why}.` };
  }
  const sign = direction === 'maximize' ? 1 : -1;
  const spreads = {
    joint: spreadOf(pairs.map((pair) => pair.jointValue)),
    control: spreadOf(pairs.map((pair) => pair.controlValue)),
    gain: spreadOf(pairs.map((pair) => sign * (pair.jointValue - pair.controlValue))),
  };
  const interval = intervalOf(spreads.gain) ?? null;
  const relative = spreads.gain.mean / Math.abs(spreads.control.mean);
  const verdict = verdictOf(spreads.gain);
  const answer = { ...base, ...spreads, relative, interval, verdict };
  return { ...answer, sentence: sentenceOf(answer) };
}

interface Pair {
  readonly joint: TrialView;
  readonly control: TrialView;
  readonly jointValue: number;
  readonly controlValue: number;
}

/** Trials of the same replicate: they started from the same trunk and saw the same order. */
function pairsOf(
  joint: readonly TrialView[],
  controls: readonly TrialView[],
  metric: string,
): readonly Pair[] {
  return joint.flatMap((trial) => {
    const control = controls.find(({ replicate }) => replicate === trial.replicate);
    const jointValue = trial.metrics[metric] ?? Number.NaN;
    const controlValue = control?.metrics[metric] ?? Number.NaN;
    if (!control || Number.isNaN(jointValue) || Number.isNaN(controlValue)) return [];
    return [{ joint: trial, control, jointValue, controlValue }];
  });
}

/** Two values may agree by chance, and their interval then has no width at all. */
const fewestReplicates = 3;

function verdictOf(gain: Spread): Verdict {
  const interval = intervalOf(gain);
  if (!interval || gain.n < fewestReplicates) return 'unknown';
  if (interval[0] > 0) return 'paid';
  return interval[1] < 0 ? 'hurt' : 'no clear difference';
}

const openings: Readonly<Record<Verdict, string>> = {
  paid: 'training it jointly paid',
  hurt: 'training it jointly hurt (negative transfer)',
  'no clear difference': 'training it jointly made no clear difference',
  unknown:
    'fewer than 3 replicates tell too little about the spread for a verdict (sweep.replicates)',
};

function sentenceOf({
  task,
  metric,
  split,
  joint,
  control,
  gain,
  relative,
  interval,
  verdict,
}: Omit<TaskGain, 'sentence'>): string {
  if (!joint || !control || !gain) return '';
  const value = ({ mean, deviation }: Spread) =>
    `${formatValue(mean)}${Number.isNaN(deviation) ? '' : ` ± ${formatValue(deviation, mean)}`}`;
  const percent = relative === null ? '' : ` (${signed(100 * relative, 1)} %)`;
  const range = interval
    ? `, 95 % interval ${signed(interval[0])} to ${signed(interval[1])} over ${gain.n} replicates`
    : '';
  const figures = `${split} ${metric} ${value(joint)} jointly, ${value(control)} alone; gain ${signed(gain.mean)}${percent}${range}`;
  return `${task}: ${openings[verdict]}: ${figures}.`;
}

const signed = (value: number, decimals?: number) => {
  const text = decimals === undefined ? formatValue(value) : value.toFixed(decimals);
  return value > 0 ? `+${text}` : text;
};
