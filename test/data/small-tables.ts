/** @file Tables and specs for the tests of the data: files in a temporary folder, options filled in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataRequest } from '../../src/data/index.ts';
import type { FeatureGroup } from '../../src/spec/schema/data.ts';

/** A folder that goes away with the tests of a file. */
export function temporaryFolder(): { path: string; write(name: string, text: string): string } {
  const path = mkdtempSync(join(tmpdir(), 'data-test-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write: (name, text) => {
      writeFileSync(join(path, name), text);
      return name;
    },
  };
}

export const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map((value) => value ?? '').join(',')}\n`).join('');

export const numbers = (...columns: string[]) =>
  ({
    type: 'number',
    columns,
    exclude: [],
    impute: 'median',
    missingIndicator: false,
    log1p: false,
    scale: 'standard',
  }) satisfies FeatureGroup;
export const categories = (...columns: string[]) =>
  ({
    type: 'category',
    columns,
    exclude: [],
    minCount: 1,
    encode: { oneHot: {} },
  }) satisfies FeatureGroup;
export const embedded = (...columns: string[]) => ({
  ...categories(...columns),
  encode: { embedding: { outputDim: 4 } },
});

export const head = (type: string, target: string | readonly string[], options = {}) => ({
  target: [target].flat(),
  type,
  loss: {},
  weight: 1,
  weightSchedule: { constant: {} },
  metrics: [],
  layers: [],
  ...options,
});

/** A spec over a file, with one regression head on `y` unless told otherwise. */
export const request = (
  source: string,
  data: Partial<DataRequest['data']> = {},
  heads: DataRequest['heads'] = { y: head('regression', 'y') },
): DataRequest => ({
  seed: 7,
  heads,
  data: {
    source: [source],
    key: [],
    missing: [],
    split: { train: 0.6, validation: 0.2, test: 0.2 },
    features: [numbers('x')],
    ...data,
  },
});
