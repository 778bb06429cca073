/** @file The commands about specs: `validate`, `plan`, `init`, `explain`, `schema`. */

import { existsSync, writeFileSync } from 'node:fs';
import { catalog } from '../catalog.ts';
import type { EngineRequest } from '../engine/index.ts';
import { initSpec } from '../init.ts';
import { loadExperiment } from '../load-experiment.ts';
import { describePlan } from '../plan-experiment.ts';
import { composeSchema, explain, renderProblems } from '../spec/index.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';
import { reportProblems } from './run-command.ts';

export async function validateCommand(
  files: readonly string[],
  options: CommonOptions,
): Promise<ExitStatus> {
  const results = [];
  for (const file of files) {
    const loaded = await loadExperiment({ file, overrides: [], env: process.env });
    results.push({ file, problems: loaded.ok ? [] : loaded.problems });
  }
  if (options.json) output.result(JSON.stringify({ files: results }, null, 2));
  for (const { file, problems } of options.json ? [] : results) {
    if (problems.length > 0) output.note(renderProblems(problems));
    else output.result(`${file}: valid`);
  }
  return results.every(({ problems }) => problems.length === 0) ? 0 : 2;
}

export async function planCommand(
  file: string,
  overrides: readonly string[],
  options: CommonOptions & {
    readonly engine: EngineRequest;
    readonly jobs?: number;
  },
): Promise<ExitStatus> {
  const loaded = await loadExperiment({ file, overrides, env: process.env });
  if (!loaded.ok) return reportProblems(loaded.problems, options);
  const plan = await describePlan(loaded.experiment, options, output.note);
  if (!plan.ok) {
    output.note(`run-experiment: ${plan.reason}`);
    return 2;
  }
  output.result(options.json ? JSON.stringify(plan.plan, null, 2) : plan.text);
  return 0;
}

export async function initCommand(
  data: string,
  options: CommonOptions & { readonly out?: string },
): Promise<ExitStatus> {
  const made = await initSpec(data);
  if (!made.ok) {
    output.note(`run-experiment: ${made.reason}`);
    return 2;
  }
  if (options.out === undefined) {
    output.result(options.json ? JSON.stringify({ spec: made.text }) : made.text);
    return 0;
  }
  if (existsSync(options.out)) {
    output.note(`run-experiment: ${options.out} is there already; name another file`);
    return 2;
  }
  writeFileSync(options.out, made.text, { flag: 'wx' });
  output.note(`${options.out} is written; check it with run-experiment validate ${options.out}`);
  return 0;
}

export function explainCommand(subject: string, options: CommonOptions): ExitStatus {
  const explained = explain(subject, catalog);
  if (!explained.ok) {
    output.note(`run-experiment: ${explained.reason}`);
    return 2;
  }
  output.result(options.json ? JSON.stringify({ text: explained.text }) : explained.text);
  return 0;
}

export function schemaCommand(): ExitStatus {
  output.result(JSON.stringify(composeSchema(catalog), null, 2));
  return 0;
}
