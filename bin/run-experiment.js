#!/usr/bin/env node
// The command. A packed installation has its files in dist/; a checkout, which has no build after
// `npm ci`, bundles its sources into the cache, again whenever they change.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const has = (path) => existsSync(fileURLToPath(new URL(path, import.meta.url)));
if (has('../src/cli.ts')) {
  const { cachedBundle } = await import('../scripts/bundle.js');
  const bundled = await cachedBundle();
  if (bundled) await import(`file://${bundled}/cli.js`);
  else {
    // No cache to write to: the sources as they are, slower.
    const { register } = await import('tsx/esm/api');
    register();
    await import('../src/cli.ts');
  }
} else {
  await import('../dist/cli.js');
}
