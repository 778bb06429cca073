/** @file A folder that runner and workers share, by whatever network file system. */
import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DataPlace } from './place.ts';

export function folderPlace(text: string): DataPlace {
  const root = resolve(text);
  const pathOf = (folder: string, file: string) => join(root, folder, file);
  return {
    shown: root,
    has: async (folder, file) => existsSync(pathOf(folder, file)),
    async write(folder, file, content) {
      const path = pathOf(folder, file);
      const part = `${path}.${randomBytes(4).toString('hex')}.part`;
      mkdirSync(join(root, folder), { recursive: true });
      try {
        await pipeline(content(), createWriteStream(part));
        renameSync(part, path);
      } finally {
        rmSync(part, { force: true });
      }
    },
    async read(folder, file) {
      const path = pathOf(folder, file);
      return existsSync(path) ? createReadStream(path) : null;
    },
  };
}
