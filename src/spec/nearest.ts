/** @file "Did you mean": the name nearest to what was written. */
import { closest, distance } from 'fastest-levenshtein';

/** The nearest candidate, unless it is too far to be meant. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const lower = written.toLowerCase();
  const same = candidates.find((candidate) => candidate.toLowerCase() === lower);
  const best = same ?? closest(written, [...candidates]);
  return distance(lower, best.toLowerCase()) <= Math.max(2, written.length / 3) ? best : undefined;
}

/** `Did you mean "huber"? Losses: huber, poisson` */
export function suggestion(written: string, candidates: readonly string[], title: string): string {
  const near = nearest(written, candidates);
  const list = candidates.slice(0, 40).join(', ') + (candidates.length > 40 ? ', …' : '');
  return `${near === undefined ? '' : `Did you mean "${near}"? `}${title}: ${list || 'none'}`;
}
