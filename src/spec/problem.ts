/** @file A mistake in a spec, as any part may report it; `spec/` turns its path into a position. */

/** Steps from the top of a spec to a value: `['shared', 'layers', 0, 'dense']`. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** What would have been right: `the name of a loss`. */
  readonly expected: string;
  /** What was there: `"huberr"`. Empty where nothing was. */
  readonly came: string;
  /** What to do, in one or two lines: `Did you mean "huber"? Losses: …`. */
  readonly hint?: string;
  /** Point at the key instead of at the value (unknown keys, duplicate keys). */
  readonly atKey?: boolean;
  /** What it speaks of, elsewhere in the spec: said only where that place is right itself. */
  readonly refersTo?: Path;
}

/** `shared.layers[0].dense.units`, the form used in sweeps, overrides and messages. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join('');
}

/** The reverse of `formatPath`. Returns undefined for text that is not a path. */
export function parsePath(text: string): Path | undefined {
  const steps: (string | number)[] = [];
  const pattern = /(?:^|\.)([^.[\]]+)|\[(\d+)\]/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    steps.push(match[1] ?? Number(match[2]));
  }
  return steps.length > 0 ? steps : undefined;
}
