/** @file On what the figures were measured. */
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './child.ts';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGigabytes: number;
  readonly system: string;
  /** Of the last minute: what else kept the cores busy before the benchmark began. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function describeMachine(peerVersions: Readonly<Record<string, string>>): Machine {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()} ${arch()}`,
    load: loadavg()[0] ?? 0,
    versions: {
      [manifest.name]: manifest.version,
      node: process.versions.node,
      tfjs: manifest.dependencies['@tensorflow/tfjs'],
      ...peerVersions,
    },
  };
}

export function machineText(machine: Machine): string {
  const { cores, processor, memoryGigabytes, system, load, versions } = machine;
  const busy = load > 0.3 ? ' (something else is running: expect a wide spread)' : '';
  return [
    `${cores} cores of ${processor}, ${memoryGigabytes} GB, ${system}`,
    `load before the start ${load.toFixed(2)}${busy}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ].join('\n');
}
