/** @file Where the file of a process of ours is: among the sources, or bundled beside the asking file. */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface ChildFile {
  readonly path: string;
  readonly execArgv: string[];
}

/** `name` without its extension, seen from `url`. Sources run through tsx; bundles need nothing. */
export function childFile(url: string, name: string): ChildFile {
  const isSource = url.endsWith('.ts');
  const path = fileURLToPath(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, url));
  if (!isSource) return { path, execArgv: [] };
  const tsx = pathToFileURL(createRequire(url).resolve('tsx')).href;
  return { path, execArgv: ['--import', tsx] };
}
