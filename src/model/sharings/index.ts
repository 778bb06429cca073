import type { SharingKind } from '../define-sharing.ts';
import { hard } from './hard.ts';

export const sharings: readonly SharingKind[] = [hard];
