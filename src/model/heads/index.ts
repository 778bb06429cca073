import type { HeadKind } from '../define-head.ts';
import { binary } from './binary.ts';
import { multiclass } from './multiclass.ts';
import { multilabel } from './multilabel.ts';
import { regression } from './regression.ts';

export const heads: readonly HeadKind[] = [binary, multiclass, multilabel, regression];
