/** @file Tries an engine in a process of its own, where a crash of native code harms nobody. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
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
  const isSource = import.meta.url.endsWith('.ts');
  const moduleUrl = new URL(isSource ? './load.ts' : './load.js', import.meta.url).href;
  const tsx = isSource
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  const { status, stderr } = await runProgram(
    process.execPath,
    [...tsx, '--input-type=module', '--eval', script(moduleUrl, plan)],
    { env: { ...process.env, ...engineEnvironment(plan) }, timeout: 60_000 },
  );
  return status === 0
    ? { ok: true }
    : { ok: false, reason: lastLine(stderr) || `exit status ${status}` };
}
