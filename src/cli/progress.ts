/** @file Progress on stderr: one live table in a terminal, plain lines in a pipe. */
import type { TrialEvent } from '../execute/trial-event.ts';
import type { EventOutcome } from '../experiment.ts';

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
  /** With those that the sweep may add; null: nobody knows. */
  readonly most: number | null;
  readonly jobs: number;
  /** The head's own yardsticks: `validation/stay/mae`. */
  readonly metrics: readonly string[];
  readonly directions: Readonly<Record<string, 'minimize' | 'maximize'>>;
}

const plainly: EventOutcome = { isRetried: false, pruned: null };

export interface Progress {
  event(event: TrialEvent, outcome?: EventOutcome): void;
  /** Trials that the sweep has added. */
  add(trials: readonly ProgressTrial[]): void;
  /** A line for the user, above the table. */
  say(line: string): void;
  close(): void;
}

interface Running {
  readonly epoch: number;
  /** Infinite until the first step. */
  readonly epochs: number;
  readonly losses: string;
}

/** What is known while trials run. */
interface Standing {
  readonly labels: Map<number, string>;
  readonly running: Map<number, Running>;
  readonly best: Map<string, number>;
  done: number;
  readonly begin: number;
}

const redrawMilliseconds = 200;

export function createProgress(options: ProgressOptions): Progress {
  const { write, isTerminal, now } = options;
  const labels = new Map(options.trials.map(({ number, label }) => [number, label]));
  const standing: Standing = {
    labels,
    running: new Map(),
    best: new Map(),
    done: 0,
    begin: now(),
  };
  let drawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const erase = () => {
    if (drawn > 0) write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    if (!isTerminal) return;
    erase();
    const lines = tableLines(standing, options).map((line) => cut(line, options.columns));
    write(`${lines.join('\n')}\n`);
    drawn = lines.length;
    drawnAt = now();
  };
  const say = (line: string) => {
    erase();
    write(`${line}\n`);
    draw();
  };
  return {
    say,
    add(trials) {
      for (const { number, label } of trials) labels.set(number, label);
    },
    event(event, outcome = plainly) {
      follow(standing, event, options, outcome);
      const line = lineOf(standing, event, options, outcome);
      if (line && (!isTerminal || event.type === 'failed')) say(line);
      else if (now() - drawnAt >= redrawMilliseconds) draw();
    },
    close: erase,
  };
}

function follow(
  standing: Standing,
  event: TrialEvent,
  options: ProgressOptions,
  { isRetried, pruned }: EventOutcome,
): void {
  const { running } = standing;
  const { number } = event;
  const state = running.get(number);
  if (event.type === 'started') {
    running.set(number, { epoch: event.fromEpoch, epochs: Number.POSITIVE_INFINITY, losses: '' });
  } else if (event.type === 'progress' && state) {
    running.set(number, { ...state, epoch: event.epoch, epochs: event.epochs });
  } else if (event.type === 'epoch' && state) {
    running.set(number, { ...state, losses: taskLosses(event.metrics) });
  } else if (event.type === 'finished' || event.type === 'failed' || event.type === 'interrupted') {
    running.delete(number);
    if ((event.type !== 'interrupted' && !isRetried) || pruned) standing.done += 1;
    if (event.type === 'finished') keepBest(standing, event.metrics, options);
  }
}

function keepBest(
  { best }: Standing,
  metrics: Readonly<Record<string, number>>,
  { metrics: names, directions }: ProgressOptions,
): void {
  for (const name of names) {
    const value = metrics[name];
    if (value === undefined || Number.isNaN(value)) continue;
    const before = best.get(name);
    const isBetter =
      directions[name] === 'minimize' ? value < (before ?? value) : value > (before ?? value);
    if (before === undefined || isBetter) best.set(name, value);
  }
}

function tableLines(standing: Standing, options: ProgressOptions): readonly string[] {
  const { running, best, done } = standing;
  const rows = [...running].map(([number, { epoch, epochs, losses }]) => {
    const where = Number.isFinite(epochs) ? `epoch ${Math.floor(epoch)}/${epochs}` : 'starting';
    return `  trial ${number}  ${bar(epoch / epochs)} ${where}  ${losses}  ${standing.labels.get(number) ?? ''}`;
  });
  const bests = [...best].map(([metric, value]) => `best ${short(metric)} ${formatNumber(value)}`);
  const parts = [
    options.most === null ? `${done} trials` : `${done} of ${options.most} trials`,
    ...bests,
    timeLeft(standing, options),
  ];
  return [...rows, parts.filter(Boolean).join(' · ')];
}

/** What a pipe is told of an event; undefined for nothing. */
function lineOf(
  standing: Standing,
  event: TrialEvent,
  options: ProgressOptions,
  { isRetried, pruned }: EventOutcome,
): string | undefined {
  const { number } = event;
  const trial = `trial ${number} (${standing.labels.get(number) ?? ''})`;
  if (event.type === 'failed') {
    return `${trial} failed: ${event.reason}; ${isRetried ? 'it is tried again' : 'the other trials go on'}`;
  }
  if (event.type === 'interrupted' && pruned)
    return event.epoch > 0 ? `${trial} was pruned: ${pruned}` : undefined;
  if (event.type === 'interrupted' && event.epoch > 0) {
    return `trial ${number} stopped after epoch ${event.epoch}; it goes on from there`;
  }
  if (event.type !== 'finished') return undefined;
  const values = options.metrics
    .filter((metric) => event.metrics[metric] !== undefined)
    .map((metric) => `${short(metric)} ${formatNumber(event.metrics[metric])}`);
  const epochs = `${event.epochs} epochs (best ${event.bestEpoch})`;
  const parts = [
    ...values,
    epochs,
    formatDuration(event.seconds * 1000),
    timeLeft(standing, options),
  ];
  return `${trial}: ${parts.filter(Boolean).join(' · ')}`;
}

/** From the time that the trials so far took; nothing before half a trial is done. */
function timeLeft({ running, done, begin }: Standing, { now, most }: ProgressOptions): string {
  const parts = [...running.values()].reduce((sum, { epoch, epochs }) => sum + epoch / epochs, 0);
  const worked = done + parts;
  if (most === null || worked < 0.5 || worked >= most) return '';
  return `about ${formatDuration(((now() - begin) / worked) * (most - worked))} left`;
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
