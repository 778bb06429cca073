/** @file What is wrong with a value, told by the branch of the schema that it was meant for. */
import { Ajv, type ErrorObject } from 'ajv';
import { nearest, suggestion } from '../nearest.ts';
import type { Path, Problem } from '../problem.ts';
import { isMap, meantBranch, typeOf } from '../schema/branch.ts';
import { resolveRef, type Schema } from '../schema/compose.ts';

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  // A validator that is used once is not worth the time that making it faster takes.
  code: { optimize: false },
});
const validators = new WeakMap<Schema, ReturnType<typeof ajv.compile>>();

/**
 * All problems of a value. ajv decides whether there are any, against the schema that is
 * published; where there are, the branch that was meant tells them.
 */
export function diagnose(root: Schema, value: unknown): readonly Problem[] {
  const validate = validators.get(root) ?? ajv.compile(root);
  validators.set(root, validate);
  if (validate(value)) return [];
  const problems = problemsOf(root, root, value, []);
  return problems.length > 0 ? problems : (validate.errors ?? []).slice(0, 1).map(asProblem);
}

function problemsOf(root: Schema, given: Schema, value: unknown, path: Path): readonly Problem[] {
  const schema = resolveRef(root, given);
  if (schema['x-choice']) return choiceProblems(root, schema, value, path);
  const branch = meantBranch(root, schema, value);
  const tag = schema['x-tag'];
  if (!branch && tag !== undefined) return [tagProblem(schema, tag, value, path)];
  if (!branch) return [];
  if (branch['x-choice'] || branch.$ref) return problemsOf(root, branch, value, path);
  if (isMap(value) && (branch.properties || branch.additionalProperties !== undefined)) {
    return mapProblems(root, branch, value, path);
  }
  if (Array.isArray(value) && branch.items) {
    const { items, ...own } = branch;
    const inner = value.flatMap((item, index) => problemsOf(root, items, item, [...path, index]));
    return [...leafProblems(own, value, path), ...inner];
  }
  return leafProblems(branch, value, path);
}

const familyWords: Readonly<Record<string, [one: string, many: string]>> = {
  layer: ['a layer', 'Layers'],
  sharing: ['a way of sharing', 'Ways of sharing'],
  head: ['a head', 'Heads'],
  loss: ['a loss', 'Losses'],
  metric: ['a metric', 'Metrics'],
  weighting: ['a weighting', 'Weightings'],
  optimizer: ['an optimizer', 'Optimizers'],
  schedule: ['a schedule', 'Schedules'],
  encoding: ['an encoding', 'Encodings'],
  sampler: ['a method', 'Methods'],
  pruner: ['a pruner', 'Pruners'],
};
/** Where a kind is not the only thing that may stand. */
const otherWords: Readonly<Record<string, readonly [expected: string, many: string]>> = {
  distribution: ['a list of values, a distribution, or a formula with ${path}', 'Distributions'],
};

function choiceWords(family: string): readonly [expected: string, many: string] {
  const [one, many] = familyWords[family] ?? ['a kind', 'Kinds'];
  return otherWords[family] ?? [`the name of ${one}`, many];
}

/** A wrong name, several names, or what is wrong with the options of the right one. */
function choiceProblems(
  root: Schema,
  schema: Schema,
  value: unknown,
  path: Path,
): readonly Problem[] {
  const kinds = schema.anyOf?.at(-1)?.properties ?? {};
  const names = Object.keys(kinds);
  const [expected, many] = choiceWords(schema['x-choice'] ?? '');
  if (!isMap(value)) {
    const name = typeof value === 'string' ? value : '';
    const kind = kinds[name];
    if (!kind) return [{ path, expected, came: show(value), hint: suggestion(name, names, many) }];
    const { required = [] } = kind.anyOf?.at(-1) ?? kind;
    if (required.length === 0) return [];
    return [
      {
        path,
        expected: `"${name}" with its ${required.join(', ')}`,
        came: show(value),
        hint: `Write ${name}: { ${required.join(': …, ')}: … }`,
      },
    ];
  }
  const entries = Object.entries(value);
  const unknown = entries.filter(([name]) => !kinds[name]);
  if (entries.length !== 1 && unknown.length === 0) {
    const came =
      entries.length === 0
        ? 'an empty mapping'
        : `${entries.length}: ${entries.map(([name]) => name).join(', ')}`;
    return [
      { path, expected: `${expected}, one only`, came, hint: `${many}: ${names.join(', ')}` },
    ];
  }
  return entries.flatMap(([name, options]) => {
    const kind = kinds[name];
    const inner = [...path, name];
    if (kind) return problemsOf(root, kind, options, inner);
    return [
      { path: inner, expected, came: show(name), hint: suggestion(name, names, many), atKey: true },
    ];
  });
}

function tagProblem(schema: Schema, tag: string, value: unknown, path: Path): Problem {
  const tags = (schema.anyOf ?? []).map((branch) => String(branch.properties?.[tag]?.const));
  if (!isMap(value)) return { path, expected: 'keys with values', came: show(value) };
  const written = value[tag];
  if (written === undefined) return missingKey(path, tag, `one of ${tags.join(', ')}`);
  const hint = suggestion(String(written), tags, 'Types');
  return { path: [...path, tag], expected: `one of ${tags.join(', ')}`, came: show(written), hint };
}

const missingKey = (path: Path, key: string, what?: string): Problem => ({
  path,
  expected: `the key "${key}"`,
  came: 'it is missing',
  hint: what && `${key}: ${what}`,
  atKey: true,
});

function mapProblems(
  root: Schema,
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): readonly Problem[] {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const problems: Problem[] = required
    .filter((key) => value[key] === undefined)
    .map((key) => missingKey(path, key, properties[key]?.description));
  if (Object.keys(value).length < Number(schema.minProperties ?? 0)) {
    problems.push({ path, expected: 'at least one entry', came: 'an empty mapping' });
  }
  const known = Object.keys(properties);
  for (const [key, inner] of Object.entries(value)) {
    const place = [...path, key];
    const property = properties[key];
    if (property) problems.push(...problemsOf(root, property, inner, place));
    else if (additionalProperties === false) {
      const near = nearest(key, known);
      const list = `Keys: ${known.join(', ') || 'none'}`;
      problems.push({
        path: place,
        expected: 'a known key',
        came: `"${key}"`,
        hint: near ? `Did you mean "${near}"? ${list}` : list,
        atKey: true,
      });
    } else if (propertyNames && !new RegExp(propertyNames.pattern, 'u').test(key)) {
      problems.push({
        path: place,
        expected: 'a name of letters, digits, _ and -, a letter first',
        came: `"${key}"`,
        atKey: true,
      });
    } else if (typeof additionalProperties === 'object') {
      problems.push(...problemsOf(root, additionalProperties, inner, place));
    }
  }
  return problems;
}

/** A value by itself, whatever its parts, by ajv. */
function leafProblems(schema: Schema, value: unknown, path: Path): readonly Problem[] {
  const { properties: _, additionalProperties: __, items: ___, anyOf: ____, ...own } = schema;
  const validate = ajv.compile(own);
  if (validate(value)) return [];
  const error = (validate.errors ?? [])[0];
  if (!error) return [];
  return [
    {
      path,
      expected: expectation(schema, error),
      came: show(value),
      hint: valueHint(schema, value),
    },
  ];
}

function valueHint(schema: Schema, value: unknown): string | undefined {
  if (!schema.enum || typeof value !== 'string') return undefined;
  const near = nearest(value, schema.enum.map(String));
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  null: 'nothing',
};
/** `a whole number from 1 on`, `one of none, standard`. */
function expectation(schema: Schema, error: ErrorObject): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return show(schema.const);
  if (schema['x-expected'] !== undefined) return schema['x-expected'];
  if (error.keyword === 'minItems') return `a list of at least ${schema.minItems}`;
  if (error.keyword === 'minLength') return 'text that is not empty';
  const type =
    [schema.type ?? []]
      .flat()
      .map((each) => typeWords[each] ?? each)
      .join(' or ') || 'another value';
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    minimum === undefined ? '' : `from ${minimum}${maximum === undefined ? ' on' : ''}`,
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
    exclusiveMaximum === undefined ? '' : `below ${exclusiveMaximum}`,
  ];
  return [type, ...bounds.filter(Boolean)].join(' ');
}

const asProblem = (error: ErrorObject): Problem => ({
  path: error.instancePath.split('/').slice(1),
  expected: error.message ?? 'another value',
  came: 'something else',
});

/** A value in a message: JSON, cut short. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value);
  if (typeof value === 'object' && text.length > 60)
    return typeOf(value) === 'array' ? 'a list' : 'a mapping';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
