/** @file Which columns a feature group means: names, and globs where no column has that name. */

export interface ExpandedColumns {
  readonly columns: readonly string[];
  /** Indexes into `columns` of the group that match nothing. */
  readonly unmatched: readonly number[];
}

export function expandColumns(
  group: { readonly columns: readonly string[]; readonly exclude: readonly string[] },
  table: readonly string[],
): ExpandedColumns {
  const known = new Set(table);
  const found = new Set<string>();
  const unmatched: number[] = [];
  const excluded = group.exclude.map(matcher);
  for (const [index, pattern] of group.columns.entries()) {
    const matches = known.has(pattern) ? [pattern] : table.filter(matcher(pattern));
    if (matches.length === 0) unmatched.push(index);
    for (const name of matches)
      if (name === pattern || !excluded.some((matchesName) => matchesName(name))) found.add(name);
  }
  return { columns: [...found], unmatched };
}

/** `*` stands for any characters, `?` for one; a name is its own glob. */
function matcher(pattern: string): (name: string) => boolean {
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return (name) => name === pattern || expression.test(name);
}
