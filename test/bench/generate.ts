/** @file The tables of the benchmark, made by DuckDB: numbers, and two targets that follow from them. */
import { existsSync, renameSync } from 'node:fs';
import { extname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export interface TableRequest {
  readonly folder: string;
  /** Its ending says the format: `.csv` or `.parquet`. */
  readonly name: string;
  readonly rows: number;
  /** The first of them train, says the column `split`; null for no such column. */
  readonly train: number | null;
  readonly features: number;
}

/** Made once: a file that is there is taken as it is. Returns its path. */
export async function makeTable(request: TableRequest): Promise<string> {
  const path = join(request.folder, request.name);
  if (existsSync(path)) return path;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const unfinished = `${path}.unfinished`;
  const format = extname(request.name) === '.parquet' ? 'parquet' : 'csv';
  await connection.run(`COPY (${selection(request)}) TO '${unfinished}' (FORMAT ${format})`);
  connection.closeSync();
  instance.closeSync();
  renameSync(unfinished, path);
  return path;
}

/** A number in [-5, 5) with four decimals, drawn by a hash of row and column. */
const drawn = (column: number, features: number) =>
  `(hash(i * ${features + 2} + ${column}) % 100000 / 1e4 - 5)`;

/** Neither target can be learnt exactly: half of each one's variance is noise. */
function selection({ rows, train, features }: TableRequest): string {
  const numbers = Array.from(
    { length: features },
    (_, column) => `round(${drawn(column, features)}, 4)::FLOAT AS n${column}`,
  );
  const [noise, otherNoise] = [drawn(features, features), drawn(features + 1, features)];
  const split =
    train === null ? '' : `CASE WHEN i < ${train} THEN 'train' ELSE 'validation' END AS split,`;
  return `
    SELECT ${split}
      (n0 + n1 * n2 / 5 + 1.5 * noise > 0)::INTEGER AS clicked,
      round((n0 - abs(n3) + other) / 4, 4)::FLOAT AS spent,
      ${numbers.map((_, column) => `n${column}`).join(', ')}
    FROM (
      SELECT i, ${numbers.join(', ')}, ${noise} AS noise, ${otherNoise} AS other
      FROM range(${rows}) AS made(i)
    )`;
}
