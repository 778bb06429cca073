/** @file Progress on stderr: one live table in a terminal, plain lines in a pipe. */
import type { TrialEvent } from '../execute/trial-event.ts';

export interface ProgressTrial {
  readonly number: number;
  /** Its choice in words. */
  readonly label: string;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Trials to be trained now; those done already are not among them. */
  readonly trials: readonly ProgressTrial[];
  readonly jobs: number;
  /** The head's own yardsticks: `validation/stay/mae`. */
  readonly metrics: readonly string[];
  readonly directions: Readonly<Record<string, 'minimize' | 'maximize'>>;
}

interface Running {
  epoch: number;
  epochs: number;
  losses: string;
}

export interface Progress {
  event(event: TrialEvent): void;
  /** A line for the user, above the table. */
  say(line: string): void;
  close(): void;
}

const redrawMilliseconds = 200;

export function createProgress(options: ProgressOptions): Progress {
  const { write, isTerminal, now, trials } = options;
  const labels = new Map(trials.map((trial) => [trial.number, trial.label]));
  const running = new Map<number, Running>();
  const best = new Map<string, number>();
  const begin = now();
  let done = 0;
  let drawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  const erase = () => {
    if (drawn > 0) write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const say = (line: string) => {
    erase();
    write(`${line}\n`);
    draw();
  };
  const timeLeft = () => {
    const fractions = [...running.values()].reduce(
      (sum, { epoch, epochs }) => sum + epoch / epochs,
      0,
    );
    const worked = done + fractions;
    if (worked < 0.5) return '';
    const left = ((now() - begin) / worked) * (trials.length - worked);
    return `about ${formatDuration(left)} left`;
  };
  const draw = () => {
    if (!isTerminal) return;
    erase();
    const lines = [...running].map(([number, { epoch, epochs, losses }]) =>
      cut(
        `  trial ${number}  ${bar(epoch / epochs)} epoch ${Math.floor(epoch)}/${epochs}  ${losses}  ${labels.get(number) ?? ''}`,
        options.columns,
      ),
    );
    const bests = [...best].map(
      ([metric, value]) => `best ${short(metric)} ${formatNumber(value)}`,
    );
    lines.push(
      cut(
        [`${done} of ${trials.length} trials`, ...bests, timeLeft()].filter(Boolean).join(' · '),
        options.columns,
      ),
    );
    write(`${lines.join('\n')}\n`);
    drawn = lines.length;
    drawnAt = now();
  };
  const finishLine = (event: TrialEvent & { type: 'finished' }) => {
    const values = options.metrics
      .filter((metric) => event.metrics[metric] !== undefined)
      .map((metric) => `${short(metric)} ${formatNumber(event.metrics[metric])}`);
    const parts = [
      ...values,
      `${event.epochs} epochs (best ${event.bestEpoch})`,
      formatDuration(event.seconds * 1000),
      timeLeft(),
    ];
    return `trial ${event.number} (${labels.get(event.number) ?? ''}): ${parts.filter(Boolean).join(' · ')}`;
  };
  const keepBest = (metrics: Readonly<Record<string, number>>) => {
    for (const metric of options.metrics) {
      const value = metrics[metric];
      if (value === undefined || Number.isNaN(value)) continue;
      const before = best.get(metric);
      const isBetter =
        options.directions[metric] === 'minimize'
          ? (b: number) => value < b
          : (b: number) => value > b;
      if (before === undefined || isBetter(before)) best.set(metric, value);
    }
  };
  const end = (number: number, line: string) => {
    running.delete(number);
    done += 1;
    if (!isTerminal) write(`${line}\n`);
    else if (line.includes('failed')) say(line);
  };
  return {
    say,
    event(event) {
      const { number } = event;
      if (event.type === 'started') {
        running.set(number, {
          epoch: event.fromEpoch,
          epochs: Number.POSITIVE_INFINITY,
          losses: '',
        });
      } else if (event.type === 'progress') {
        const state = running.get(number);
        if (state) Object.assign(state, { epoch: event.epoch, epochs: event.epochs });
      } else if (event.type === 'epoch') {
        const state = running.get(number);
        if (state) state.losses = taskLosses(event.metrics);
      } else if (event.type === 'finished') {
        keepBest(event.metrics);
        end(number, finishLine(event));
      } else if (event.type === 'failed') {
        end(
          number,
          `trial ${number} (${labels.get(number) ?? ''}) failed: ${event.reason}; the other trials go on`,
        );
      } else if (event.type === 'interrupted') {
        running.delete(number);
        if (!isTerminal && event.epoch > 0)
          write(`trial ${number} stopped after epoch ${event.epoch}; it goes on from there\n`);
      }
      if (now() - drawnAt >= redrawMilliseconds) draw();
    },
    close() {
      erase();
    },
  };
}

const taskLosses = (metrics: Readonly<Record<string, number>>) =>
  Object.entries(metrics)
    .filter(([name]) => /^validation\/[^/]+\/loss$/.test(name))
    .map(([name, value]) => `${name.split('/')[1]} ${formatNumber(value)}`)
    .join('  ');

const short = (metric: string) => metric.replace(/^validation\//, '');
const cut = (line: string, columns: number) =>
  line.length < columns ? line : `${line.slice(0, columns - 2)}…`;
const bar = (fraction: number) => {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * 12);
  return '█'.repeat(full) + '░'.repeat(12 - full);
};

/** Four significant digits. */
export const formatNumber = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4)));

/** Milliseconds as `4.2 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.5) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
