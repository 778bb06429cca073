/** @file The files in which users keep their credentials: `[section]` and `key = value`. */
import { existsSync, readFileSync } from 'node:fs';

/** Values by section and key, the keys in small letters; nothing where there is no file. */
export function readIni(path: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sections: Record<string, Record<string, string>> = {};
  if (!existsSync(path)) return sections;
  let current: Record<string, string> = {};
  for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^\s*([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined) {
      current = sections[section] ?? {};
      sections[section] = current;
    } else if (key !== undefined && value !== undefined) current[key.toLowerCase()] = value;
  }
  return sections;
}
