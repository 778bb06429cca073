/** @file DuckDB's error messages, cut down to what a person needs. */

/** Up to four lines, without what DuckDB says about its own options. */
export function firstLines(message: string): string {
  const lines = message.split('\n').map((line) => line.trimEnd());
  const end = lines.findIndex((line) =>
    /^(Possible solutions|\s*file = |LINE \d+: (CREATE|SELECT \*|DESCRIBE))/.test(line),
  );
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.trim() !== '')
    .slice(0, 4)
    .map((line) => (line.length > 200 ? `${line.slice(0, 197)}…` : line))
    .join('\n');
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
