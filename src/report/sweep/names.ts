/** @file What trials and choices can be filtered and sorted by, each under its name. */
import { suggestion } from '../../spec/nearest.ts';
import { type ChoiceView, metricSpread, rankedJoint } from '../choices.ts';
import { shortNames } from '../format.ts';
import type { RunView, TrialView } from '../read-run.ts';

/** A choice with those of its trials that are listed; a control has no rank. */
export interface ListedChoice extends ChoiceView {
  readonly rank: number | null;
}

export interface Named {
  readonly name: string;
  /** Whether each trial has a value of its own, or its choice has one for all of them. */
  readonly scope: 'trial' | 'choice';
  readonly valueIn: (choice: ListedChoice, trial: TrialView) => unknown;
  /** To sort choices by. */
  readonly keyOf: (choice: ListedChoice) => unknown;
}

const first = ({ trials }: ListedChoice, of: (trial: TrialView) => unknown) =>
  trials[0] && of(trials[0]);
const mean = ({ trials }: ListedChoice, of: (trial: TrialView) => number) =>
  trials.reduce((sum, trial) => sum + of(trial), 0) / trials.length;

const ofTrial = (name: string, of: (trial: TrialView) => unknown): Named => ({
  name,
  scope: 'trial',
  valueIn: (_, trial) => of(trial),
  keyOf: (choice) => first(choice, of),
});
const counted = (name: string, of: (trial: TrialView) => number): Named => ({
  ...ofTrial(name, of),
  keyOf: (choice) => mean(choice, of),
});
const ofChoice = (name: string, keyOf: (choice: ListedChoice) => unknown): Named => ({
  name,
  scope: 'choice',
  valueIn: keyOf,
  keyOf,
});

const facts: readonly Named[] = [
  ofTrial('status', ({ status }) => status),
  ofTrial('number', ({ number }) => number),
  ofTrial('replicate', ({ replicate }) => replicate),
  ofTrial('control', ({ control }) => control),
  ofTrial('tasks', ({ tasks }) => tasks.join(',')),
  counted('epochs', ({ epochs }) => epochs),
  counted('seconds', ({ seconds }) => seconds),
  ofChoice('rank', ({ rank }) => rank),
];

/** The names of a run: facts, swept paths in full and as the table heads them, and metrics. */
export function namesOf(view: RunView): ReadonlyMap<string, Named> {
  const paths = [...new Set(view.trials.flatMap(({ parameters }) => Object.keys(parameters)))];
  const joint = rankedJoint(view);
  const headings = shortNames([
    ...new Set(joint.flatMap(({ parameters }) => Object.keys(parameters))),
  ]);
  const metrics = [...new Set(view.trials.flatMap(({ metrics }) => Object.keys(metrics)))];
  const parameters = paths.map((path) =>
    ofTrial(path, (trial) => trial.parameters[path] ?? undefined),
  );
  const measured = metrics.map((metric) =>
    ofChoice(metric, (choice) => metricSpread(choice, metric).mean),
  );
  const names = new Map<string, Named>();
  const add = (name: string, named: Named) => names.has(name) || names.set(name, named);
  for (const fact of facts) add(fact.name, fact);
  for (const each of [...parameters, ...measured]) add(each.name, each);
  for (const each of parameters) add(headings.get(each.name) ?? each.name, each);
  for (const each of measured) add(each.name.replace(/^validation\//, ''), each);
  for (const each of measured) add(each.name.replace(/^test\//, 'test '), each);
  return names;
}

type Found = { ok: true; named: Named } | { ok: false; reason: string };

export function findName(names: ReadonlyMap<string, Named>, written: string): Found {
  const named = names.get(written);
  if (named) return { ok: true, named };
  const known = [...names.keys()].filter((name) => !/^(validation|test)\//.test(name));
  return {
    ok: false,
    reason: `nothing in this run is called "${written}". ${suggestion(written, known, 'Names')}`,
  };
}
