/** @file `run-experiment doctor`: which engine will run, what is missing and how to get it. */
import { checkPrograms } from '../check-programs.ts';
import { diagnose } from '../engine/index.ts';
import { checkMlflow } from '../track/server/environment.ts';
import { type CommonOptions, type ExitStatus, output } from './output.ts';

export async function doctorCommand({ json }: CommonOptions): Promise<ExitStatus> {
  const engines = await diagnose();
  const programs = await checkPrograms();
  const checks = [...engines, ...(programs ? [programs] : []), await checkMlflow()];
  if (json) {
    output.result(JSON.stringify({ checks }, null, 2));
    return 0;
  }
  for (const { name, ok, detail, remedy } of checks) {
    output.result(`${ok ? '✓' : '✗'} ${name}: ${detail}`);
    if (remedy) output.result(`    ${remedy}`);
  }
  return 0;
}
