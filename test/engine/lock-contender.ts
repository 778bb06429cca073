/** @file A process that takes a lock again and again, and tells when it was not alone with it. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../../src/engine/process-lock.ts';

const [folder = '', rounds = '0'] = process.argv.slice(2);
const path = join(folder, 'lock');
const inside = join(folder, 'inside');
let held = 0;
for (let round = 0; round < Number(rounds); ) {
  const lock = takeLock(path);
  if (!lock.ok) continue;
  round += 1;
  held += 1;
  writeFileSync(inside, String(process.pid), { flag: 'wx' }); // Throws where another one is inside.
  rmSync(inside);
  // Every third time its lock is left behind as a dead process leaves it, half of those empty.
  if (round % 3 === 0) writeFileSync(path, round % 2 === 0 ? '' : '4194303 1');
  else lock.release();
}
if (existsSync(path)) takeLock(path);
process.stdout.write(String(held));
