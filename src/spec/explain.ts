/** @file `explain`: what a kind or a key of the spec does. */
import type { Catalog, Kind, KindFamily } from './kind.ts';
import { nearest } from './nearest.ts';
import { type Path, parsePath } from './problem.ts';
import { resolveRef, type Schema } from './schema/compose.ts';
import { schemaOf } from './schema-of.ts';

export type Explained =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** A kind by its name, or a key by its path (`heads.stay.loss` works with any head's name). */
export function explain(subject: string, catalog: Catalog): Explained {
  const root = schemaOf(catalog);
  const kinds = kindsCalled(subject, catalog);
  const path = parsePath(subject);
  const key = path && schemaAt(root, root, path);
  const parts = [
    ...kinds.map(([family, kind]) => kindText(family, kind, root)),
    ...(key ? [keyText(subject, key, root)] : []),
  ];
  if (parts.length > 0) return { ok: true, text: parts.join('\n\n') };
  const names = families(catalog).flatMap(([, list]) => list.map(({ name }) => name));
  const keys = Object.keys(root.properties ?? {});
  const near = nearest(subject, [...names, ...keys]);
  const hint = near ? `Did you mean "${near}"? ` : '';
  return {
    ok: false,
    reason: `nothing is called "${subject}". ${hint}Keys: ${keys.join(', ')}. Kinds: ${[...new Set(names)].join(', ')}`,
  };
}

const families = (catalog: Catalog) =>
  Object.entries(catalog).map(
    ([family, list]) => [family as KindFamily, list as readonly Kind[]] as const,
  );

const kindsCalled = (name: string, catalog: Catalog) =>
  families(catalog).flatMap(([family, list]) =>
    list.filter((kind) => kind.name === name).map((kind) => [family, kind] as const),
  );

function kindText(
  family: KindFamily,
  { name, summary, reference, short, ...kind }: Kind,
  root: Schema,
): string {
  const heads =
    'heads' in kind && Array.isArray(kind.heads) ? [`For heads: ${kind.heads.join(', ')}`] : [];
  const options = optionLines(JSON.parse(JSON.stringify(kind.options)), root);
  const example = options.length === 0 ? name : `{ ${name}: … }`;
  const isBare = !options.some((line) => line.includes(', required)'));
  const bare = short === undefined ? '' : `; the short form ${name}: … sets ${short}`;
  return [
    `${name} (${family}): ${summary}`,
    ...(reference ? [`Source: ${reference}`] : []),
    ...heads,
    `Written as ${name === example ? name : isBare ? `${name} or ${example}` : example}${bare}`,
    ...(options.length > 0 ? ['Options:', ...options] : []),
  ].join('\n');
}

function keyText(subject: string, schema: Schema, root: Schema): string {
  const { description = '', 'x-choice': family } = schema;
  const kinds = family ? Object.keys(resolveRef(root, schema).anyOf?.at(-1)?.properties ?? {}) : [];
  const inner = optionLines(mapOf(schema), root);
  return [
    `${subject}: ${description}`,
    `Type: ${typeText(schema)}${schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`}`,
    ...(kinds.length > 0
      ? [`Kinds: ${kinds.join(', ')} (run-experiment explain ${kinds[0]})`]
      : []),
    ...(inner.length > 0 ? ['Keys:', ...inner] : []),
  ].join('\n');
}

const mapOf = (schema: Schema): Schema =>
  schema.properties ? schema : (schema.anyOf?.find((branch) => branch.properties) ?? {});

function optionLines({ properties = {}, required = [] }: Schema, root: Schema): readonly string[] {
  return Object.entries(properties).map(([name, given]) => {
    const schema = resolveRef(root, given);
    const byDefault =
      schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`;
    const needed = required.includes(name) && schema.default === undefined ? ', required' : '';
    return `  ${name} (${typeText(schema)}${byDefault}${needed}): ${schema.description ?? ''}`;
  });
}

function typeText(schema: Schema): string {
  if (schema['x-choice']) return `a ${schema['x-choice']}`;
  if (schema['x-list']) return 'one or a list';
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(' or ');
  return [schema.type ?? 'value'].flat().join(' or ');
}

/** The schema of a key; list indices and the names of heads may be left out or be any. */
function schemaAt(root: Schema, given: Schema, path: Path): Schema | undefined {
  const schema = resolveRef(root, given);
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const candidates = [schema, ...(schema.anyOf ?? []).map((branch) => resolveRef(root, branch))];
  for (const candidate of candidates) {
    const { properties, additionalProperties, items } = candidate;
    const own = properties?.[step];
    const next =
      own ??
      (typeof step === 'number'
        ? items
        : typeof additionalProperties === 'object'
          ? additionalProperties
          : undefined);
    const found = next && schemaAt(root, next, rest);
    if (found) return found;
    const inItems = items && typeof step === 'string' ? schemaAt(root, items, path) : undefined;
    if (inItems) return inItems;
    const inBranch =
      candidate !== schema && candidate.anyOf ? schemaAt(root, candidate, path) : undefined;
    if (inBranch) return inBranch;
  }
  return undefined;
}
