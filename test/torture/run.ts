/**
 * @file `npm run torture`: every kind of disturbance in its full count, and a table of what changed.
 * `npm run torture -- disk clock` takes those kinds whose name has one of the words.
 */
import { kinds } from './kinds.ts';
import { fullSpec, type Verdict } from './sweep.ts';

const words = process.argv.slice(2);
const chosen = kinds.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const verdicts: Verdict[] = [];
for (const { torture, full } of chosen) {
  const begin = performance.now();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const verdict = await torture({ tries: full, spec: fullSpec, say });
  verdicts.push(verdict);
  for (const difference of verdict.differences) say(difference);
  say(`${verdict.kind}: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}

const cells = verdicts.map(({ kind, tries, resumed, differences, skipped }) =>
  skipped
    ? [kind, '0', '', `not tried: ${skipped}`]
    : [kind, String(tries), String(resumed), String(differences.length)],
);
const rows = [['disturbance', 'tries', 'resumed trials', 'differences'], ...cells];
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
for (const row of rows)
  process.stdout.write(
    `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`,
  );
process.exitCode = verdicts.every(({ differences }) => differences.length === 0) ? 0 : 1;
