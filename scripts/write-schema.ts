// Writes the JSON Schema that is published: npm run schema
import { writeFileSync } from 'node:fs';
import { catalog } from '../src/catalog.ts';
import { composeSchema } from '../src/spec/index.ts';

const path = new URL('../schemas/experiment.schema.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(composeSchema(catalog), null, 2)}\n`);
