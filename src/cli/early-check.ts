/** @file What is wrong with a spec's file before anything else is loaded: said at once. */
import { readSpecFile } from '../spec/parse-spec.ts';
import { renderProblems } from '../spec/render.ts';
import { readYaml } from '../spec/text/read-yaml.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';

/** 2 where the file cannot be read as YAML at all; else undefined, and the whole check follows. */
export function checkEarly(file: string, { json }: CommonOptions): ExitStatus | undefined {
  const read = readSpecFile(file);
  const yaml = read.ok
    ? readYaml(read.text, file)
    : { ok: false as const, problems: [read.problem] };
  if (yaml.ok) return undefined;
  if (json) output.result(JSON.stringify({ problems: yaml.problems }, null, 2));
  else output.note(renderProblems(yaml.problems));
  return 2;
}
