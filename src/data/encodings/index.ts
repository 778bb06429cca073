/** @file The encodings of category columns. */
import type { Kind } from '../../spec/kind.ts';
import { embedding } from './embedding.ts';
import { oneHot } from './one-hot.ts';

export const encodings: readonly Kind[] = [oneHot, embedding];
