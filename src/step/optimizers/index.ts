import type { OptimizerKind } from '../define.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { momentum } from './momentum.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export const optimizers: readonly OptimizerKind[] = [sgd, momentum, adam, adamw, rmsprop, adagrad];
