/** @file Whom to trust and who we are, by the variables of MLflow's own client. */
import { readFileSync } from 'node:fs';
import { invalid } from './mlflow-error.ts';
import type { Environment } from './types.ts';

export interface TlsOptions {
  readonly rejectUnauthorized?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export function tlsOf(env: Environment): TlsOptions {
  const ca = env.MLFLOW_TRACKING_SERVER_CERT_PATH;
  const client = env.MLFLOW_TRACKING_CLIENT_CERT_PATH;
  const isInsecure = /^(true|1)$/i.test(env.MLFLOW_TRACKING_INSECURE_TLS ?? '');
  if (isInsecure && ca)
    throw invalid(
      'connect',
      'MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each other',
    );
  return {
    ...(isInsecure ? { rejectUnauthorized: false } : {}),
    ...(ca ? { ca: readPem(ca, 'MLFLOW_TRACKING_SERVER_CERT_PATH') } : {}),
    ...(client ? both(readPem(client, 'MLFLOW_TRACKING_CLIENT_CERT_PATH')) : {}),
  };
}

/** One file holds certificate and key, as the Python client takes it. */
const both = (pem: string) => ({ cert: pem, key: pem });

function readPem(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = Object(error);
    throw invalid('connect', `${variable} names ${path}, which cannot be read (${code})`);
  }
}
