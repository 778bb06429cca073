/** @file Problems of the data, thrown where a caller was promised arrays. */
import { formatPath, type Problem } from '../spec/problem.ts';

/** Data that cannot be prepared. `checkData` finds nearly all of these before anything is trained. */
export class DataError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'DataError';
    this.problems = problems;
  }
}

function describeProblem({ path, expected, came, hint }: Problem): string {
  const where = path.length > 0 ? `${formatPath(path)}: ` : '';
  const what = came === '' ? `expected ${expected}` : `expected ${expected}, got ${came}`;
  return `${where}${what}${hint ? `\n    ${hint}` : ''}`;
}
