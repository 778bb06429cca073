/** @file Files of runs and models: sent and fetched as streams, through the server or on this machine. */
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Api, get } from './api.ts';
import { invalid } from './mlflow-error.ts';
import { artifactOf, listOf, objectOf } from './read-wire.ts';
import type { Artifact, CallOptions } from './types.ts';

export type Content = string | Uint8Array | (() => Readable);

/** Where an artifact lies: behind a server's path, or in a folder of this machine. */
type Place =
  | { readonly kind: 'proxy'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string };

export function artifactsOf(api: Api) {
  const { transport } = api;
  return {
    /**
     * Sends one file under an artifact URI, `run.info.artifactUri` or `model.info.artifactUri`.
     * Sent again it replaces the first. A stream is made anew for each try, and never held whole.
     */
    async upload(
      artifactUri: string,
      path: string,
      content: Content,
      { signal, contentType }: CallOptions & { contentType?: string } = {},
    ): Promise<void> {
      const place = placeOf(artifactUri, path, `upload ${path}`);
      if (place.kind === 'file') return writeTo(place.path, content, signal);
      const body = () => (typeof content === 'function' ? content() : content);
      await transport.text({ method: 'PUT', path: place.path, body, contentType, signal });
    },
    /** The caller reads the stream to its end. */
    async download(
      artifactUri: string,
      path: string,
      { signal }: CallOptions = {},
    ): Promise<NodeJS.ReadableStream> {
      const place = placeOf(artifactUri, path, `download ${path}`);
      if (place.kind === 'file') return createReadStream(place.path);
      return transport.stream({ method: 'GET', path: place.path, signal });
    },
    /** One folder of a run; empty where there is none. */
    async list(runId: string, path?: string, options?: CallOptions): Promise<readonly Artifact[]> {
      const answer = await get(api, '/artifacts/list', { run_id: runId, path }, options);
      return listOf(objectOf(answer).files).map(artifactOf);
    },
    async delete(artifactUri: string, path: string, { signal }: CallOptions = {}): Promise<void> {
      const place = placeOf(artifactUri, path, `delete ${path}`);
      if (place.kind === 'file')
        throw invalid(`delete ${path}`, 'files outside of a server are not deleted');
      await transport.text({ method: 'DELETE', path: place.path, signal });
    },
  };
}

/** fetch and servers resolve `..` by themselves: such a path could reach another run. */
function checkPath(path: string, request: string): void {
  const parts = path.split(/[/\\]/);
  if (path === '' || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw invalid(
      request,
      `"${path}" is no path below a run: its parts must not be empty, "." or ".."`,
    );
  if (path.includes('#')) throw invalid(request, `MLflow takes no # in a path: "${path}"`);
}

function placeOf(artifactUri: string, path: string, request: string): Place {
  checkPath(path, request);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(artifactUri)?.[1];
  if (proxied !== undefined) {
    const folder = proxied.split('/').filter(Boolean).join('/');
    return { kind: 'proxy', path: `/api/2.0/mlflow-artifacts/artifacts/${folder}/${encoded}` };
  }
  const served = /^https?:\/\/[^/]+(?:\/.*)?(\/api\/2\.0\/mlflow-artifacts\/artifacts\/.*)$/.exec(
    artifactUri,
  )?.[1];
  if (served !== undefined)
    return { kind: 'proxy', path: `${served.replace(/\/$/, '')}/${encoded}` };
  const folder = localFolder(artifactUri);
  if (folder !== undefined) return { kind: 'file', path: join(folder, path) };
  throw invalid(
    request,
    `the artifacts lie at ${artifactUri.replace(/:\/\/[^/\s@]+@/, '://')}, which only MLflow’s server can reach`,
    'Start the server without --no-serve-artifacts, so that it takes them itself',
  );
}

/** A folder that this machine shares with the server. */
function localFolder(uri: string): string | undefined {
  const path = uri.startsWith('file:') ? fileURLToPath(uri) : uri.startsWith('/') ? uri : undefined;
  // Its folder is made by the server: where that is not to be seen, this is another machine.
  return path !== undefined && [path, dirname(path), dirname(dirname(path))].some(existsSync)
    ? path
    : undefined;
}

async function writeTo(path: string, content: Content, signal?: AbortSignal): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const source = typeof content === 'function' ? content() : Readable.from([Buffer.from(content)]);
  await pipeline(source, createWriteStream(path), { signal });
}
