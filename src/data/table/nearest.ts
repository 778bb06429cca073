/** @file What a person may have meant by a name that does not exist. */
import { distance } from 'fastest-levenshtein';

const mostNames = 60;

/** Candidates that are spelled nearly so, nearest first. */
export function nearNames(name: string, candidates: readonly string[]): string[] {
  const farthest = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  const far = (candidate: string) => distance(name.toLowerCase(), candidate.toLowerCase());
  return candidates
    .map((candidate) => ({ candidate, far: far(candidate) }))
    .filter(({ far }) => far <= farthest)
    .sort((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `Did you mean "age"? Columns: age, race, …` */
export function suggest(name: string, candidates: readonly string[], what: string): string {
  const near = nearNames(name, candidates);
  const meant =
    near.length > 0 ? `Did you mean ${near.map((one) => `"${one}"`).join(' or ')}? ` : '';
  const more = candidates.length > mostNames ? `, … and ${candidates.length - mostNames} more` : '';
  return `${meant}${what}: ${candidates.slice(0, mostNames).join(', ')}${more}`;
}
