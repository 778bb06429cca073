/**
 * @file `npm run torture`: every kind of disturbance in its full count, and a table of what changed.
 * `npm run torture -- disk clock` takes those kinds whose name has one of the words, and
 * `--tries 3` that many of each.
 */
import { parseArgs } from 'node:util';
import { kinds } from './kinds.ts';
import type { Verdict } from './sweep.ts';

const { positionals: words, values } = parseArgs({
  allowPositionals: true,
  options: { tries: { type: 'string' } },
});
const chosen = kinds.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const timed: { readonly verdict: Verdict; readonly seconds: number }[] = [];
for (const { torture, full, spec } of chosen) {
  const begin = performance.now();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const verdict = await torture({ tries: Number(values.tries ?? full), spec, say });
  timed.push({ verdict, seconds: (performance.now() - begin) / 1000 });
  for (const difference of verdict.differences) say(difference);
}

const cells = timed.map(({ verdict, seconds }) => {
  const { kind, tries, resumed, differences, skipped } = verdict;
  return skipped
    ? [kind, '0', '', '', `not tried: ${skipped}`]
    : [kind, String(tries), String(resumed), seconds.toFixed(0), String(differences.length)];
});
const rows = [['disturbance', 'tries', 'resumed trials', 's', 'differences'], ...cells];
const widths = [0, 1, 2, 3].map((column) =>
  Math.max(...rows.map((row) => row[column]?.length ?? 0)),
);
for (const row of rows)
  process.stdout.write(
    `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`,
  );
process.exitCode = timed.every(({ verdict }) => verdict.differences.length === 0) ? 0 : 1;
