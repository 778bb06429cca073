/** @file Where a run keeps how far it has been sent. */
import { join } from 'node:path';

/** `name` is a target's. */
export const cursorPath = (folder: string, name: string): string =>
  join(folder, 'mlflow', `${name}.jsonl`);
