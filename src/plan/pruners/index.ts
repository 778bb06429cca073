import type { PrunerKind } from '../define-pruner.ts';

export const pruners: readonly PrunerKind[] = [];
