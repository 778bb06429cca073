/** @file The server itself: whether it answers, and what it is. */
import type { Api } from './api.ts';
import { MlflowError } from './mlflow-error.ts';
import { textOf } from './read-wire.ts';
import type { CallOptions } from './types.ts';

export interface ServerInfo {
  /** `SqlStore`, `FileStore` */
  readonly storeType: string;
  readonly hasWorkspaces: boolean;
  readonly hasMultipartUploads: boolean;
  /** All that it says of itself, as it says it. */
  readonly all: Readonly<Record<string, unknown>>;
}

export interface ServerApi {
  /**
   * Whether it answers now; asked once, no error where it does not. It may do so and refuse the rest:
   * its host check lets this one through.
   */
  health(options?: CallOptions): Promise<boolean>;
  /** `3.17.2` */
  version(options?: CallOptions): Promise<string>;
  /** Of MLflow 3; an older one answers 404. */
  info(options?: CallOptions): Promise<ServerInfo>;
}

export const serverOf = ({ transport }: Api): ServerApi => ({
  async health({ signal } = {}) {
    try {
      return await transport
        .text({ method: 'GET', path: '/health', signal, isOnce: true })
        .then((text) => text.trim() === 'OK');
    } catch (error) {
      if (error instanceof MlflowError) return false;
      throw error;
    }
  },
  async version({ signal } = {}) {
    return (await transport.text({ method: 'GET', path: '/version', signal })).trim();
  },
  async info({ signal } = {}) {
    const path = '/api/3.0/mlflow/server-info';
    const all = await transport.json({ method: 'GET', path, signal });
    return {
      storeType: textOf(all.store_type),
      hasWorkspaces: all.workspaces_enabled === true,
      hasMultipartUploads: all.multipart_uploads_enabled === true,
      all,
    };
  },
});
