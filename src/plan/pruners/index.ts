import type { PrunerKind } from '../define-pruner.ts';
import { asha } from './asha.ts';
import { hyperband } from './hyperband.ts';
import { median } from './median.ts';
import { patience } from './patience.ts';
import { race } from './race.ts';

export const pruners: readonly PrunerKind[] = [asha, hyperband, median, patience, race];
