/** @file A made-up sweep that looks like a real one, sent to a server by the project's own code. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { trialFiles } from '../../src/execute/trial-files.ts';
import { rng } from '../../src/plan/index.ts';
import { type JournalRecord, openJournal, runPaths } from '../../src/record/index.ts';
import { readCursor, sweep } from '../../src/track/cursor.ts';
import { cursorPath } from '../../src/track/cursor-path.ts';
import { openSync } from '../../src/track/sync.ts';
import { localTarget } from '../../src/track/target.ts';

type Values = Readonly<Record<string, unknown>>;
type Metric = { readonly name: string; readonly direction: 'minimize' | 'maximize' };

export interface MadeTask {
  readonly type: 'binary' | 'regression';
  readonly metrics: readonly Metric[];
}

export interface MadeSweep {
  readonly experiment: string;
  readonly tasks: Readonly<Record<string, MadeTask>>;
  /** The grid, by path. */
  readonly parameters: Readonly<Record<string, readonly unknown[]>>;
  readonly replicates: number;
  readonly epochs: number;
  /** Whether each task is trained alone as well. */
  readonly hasControls: boolean;
}

/** Two tasks, eight joint choices and eight controls, three replicates: 48 trials. */
export const hospital: MadeSweep = {
  experiment: 'hospital',
  tasks: {
    circulatory: {
      type: 'binary',
      metrics: [
        { name: 'auc', direction: 'maximize' },
        { name: 'f1', direction: 'maximize' },
      ],
    },
    stay: {
      type: 'regression',
      metrics: [
        { name: 'mae', direction: 'minimize' },
        { name: 'r2', direction: 'maximize' },
      ],
    },
  },
  parameters: {
    'training.optimizer.adam.learningRate': [0.003, 0.01],
    'heads.stay.weight': [0.3, 3],
    'shared.layers[0].dense.units': [64, 128],
  },
  replicates: 3,
  epochs: 15,
  hasControls: true,
};

interface MadeTrial {
  readonly tasks: readonly string[];
  readonly parameters: Values;
  readonly replicate: number;
}

function trialsOf({ tasks, parameters, replicates, hasControls }: MadeSweep): MadeTrial[] {
  const names = Object.keys(tasks);
  const points = Object.entries(parameters).reduce<readonly Values[]>(
    (before, [path, values]) =>
      before.flatMap((point) => values.map((value) => ({ ...point, [path]: value }))),
    [{}],
  );
  const alone = (task: string) => {
    const own = points.map((point) =>
      Object.fromEntries(
        Object.entries(point).filter(
          ([path]) => !path.startsWith('heads.') || path.startsWith(`heads.${task}.layers`),
        ),
      ),
    );
    const texts = new Set(own.map((point) => JSON.stringify(point)));
    return [...texts].map((text) => ({ tasks: [task], parameters: JSON.parse(text) }));
  };
  const choices = [
    ...points.map((point) => ({ tasks: names, parameters: point })),
    ...(hasControls ? names.flatMap(alone) : []),
  ];
  return choices.flatMap((choice) =>
    Array.from({ length: replicates }, (_, replicate) => ({ ...choice, replicate })),
  );
}

/** How far the values of a trial are from the best there are, 0 to about 1. */
function distance(parameters: Values, grid: MadeSweep['parameters']): number {
  const parts = Object.entries(parameters).map(([path, value], index) => {
    const values = grid[path] ?? [];
    const best = (values.length - 1) * (0.35 + 0.4 * ((index + 1) % 2));
    return Math.abs(values.indexOf(value) - best) / Math.max(1, values.length);
  });
  return parts.reduce((sum, part) => sum + part, 0) / Math.max(1, parts.length);
}

const split = { train: 0, validation: 0.02, test: 0.03 } as const;

/** Losses fall, and rise again late; metrics follow them. */
function metricsAt(made: MadeSweep, trial: MadeTrial, epoch: number, task: string) {
  const { next } = rng(1, trial.replicate, task, epoch, JSON.stringify(trial.parameters));
  const far = distance(trial.parameters, made.parameters);
  const index = Object.keys(made.tasks).indexOf(task);
  // Sharing helps the second task, and costs the first one a little.
  const sharing = trial.tasks.length > 1 ? (index % 2 === 0 ? 0.01 : -0.03) : 0;
  const luck = rng(1, trial.replicate, task).next() * 0.02 + next() * 0.006;
  const fallen = 0.35 * Math.exp((-epoch * (1.3 - far)) / 3);
  const late = 0.0006 * Math.max(0, epoch - 8) ** 2;
  const loss = 0.5 + 0.12 * far + sharing + luck + fallen;
  const names = made.tasks[task]?.metrics ?? [];
  return Object.fromEntries(
    (['train', 'validation', 'test'] as const).flatMap((name) => {
      const own = loss + split[name] + (name === 'train' ? -late : late);
      const reached = names.map(({ name: metric, direction }, at): [string, number] => [
        `${name}/${task}/${metric}`,
        direction === 'maximize' ? 1.22 - own - 0.1 * at : 4.2 * own + at,
      ]);
      return [[`${name}/${task}/loss`, own], ...(name === 'train' ? [] : reached)];
    }),
  );
}

const isOf =
  (...splits: readonly string[]) =>
  ([name]: readonly [string, number]) =>
    splits.some((each) => name.startsWith(`${each}/`));

function trialRecords(made: MadeSweep, trial: MadeTrial, number: number, time: () => string) {
  const { tasks, parameters, replicate } = trial;
  const all = (epoch: number) =>
    tasks.flatMap((task) => Object.entries(metricsAt(made, trial, epoch, task)));
  const choice = `${tasks.join(' ')} ${JSON.stringify(parameters)}`;
  const bestEpoch = Math.ceil(made.epochs * 0.6);
  const records: JournalRecord[] = [
    {
      ...{ type: 'trial', time: time(), number, id: `${choice} ${replicate}`, choice, tasks },
      control: tasks.length < Object.keys(made.tasks).length ? 'singleTask' : null,
      ...{ parameters, replicate, seed: 7 },
    },
    { type: 'start', time: time(), number, fromEpoch: 0 },
  ];
  for (let epoch = 1; epoch <= made.epochs; epoch++) {
    const metrics = Object.fromEntries(all(epoch).filter(isOf('train', 'validation')));
    records.push({ type: 'epoch', time: time(), number, epoch, metrics, seconds: epoch });
  }
  const metrics = Object.fromEntries(all(bestEpoch).filter(isOf('validation', 'test')));
  const facts = { epochs: made.epochs, bestEpoch, seconds: made.epochs, weights: 4321 };
  records.push({ type: 'finish', time: time(), number, metrics, ...facts });
  return records;
}

/** The journal of a sweep that went through. */
export function madeSweepRecords(made: MadeSweep): JournalRecord[] {
  let milliseconds = Date.UTC(2026, 0, 1);
  const time = () => {
    milliseconds += 250;
    return new Date(milliseconds).toISOString();
  };
  const trials = trialsOf(made);
  const heads = Object.entries(made.tasks);
  const objective = heads.flatMap(
    ([
      head,
      {
        metrics: [first],
      },
    ]) =>
      first ? [{ metric: `validation/${head}/${first.name}`, direction: first.direction }] : [],
  );
  return [
    {
      ...{ type: 'execution', time: time(), format: 1, execution: 1 },
      ...{ experiment: made.experiment, question: 'Does sharing layers help both tasks?' },
      objective,
      heads: Object.fromEntries(
        heads.map(([head, { type, metrics }]) => [head, { type, target: [head], metrics }]),
      ),
      trials: trials.map((_, index) => index + 1),
      ...{ engine: 'tensorflow-2.21.0', environment: { version: '0.0.0' }, file: 'made.yaml' },
    },
    ...trials.flatMap((trial, index) => trialRecords(made, trial, index + 1, time)),
    { type: 'end', time: time(), execution: 1, status: 'finished' },
  ];
}

/** As `predictions.csv` has them: probabilities that are right more often than not. */
function predictions(made: MadeSweep, tasks: readonly string[]): string {
  const { next } = rng(2, 'predictions');
  const heads = tasks.map((task) => ({ task, type: made.tasks[task]?.type }));
  const header = heads.map(({ task, type }) =>
    type === 'binary' ? `${task}_label,${task},${task}_probability` : `${task}_label,${task}`,
  );
  const rows = Array.from({ length: 300 }, () =>
    heads.map(({ type }) => {
      const value = next();
      if (type !== 'binary') return `${(9 * value).toFixed(1)},${(9 * value + next()).toFixed(3)}`;
      return `${Number(next() < value)},${Number(value >= 0.5)},${value.toFixed(4)}`;
    }),
  );
  return `${[['row', ...header], ...rows.map((cells, row) => [row + 1, ...cells])].join('\n')}\n`;
}

/** Its folder, `runs/<experiment>` below a fresh one. */
export function madeSweepRun(made: MadeSweep = hospital): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'made-')), 'runs', made.experiment);
  mkdirSync(folder, { recursive: true });
  using journal = openJournal(runPaths(folder).journal);
  for (const record of madeSweepRecords(made)) {
    journal.append(record);
    if (record.type !== 'trial') continue;
    const path = runPaths(folder).trial(record.number, trialFiles.predictions);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, predictions(made, record.tasks));
  }
  return folder;
}

export interface Populated {
  readonly experimentId: string;
  /** The MLflow run of the sweep. */
  readonly parentId: string;
  /** MLflow's runs, by the number of the trial. */
  readonly runIds: ReadonlyMap<number, string>;
}

/** Sends the run in a folder to a server. */
export async function populate(
  uri: string,
  folder: string,
  experiment: string,
): Promise<Populated> {
  const target = localTarget(experiment, uri);
  const { signal } = new AbortController();
  const opened = openSync({ folder, target, env: {}, signal, say: () => {} });
  if (!opened.ok) throw new Error(opened.reason);
  await using sync = opened.sync;
  const { place, sent, all } = await sync.pass();
  if (place === null || sent !== all) throw new Error(`${sent} of ${all} trials were sent`);
  const runs = [...readCursor(cursorPath(folder, target.cursor), 'run')];
  const trials = runs.flatMap(([number, id]) =>
    number === sweep ? [] : [[number, `${id}`] as const],
  );
  return { ...place, runIds: new Map(trials) };
}
