/** @file `${env:NAME}` and `${env:NAME,default}` in a spec's texts. */
import { parse as parseYaml } from 'yaml';
import { type Located, mapScalars } from './located.ts';
import type { LocatedProblem } from './text-problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const pattern = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?:,([^}]*))?\}/g;

/** Puts values in; a variable that is not set and has no default is a problem. */
export function substituteEnvironment(
  root: Located,
  env: Environment,
): { root: Located; problems: readonly LocatedProblem[] } {
  const problems: LocatedProblem[] = [];
  const substituted = mapScalars(root, (scalar) => {
    const { value, at } = scalar;
    if (typeof value !== 'string' || !value.includes('${')) return scalar;
    const names: string[] = [];
    const text = value.replace(
      pattern,
      (reference, name: string, byDefault: string | undefined) => {
        names.push(name);
        const found = env[name] ?? byDefault;
        if (found === undefined) {
          problems.push({
            path: [],
            expected: `the environment variable ${name}`,
            came: 'it is not set',
            hint: `Set it, or give a default: \${env:${name},default}`,
            place: at,
          });
        }
        return found ?? reference;
      },
    );
    if (names.length === 0) return scalar;
    // A value that is nothing but a variable is read as YAML would read it: 5 is a number.
    const isWhole = value.replace(pattern, '') === '';
    return { ...scalar, value: isWhole ? readScalar(text) : text, env: names, reference: value };
  });
  return { root: substituted, problems };
}

/** A scalar as YAML reads it; anything else stays text. */
export function readScalar(text: string): unknown {
  if (text === '') return '';
  try {
    const value: unknown = parseYaml(text);
    return typeof value === 'object' && value !== null ? text : value;
  } catch (error) {
    if (error instanceof Error) return text;
    throw error;
  }
}
