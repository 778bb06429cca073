/** @file Where workers of this machine keep what they fetch, unless they are told otherwise. */
import { join } from 'node:path';
import { cacheDirectory } from '../engine/index.ts';

export const workerCache = (): string => join(cacheDirectory(), 'worker-data');
