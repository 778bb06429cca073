/** @file What `gc` freed, or would free, in lines. */

interface Freed {
  readonly bytes: number;
  readonly reason: string;
}

/** One line a reason, not one a file: a sweep has thousands. */
export function leftoverLines(leftovers: readonly Freed[], dryRun: boolean): readonly string[] {
  if (leftovers.length === 0) return ['  nothing to remove'];
  const verb = dryRun ? 'would free' : 'freed';
  return [...new Set(leftovers.map(({ reason }) => reason))].map((reason) => {
    const those = leftovers.filter((each) => each.reason === reason);
    const size = sizeText(sum(those.map(({ bytes }) => bytes)));
    return `  ${verb} ${size}: ${reason}${those.length > 1 ? ` (${those.length} times)` : ''}`;
  });
}

export const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);

/** `1.8 MB`; decimal, as disks are sold and `df -H` says. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  if (power === 0) return `${bytes} bytes`;
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
