/** @file Which MLflow server a run is sent to, by its spec and by the variables of MLflow's clients. */
import { createHash } from 'node:crypto';
import type { TrackingRecord } from '../record/index.ts';
import { withoutCredentials } from '../spec/index.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface TrackingTarget {
  /** May hold credentials: for the client only, never for a record. */
  readonly uri: string;
  readonly experiment: { readonly name: string } | { readonly id: string; readonly name?: string };
  /** The MLflow run to take as the sweep's own (MLFLOW_RUN_ID). */
  readonly runId: string | null;
  /** Where the best model is registered. */
  readonly registeredModel: string | null;
  /** Name of the cursor: the same server and experiment, the same cursor. */
  readonly cursor: string;
}

export type Target =
  | { readonly ok: true; readonly target: TrackingTarget }
  | { readonly ok: false; readonly reason: string };

/**
 * What the spec names comes first, then MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME or _ID, and
 * MLFLOW_RUN_ID. null where neither names a server.
 */
export function trackingTarget(
  experiment: string,
  tracking: TrackingRecord,
  env: Environment,
): Target | null {
  const uri = substituted(tracking.uri, env) || env.MLFLOW_TRACKING_URI || '';
  if (uri === '') return null;
  const reason = unusable(uri);
  if (reason) return { ok: false, reason };
  const name = substituted(tracking.experiment, env) || env.MLFLOW_EXPERIMENT_NAME;
  const id = tracking.experiment ? undefined : env.MLFLOW_EXPERIMENT_ID;
  const chosen = id ? { id, ...(name ? { name } : {}) } : { name: name ?? experiment };
  const target = {
    uri,
    experiment: chosen,
    runId: env.MLFLOW_RUN_ID || null,
    registeredModel: substituted(tracking.registeredModel, env) || null,
    cursor: cursorName(uri, chosen),
  };
  return { ok: true, target };
}

/** The server that `run-experiment ui` starts over `runs/`: its port changes, its store does not. */
export const localTarget = (experiment: string, uri: string): TrackingTarget => ({
  uri,
  experiment: { name: experiment },
  runId: null,
  registeredModel: null,
  cursor: 'local',
});

/** Records keep references: `${env:NAME}` and `${env:NAME,default}` mean what they mean in a spec. */
const substituted = (text: string | undefined, env: Environment) =>
  text?.replace(
    /\$\{env:([A-Za-z_]\w*)(?:,([^}]*))?\}/g,
    (_, name: string, byDefault: string | undefined) => env[name] ?? byDefault ?? '',
  );

function unusable(uri: string): string | undefined {
  if (/^https?:\/\/\S+$/i.test(uri) || /^databricks(:\/\/.*)?$/.test(uri)) return undefined;
  if (/^[\w.-]+:\d+(\/|$)/.test(uri))
    return `"${uri}" is no address of MLflow: expected http:// or https:// in front, http://${uri}`;
  return `MLflow at ${withoutCredentials(uri)} has no server to talk to: expected an address such as http://127.0.0.1:5000 (mlflow server --backend-store-uri ${withoutCredentials(uri)} serves it), or leave it out and look at runs with run-experiment ui`;
}

/** Credentials and a last slash do not make another server. */
function cursorName(uri: string, experiment: TrackingTarget['experiment']): string {
  const server = withoutCredentials(uri).replace(/\/+$/, '');
  const text = JSON.stringify([server, experiment]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
