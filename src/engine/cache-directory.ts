/** @file Where downloaded and compiled things are kept between runs. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `RUN_EXPERIMENT_CACHE`, or the system's folder for caches. */
export function cacheDirectory(): string {
  const { RUN_EXPERIMENT_CACHE, XDG_CACHE_HOME } = process.env;
  if (RUN_EXPERIMENT_CACHE) return RUN_EXPERIMENT_CACHE;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'run-experiment');
  const caches = process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  return join(homedir(), ...caches, 'run-experiment');
}
