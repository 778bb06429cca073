/** @file Where an artifact lies: behind a server's address, or in a folder of this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutCredentials, withoutLastSlash } from './address.ts';
import { invalid } from './mlflow-error.ts';

export type ArtifactPlace =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

const service = '/api/2.0/mlflow-artifacts/artifacts';

/** Throws an `MlflowError` where this client cannot reach it. */
export function artifactPlace(
  artifactUri: string,
  path: string,
  server: string,
  request: string,
): ArtifactPlace {
  checkPath(path, request);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const [, scheme = '', rest = ''] = /^([a-z][\w+.-]*):(.*)$/is.exec(artifactUri) ?? [];
  switch (scheme.toLowerCase()) {
    case 'mlflow-artifacts':
      return { kind: 'server', url: `${proxied(rest, server)}/${encoded}` };
    case 'http':
    case 'https': {
      const url = new URL(artifactUri);
      [url.username, url.password, url.search, url.hash] = ['', '', '', ''];
      return { kind: 'server', url: `${withoutLastSlash(url.href)}/${encoded}` };
    }
    default: {
      const folder = localFolder(artifactUri);
      if (folder !== undefined) return { kind: 'file', path: join(folder, path) };
      throw unreachable(artifactUri, request);
    }
  }
}

/** Clients and servers resolve `..` by themselves: such a path could reach another run. */
function checkPath(path: string, request: string): void {
  const problem =
    path === '' || path.split('/').some((part) => part === '')
      ? 'it must not be empty, nor begin or end with a slash, nor have two of them in a row'
      : path.split(/[/\\]/).some((part) => part === '.' || part === '..')
        ? 'its parts must not be "." or ".."'
        : /[#\0]/.test(path)
          ? 'MLflow takes no # in it'
          : undefined;
  if (problem) throw invalid(request, `"${path}" is no path of an artifact: ${problem}`);
}

/** `/1/<run>/artifacts`, or `//host:port/1/<run>/artifacts`: a server for artifacts alone. */
function proxied(rest: string, server: string): string {
  const [, host = '', folder = rest] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  const { protocol, host: own, pathname } = new URL(server);
  const at = `${protocol}//${host.replace(/^.*@/, '') || own}${withoutLastSlash(pathname)}`;
  const parts = folder.split('/').filter(Boolean).map(encodedOnce);
  return [`${at}${service}`, ...parts].join('/');
}

/** What is encoded already stays as it is. */
const encodedOnce = (part: string) =>
  encodeURIComponent(part).replace(/%25([\da-f]{2})/gi, (_, digits) => `%${digits}`);

/**
 * A folder that this machine shares with the server. Folders of runs and models are made with their
 * first file: where not even their root is to be seen, this is another machine.
 */
function localFolder(uri: string): string | undefined {
  // `file://host/…` is of another machine.
  const path = /^file:(\/\/)?\/(?!\/)/.test(uri) ? fileURLToPath(uri) : uri;
  if (!path.startsWith('/')) return undefined;
  const root = path.replace(/\/[^/]+\/(models\/)?[^/]+\/artifacts\/?$/, '');
  return root !== '' && existsSync(root) ? path : undefined;
}

const unreachable = (uri: string, request: string) =>
  invalid(
    request,
    `its artifacts lie at ${withoutCredentials(uri)}, which this client cannot reach`,
    'Let the server take them: start it without --no-serve-artifacts, and make a new experiment',
  );
