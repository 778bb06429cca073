/** @file The path of a logged model: its number is a part of it. */
import { named } from './api.ts';
import type { Method } from './transport.ts';
import { wireId } from './values.ts';

/** Throws an `MlflowError` where there is no number: the path would be that of all models. */
export function modelPath(modelId: string, method: Method, rest = ''): string {
  const id = wireId(modelId, 'the model', named(method, `/logged-models/…${rest}`));
  return `/logged-models/${encodeURIComponent(id)}${rest}`;
}
