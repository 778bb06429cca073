/** @file Tries an engine in a process of its own, where a crash of native code harms nobody. */
import { pathToFileURL } from 'node:url';
import { childFile } from './child-file.ts';
import type { Attempt, EnginePlan } from './engine-plan.ts';
import { engineEnvironment } from './load.ts';
import { lastLine, runProgram } from './run-program.ts';

const script = (moduleUrl: string, plan: EnginePlan) => `
  const { loadEngine } = await import(${JSON.stringify(moduleUrl)});
  const loaded = await loadEngine(${JSON.stringify(plan)});
  if (!loaded.ok) { console.error(loaded.reason); process.exit(1); }
`;

/** Whether the engine loads; the reason if not. */
export async function loadInChild(plan: EnginePlan): Promise<Attempt<object>> {
  const { path, execArgv } = childFile(import.meta.url, 'load');
  const { status, stderr } = await runProgram(
    process.execPath,
    [...execArgv, '--input-type=module', '--eval', script(pathToFileURL(path).href, plan)],
    { env: { ...process.env, ...engineEnvironment(plan) }, timeout: 60_000 },
  );
  return status === 0
    ? { ok: true }
    : { ok: false, reason: lastLine(stderr) || `exit status ${status}` };
}
