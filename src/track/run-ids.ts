/** @file Which MLflow run each trial is, as far as it was sent anywhere. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCursor } from './cursor.ts';
import { cursorPath } from './cursor-path.ts';

/** By trial number; of several servers, the one last sent to counts. */
export function mlflowRunIds(folder: string): ReadonlyMap<number, string> {
  const place = dirname(cursorPath(folder, ''));
  if (!existsSync(place)) return new Map();
  const cursors = readdirSync(place)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(place, name))
    .sort((one, other) => statSync(one).mtimeMs - statSync(other).mtimeMs);
  return new Map(
    cursors.flatMap((path) =>
      [...readCursor(path, 'run')].map(([number, runId]) => [number, String(runId)] as const),
    ),
  );
}
