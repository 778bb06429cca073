/** @file Asks the pruners of a sweep: whether a trial goes on, and whether a choice's replicates begin. */
import { type Contender, type Course, digest, type PrunerKind, pruners } from '../plan/index.ts';
import { chosen, findKind } from '../spec/kind.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import { floorsFor, signsOf, toMinimize } from './objectives.ts';
import type { SweepState, SweepTrial } from './sweep-state.ts';

type Options = Readonly<Record<string, unknown>>;

export interface Pruning {
  /** A hash of the pruners and floors: decisions are kept as long as these are the same. */
  readonly key: string;
  /** Whether other replicates wait for what comes of the first one, or of those before. */
  readonly waitsFor: 'none' | 'first' | 'all';
  /** After an epoch of a first replicate: a reason to stop it, or null. */
  stopTrial(trial: SweepTrial): string | null;
  /** Before a further replicate: a reason not to train it, or null. */
  dropChoice(trial: SweepTrial): string | null;
}

export function createPruning({ sweep }: ResolvedSpec, state: () => SweepState): Pruning {
  const used = sweep.pruner.map((written) => {
    const { name, options } = chosen(written);
    return { kind: findKind(pruners, name), options };
  });
  const stoppers = used.filter(({ kind }) => kind.stopTrial);
  const droppers = used.filter(({ kind }) => kind.dropChoice);
  const firstReason = (
    asked: readonly { kind: PrunerKind; options: Options }[],
    ask: (kind: PrunerKind, options: Options) => string | null | undefined,
  ) => {
    for (const { kind, options } of asked) {
      const reason = ask(kind, options);
      if (reason) return `${kind.name}: ${reason}`;
    }
    return null;
  };
  return {
    key: digest({ pruner: sweep.pruner, floors: sweep.floors }),
    waitsFor: droppers.length > 0 ? 'all' : stoppers.length > 0 ? 'first' : 'none',
    stopTrial(trial) {
      if (stoppers.length === 0 || trial.trial.replicate > 0) return null;
      const others: Course[] = [];
      for (const other of state().alike(trial.group).first)
        if (other !== trial && other.epochs.length > 0) others.push(courseOf(other));
      const question = {
        trial: courseOf(trial),
        others,
        maxEpochs: trial.trial.spec.training.epochs,
        floors: floorsFor(trial.objective, sweep.floors),
        signs: signsOf(trial.objective),
      };
      return firstReason(stoppers, (kind, options) => kind.stopTrial?.({ ...question, options }));
    },
    dropChoice(trial) {
      if (droppers.length === 0) return null;
      const contenders = contendersOf(state().alike(trial.group).all);
      const choice = contenders.get(trial.trial.choice);
      if (!choice) return null;
      const others = [...contenders.values()].filter((each) => each !== choice);
      const floors = floorsFor(trial.objective, sweep.floors);
      const question = { choice, others, floors, signs: signsOf(trial.objective) };
      return firstReason(droppers, (kind, options) => kind.dropChoice?.({ ...question, options }));
    },
  };
}

const courses = new WeakMap<SweepTrial, Course>();

/** What a pruner sees of it, now and later: thousands are asked for after each epoch. */
function courseOf(trial: SweepTrial): Course {
  const known = courses.get(trial);
  if (known) return known;
  const course: Course = {
    index: trial.index,
    epochs: trial.epochs,
    get status() {
      return trial.stage === 'finished' || trial.stage === 'pruned' ? trial.stage : 'running';
    },
  };
  courses.set(trial, course);
  return course;
}

interface Growing {
  readonly index: number;
  readonly replicates: Map<number, readonly number[]>;
  name: string;
}

/** By choice, with the replicates that have finished. */
function contendersOf(trials: readonly SweepTrial[]): ReadonlyMap<string, Contender> {
  const replicates = new Map<string, Growing>();
  for (const { number, trial, index, stage, metrics, objective } of trials) {
    const own = replicates.get(trial.choice) ?? { index, replicates: new Map(), name: '' };
    replicates.set(trial.choice, own);
    if (stage !== 'finished') continue;
    own.replicates.set(trial.replicate, toMinimize(objective, metrics ?? {}));
    own.name = own.name === '' ? `trial ${number}` : `${own.name}, ${number}`;
  }
  return replicates;
}
