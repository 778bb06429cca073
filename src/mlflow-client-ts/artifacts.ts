/** @file Files of runs and models: sent and fetched as streams, through the server or on this machine. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Api, get, named } from './api.ts';
import { artifactPlace } from './artifact-place.ts';
import { invalid, isGone } from './mlflow-error.ts';
import { artifactOf, type Json, listOf, textOf } from './read-wire.ts';
import { type Content, sizedContent } from './sized-content.ts';
import type { Artifact, CallOptions } from './types.ts';
import { wireId } from './values.ts';

export interface UploadOptions extends CallOptions {
  /** Default: application/octet-stream. MLflow itself goes by the extension. */
  readonly contentType?: string;
  /** Bytes of a stream, which is then sent as it comes; else a temporary file takes it first. */
  readonly size?: number;
}

/** An artifact URI is `run.info.artifactUri` or `model.info.artifactUri`; a path is below it. */
export interface ArtifactsApi {
  /** Sent again it replaces the first. A stream is never held whole in memory. */
  upload(
    artifactUri: string,
    path: string,
    content: Content,
    options?: UploadOptions,
  ): Promise<void>;
  /** To be read to its end, or destroyed. What breaks off later is an `MlflowError` of the stream. */
  download(artifactUri: string, path: string, options?: CallOptions): Promise<Readable>;
  /** One folder of a run; empty where there is none. */
  list(runId: string, path?: string, options?: CallOptions): Promise<readonly Artifact[]>;
  /** A file, or a folder with all that is in it. */
  delete(artifactUri: string, path: string, options?: CallOptions): Promise<void>;
}

export function artifactsOf(api: Api): ArtifactsApi {
  const { transport } = api;
  const server = transport.connection.uri;
  return {
    async upload(artifactUri, path, content, { signal, contentType, size } = {}) {
      const request = `upload ${path}`;
      const place = artifactPlace(artifactUri, path, server, request);
      checkContent(content, request);
      if (place.kind === 'file') return write(place.path, content, signal);
      await using sized = await sizedContent(content, size, request, signal);
      const { make: body, length } = sized;
      await transport.text({ method: 'PUT', path: place.url, body, length, contentType, signal });
    },
    async download(artifactUri, path, { signal } = {}) {
      const place = artifactPlace(artifactUri, path, server, `download ${path}`);
      if (place.kind === 'file') return read(place.path, path, signal);
      return transport.stream({ method: 'GET', path: place.url, signal });
    },
    async list(runId, path, options) {
      const id = wireId(runId, 'the run', named('GET', '/artifacts/list'));
      return allFiles((token) => {
        const what = { run_id: id, path, page_token: token };
        return get(api, '/artifacts/list', what, options);
      });
    },
    async delete(artifactUri, path, { signal } = {}) {
      const place = artifactPlace(artifactUri, path, server, `delete ${path}`);
      if (place.kind === 'file') return rm(place.path, { recursive: true, force: true });
      await transport.text({ method: 'DELETE', path: place.url, signal, isDone: isGone });
    },
  };
}

/** Page by page; a folder that is not there has none. */
export async function allFiles(
  page: (token: string | undefined) => Promise<Json>,
): Promise<readonly Artifact[]> {
  const files: Artifact[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    files.push(...listOf(answer.files).map(artifactOf));
    token = textOf(answer.next_page_token) || undefined;
  } while (token !== undefined);
  return files;
}

function checkContent(content: unknown, request: string): void {
  if (typeof content === 'string' || typeof content === 'function') return;
  if (content instanceof Uint8Array) return;
  throw invalid(request, 'the content must be a text, bytes, or a function that makes a stream');
}

/** Nobody sees half a file. */
async function write(path: string, content: Content, signal?: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const staging = `${path}.${randomUUID()}`;
  const source = typeof content === 'function' ? content() : Readable.from([Buffer.from(content)]);
  try {
    await pipeline(source, createWriteStream(staging), { signal });
    await rename(staging, path);
  } catch (error) {
    await rm(staging, { force: true });
    throw error;
  }
}

async function read(file: string, path: string, signal?: AbortSignal): Promise<Readable> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return createReadStream(file, { signal });
  throw invalid(`download ${path}`, `${file} is no file`);
}
