/** @file What happens to a run as a whole: it ends, gets another name, is deleted or restored. */
import { type Api, named, post } from './api.ts';
import { textLimits } from './limits.ts';
import { type CallOptions, type RunStatus, runStatuses } from './types.ts';
import { wireChoice, wireId, wireText, wireTime } from './values.ts';
import { cutText } from './write-wire.ts';

export interface RunChange {
  readonly runId: string;
  readonly status?: RunStatus;
  /** Milliseconds since 1970. A run that is RUNNING again keeps the one that it had. */
  readonly endTime?: number;
  readonly runName?: string;
}

export interface RunChangesApi {
  update(change: RunChange, options?: CallOptions): Promise<void>;
  /** It can be restored. */
  delete(runId: string, options?: CallOptions): Promise<void>;
  restore(runId: string, options?: CallOptions): Promise<void>;
}

export function runChangesOf(api: Api): RunChangesApi {
  const change =
    (path: string) =>
    async (runId: string, { signal }: CallOptions = {}): Promise<void> => {
      await post(api, path, { run_id: wireId(runId, 'the run', named('POST', path)) }, { signal });
    };
  return {
    async update({ runId, status, endTime, runName }, { signal } = {}) {
      const path = '/runs/update';
      const request = named('POST', path);
      const body = {
        run_id: wireId(runId, 'the run', request),
        ...(status === undefined
          ? {}
          : { status: wireChoice(status, runStatuses, 'the status', request) }),
        ...(endTime === undefined ? {} : { end_time: wireTime(endTime, 'the end time', request) }),
        ...(runName === undefined ? {} : { run_name: nameOf(api, runName, request) }),
      };
      await post(api, path, body, { signal });
    },
    delete: change('/runs/delete'),
    restore: change('/runs/restore'),
  };
}

/** As it is sent: PostgreSQL refuses a longer one, SQLite keeps it. */
export function nameOf({ warn }: Api, name: string, request: string): string {
  const text = wireText(name, "the run's name", request);
  return cutText(text, textLimits.runName, `the run's name "${text.slice(0, 40)}…"`, warn);
}
