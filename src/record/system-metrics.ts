/** @file What the machine does while trials run, under the names that MLflow has for it. */
import { statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import type { TrialEvent } from '../execute/trial-event.ts';
import type { Journal } from './journal.ts';
import type { MetricRecord } from './journal-record.ts';

interface CpuTimes {
  readonly busy: number;
  readonly all: number;
}

/**
 * Journals a sample of each running trial every `interval` milliseconds, and one at its end, so
 * that a trial of a second has one too. Its processor time is the machine's since the sample before.
 */
export function createSystemMonitor(
  folder: string,
  journal: Pick<Journal, 'append'>,
  now: () => Date,
  interval = sampleMilliseconds(),
) {
  const running = new Map<number, CpuTimes>();
  const sample = (number: number, before: CpuTimes) => {
    const times = cpuTimes();
    running.set(number, times);
    if (times.all === before.all) return;
    const time = now().toISOString();
    journal.append({
      type: 'system',
      time,
      number,
      metrics: machineMetrics(folder, before, times),
    });
  };
  const timer = setInterval(() => {
    for (const [number, before] of running) sample(number, before);
  }, interval);
  timer.unref();
  return {
    /** To be called before the event itself is recorded. */
    event({ type, number }: TrialEvent): void {
      if (type === 'started') running.set(number, cpuTimes());
      if (type !== 'finished' && type !== 'failed' && type !== 'interrupted') return;
      const before = running.get(number);
      if (before) sample(number, before);
      running.delete(number);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** As for MLflow's own client: seconds in MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL, else ten. */
function sampleMilliseconds(): number {
  const seconds = Number(process.env.MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL);
  return 1000 * (seconds > 0 ? Math.max(0.1, seconds) : 10);
}

function cpuTimes(): CpuTimes {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({
    busy: user + nice + sys + irq,
    all: user + nice + sys + irq + idle,
  }));
  const sum = (key: 'busy' | 'all') => times.reduce((total, each) => total + each[key], 0);
  return { busy: sum('busy'), all: sum('all') };
}

function machineMetrics(folder: string, before: CpuTimes, times: CpuTimes): MetricRecord {
  const used = totalmem() - freemem();
  const { blocks, bavail, bsize } = statfsSync(folder);
  const tenths = (value: number) => Math.round(10 * value) / 10;
  return {
    cpu_utilization_percentage: tenths(
      (100 * (times.busy - before.busy)) / (times.all - before.all),
    ),
    system_memory_usage_megabytes: tenths(used / 1e6),
    system_memory_usage_percentage: tenths((100 * used) / totalmem()),
    disk_usage_megabytes: tenths(((blocks - bavail) * bsize) / 1e6),
    disk_usage_percentage: tenths((100 * (blocks - bavail)) / blocks),
    disk_available_megabytes: tenths((bavail * bsize) / 1e6),
  };
}
