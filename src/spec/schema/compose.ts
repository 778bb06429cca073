/** @file The JSON Schema of specs: the skeleton with the kinds of a catalog in its slots. */
import type { Catalog, HeadFacts, Kind, KindFamily } from '../kind.ts';
import { experimentSchema, headCommon } from './experiment.ts';

/** A JSON Schema, with notes of our own: `x-choice`, `x-list`, `x-tag`, `x-short`, `x-expected`. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: { readonly pattern: string };
  readonly items?: Schema;
  readonly minItems?: number;
  readonly definitions?: Readonly<Record<string, Schema>>;
  /** The family of a choice. */
  readonly 'x-choice'?: KindFamily;
  /** Whether one item may stand for a list of one. */
  readonly 'x-list'?: boolean;
  /** The key that tells the branches of `anyOf` apart. */
  readonly 'x-tag'?: string;
  /** In a kind's options: the option that a bare value stands for. */
  readonly 'x-short'?: string;
  /** What a wrong value is told to be instead, where the keywords do not say it in words. */
  readonly 'x-expected'?: string;
  readonly [keyword: string]: unknown;
}

const families: readonly KindFamily[] = [
  'layer',
  'sharing',
  'loss',
  'metric',
  'weighting',
  'optimizer',
  'schedule',
  'encoding',
  'sampler',
  'pruner',
  'distribution',
];

/** Published in `schemas/`, and what ajv validates against: one and the same. */
export function composeSchema(catalog: Catalog): Schema {
  const definitions = Object.fromEntries(
    families.map((family) => [family, familySchema(family, catalog)]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Multitask experiment',
    description: 'One experiment: data, shared layers, heads, losses, training and a sweep.',
    ...fill(plain(experimentSchema), catalog),
    definitions,
  };
}

/** TypeBox schemas are JSON with hidden symbols; this drops them. */
const plain = (schema: unknown): Schema => JSON.parse(JSON.stringify(schema));

/** Puts kinds into the slots below a schema. */
function fill(schema: Schema, catalog: Catalog): Schema {
  if (schema['x-choice']) return { $ref: `#/definitions/${schema['x-choice']}`, ...schema };
  if (schema['x-heads']) {
    return { 'x-tag': 'type', anyOf: catalog.head.map((head) => headSchema(head, catalog)) };
  }
  if (schema['x-list'] && schema.items) {
    const { items, minItems, ...rest } = schema;
    const item = fill(items, catalog);
    const array = { type: 'array', items: item, ...(minItems === undefined ? {} : { minItems }) };
    return { ...rest, anyOf: [array, item] };
  }
  const filled: Record<string, unknown> = { ...schema };
  if (schema.anyOf) filled.anyOf = schema.anyOf.map((branch) => fill(branch, catalog));
  if (schema.items) filled.items = fill(schema.items, catalog);
  if (typeof schema.additionalProperties === 'object') {
    filled.additionalProperties = fill(schema.additionalProperties, catalog);
  }
  if (schema.properties) {
    const properties = Object.entries(schema.properties).map(
      ([name, property]) => [name, fill(property, catalog)] as const,
    );
    filled.properties = Object.fromEntries(properties);
    // What has a default may be left out.
    filled.required = (schema.required ?? []).filter(
      (name) => schema.properties?.[name]?.default === undefined,
    );
  }
  return filled;
}

const documented = ({ summary, reference }: Kind) =>
  reference ? `${summary} (${reference})` : summary;

/** A name, where no option is required, or an object of one name and its options. */
function familySchema(family: KindFamily, catalog: Catalog): Schema {
  const kinds: readonly Kind[] = catalog[family];
  const long = kinds.map((kind) => [kind.name, optionsSchema(kind, catalog)] as const);
  const bare = long.filter(([, options]) => requiredOptions(options).length === 0);
  const names = { type: 'string', enum: bare.map(([name]) => name) };
  const object = {
    type: 'object',
    properties: Object.fromEntries(long),
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
  };
  return { anyOf: bare.length > 0 ? [names, object] : [object] };
}

const requiredOptions = (options: Schema): readonly string[] =>
  (options.anyOf ? options.anyOf.at(-1)?.required : options.required) ?? [];

function optionsSchema(kind: Kind, catalog: Catalog): Schema {
  const options = fill(plain(kind.options), catalog);
  const { short } = kind;
  const value = short === undefined ? undefined : options.properties?.[short];
  if (short === undefined || !value) return { ...options, description: documented(kind) };
  const { default: _, ...bare } = value;
  return { description: documented(kind), 'x-short': short, anyOf: [bare, options] };
}

function headSchema(head: HeadFacts, catalog: Catalog): Schema {
  const options = plain(head.options);
  const common = plain({
    type: 'object',
    properties: headCommon,
    required: Object.keys(headCommon),
  });
  const { loss, metrics, ...others } = common.properties ?? {};
  const schema = {
    type: 'object',
    description: documented(head),
    properties: {
      type: { const: head.name, description: documented(head) },
      ...others,
      loss: { ...loss, default: head.defaultLoss },
      metrics: { ...metrics, default: head.defaultMetrics },
      ...options.properties,
    },
    required: ['type', ...(common.required ?? []), ...(options.required ?? [])],
    additionalProperties: false,
  };
  return fill(schema, catalog);
}

/** Follows a `$ref`, keeping what stands beside it. */
export function resolveRef(root: Schema, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...beside } = schema;
  const target = root.definitions?.[$ref.replace('#/definitions/', '')];
  if (!target) throw new Error(`internal: the schema has no ${$ref}`);
  return { ...target, ...beside };
}
