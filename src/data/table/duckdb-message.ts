/** @file DuckDB's error messages, cut down to what a person needs. */

/**
 * Up to four lines, without what DuckDB says about its own options, and without the SQL that we
 * wrote ourselves: `ownLines` of it stand before the person's own query, or all.
 */
export function firstLines(message: string, ownLines = Number.POSITIVE_INFINITY): string {
  const lines = message.split('\n').map((line) => line.trimEnd());
  const end = lines.findIndex((line) => {
    const number = /^LINE (\d+):/.exec(line)?.[1];
    if (number !== undefined) return Number(number) <= ownLines;
    return /^(Possible (fixes|[Ss]olutions?)|The search space|\s*file = )/.test(line);
  });
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.trim() !== '')
    .slice(0, 4)
    .map((line) => (line.length > 200 ? `${line.slice(0, 197)}…` : line))
    .map((line) =>
      line.replace(/^LINE (\d+):/, (_, number) => `line ${Number(number) - ownLines}:`),
    )
    .join('\n');
}

/** The message of an error of DuckDB's; undefined for any other, which is not to be caught. */
export function duckdbMessage(error: unknown): string | undefined {
  const isDuckdb =
    error instanceof Error && /^[A-Z][A-Za-z /-]* (Error|exception): /i.test(error.message);
  return isDuckdb ? error.message : undefined;
}
