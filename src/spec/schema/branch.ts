/** @file Which branch of a schema a value means: by its type, its tag, or the kind it names. */
import { resolveRef, type Schema } from './compose.ts';

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The word for a value's type in messages and in schemas. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}

/** Whether a schema's `type` admits a value. */
export function admitsType({ type }: Schema, value: unknown): boolean {
  if (type === undefined) return true;
  const own = typeOf(value);
  return [type].flat().some((each) => each === own || (each === 'number' && own === 'integer'));
}

/** The schema that a value is meant for; undefined where its tag names no branch. */
export function meantBranch(root: Schema, given: Schema, value: unknown): Schema | undefined {
  const schema = resolveRef(root, given);
  if (!schema.anyOf) return schema;
  const branches = schema.anyOf;
  const tag = schema['x-tag'];
  if (tag !== undefined) {
    const wanted = isMap(value) ? value[tag] : undefined;
    return branches.find((branch) => branch.properties?.[tag]?.const === wanted);
  }
  if (schema['x-list']) {
    const [list, item] = branches;
    return Array.isArray(value) ? list : item && meantBranch(root, item, value);
  }
  if (schema['x-short'] !== undefined) return isMap(value) ? branches.at(-1) : branches[0];
  return branches.find((branch) => admitsType(resolveRef(root, branch), value)) ?? branches.at(-1);
}
