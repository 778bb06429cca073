import type { WeightingKind } from '../define.ts';
import { fixed } from './fixed.ts';
import { uncertainty } from './uncertainty.ts';

export const weightings: readonly WeightingKind[] = [fixed, uncertainty];
