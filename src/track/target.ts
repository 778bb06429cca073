/** @file Which MLflow server a run is sent to, by its spec and by the variables of MLflow's clients. */
import { createHash } from 'node:crypto';
import type { TrackingRecord } from '../record/index.ts';
import { withoutCredentials } from '../spec/index.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** By name, made if need be; by number; or that of the MLflow run to take as the sweep's own. */
export type TargetExperiment =
  | { readonly name: string }
  | { readonly id: string; readonly name?: string }
  /** MLFLOW_RUN_ID; a name is that of the spec, which has to fit. */
  | { readonly runId: string; readonly name?: string };

export interface TrackingTarget {
  /** May hold credentials: for the client only, never for a record. */
  readonly uri: string;
  readonly experiment: TargetExperiment;
  /** MLFLOW_WORKSPACE, which the client reads by itself. */
  readonly workspace: string | null;
  /** Where the best model is registered. */
  readonly registeredModel: string | null;
  /** Name of the cursor: the same server and experiment, the same cursor. */
  readonly cursor: string;
}

export type Target =
  | { readonly ok: true; readonly target: TrackingTarget }
  | { readonly ok: false; readonly reason: string };

/**
 * What the spec names comes first, then MLFLOW_TRACKING_URI and the variables that name an experiment.
 * null where neither names a server.
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
  const chosen = chosenExperiment(experiment, substituted(tracking.experiment, env), env);
  const target = {
    uri,
    experiment: chosen,
    workspace: env.MLFLOW_WORKSPACE || null,
    registeredModel: registeredModelOf(tracking, env),
    cursor: cursorName(uri, chosen, env.MLFLOW_WORKSPACE),
  };
  return { ok: true, target };
}

/** As in MLflow's Python client, a run that is named brings its experiment along. */
function chosenExperiment(
  byDefault: string,
  inSpec: string | undefined,
  { MLFLOW_RUN_ID: runId, MLFLOW_EXPERIMENT_ID: id, MLFLOW_EXPERIMENT_NAME: named }: Environment,
): TargetExperiment {
  if (runId) return { runId, ...(inSpec ? { name: inSpec } : {}) };
  if (inSpec) return { name: inSpec };
  if (id) return { id, ...(named ? { name: named } : {}) };
  return { name: named || byDefault };
}

/** The server that `run-experiment ui` starts over `runs/`: its port changes, its store does not. */
export const localTarget = (
  experiment: string,
  uri: string,
  registeredModel: string | null = null,
): TrackingTarget => ({
  uri,
  experiment: { name: experiment },
  workspace: null,
  registeredModel,
  cursor: 'local',
});

/** By the spec: null where it names none. */
export const registeredModelOf = (tracking: TrackingRecord, env: Environment): string | null =>
  substituted(tracking.registeredModel, env) || null;

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

/** Credentials and a last slash do not make another server; a workspace is one by itself. */
function cursorName(uri: string, experiment: TargetExperiment, workspace?: string): string {
  const server = withoutCredentials(uri).replace(/\/+$/, '');
  const text = JSON.stringify([server, experiment, ...(workspace ? [workspace] : [])]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
