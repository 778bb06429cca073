/** @file The schema of a catalog's specs, composed once. */
import type { Catalog } from './kind.ts';
import { composeSchema, type Schema } from './schema/compose.ts';

const schemas = new WeakMap<Catalog, Schema>();

export function schemaOf(catalog: Catalog): Schema {
  const schema = schemas.get(catalog) ?? composeSchema(catalog);
  schemas.set(catalog, schema);
  return schema;
}
