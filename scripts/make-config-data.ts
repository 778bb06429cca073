// Makes configs/data/*.parquet from the original files:
//   node --import tsx scripts/make-config-data.ts SOURCE_FOLDER
// SOURCE_FOLDER holds diabetes130/, census-income-kdd/ and small/ as they are distributed.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('usage: make-config-data.ts SOURCE_FOLDER');
const out = fileURLToPath(new URL('../configs/data/', import.meta.url));
const connection = await (await DuckDBInstance.create()).connect();
const csv = (...names: string[]) =>
  `read_csv('${resolve(join(source, ...names))}', all_varchar = true, nullstr = '')`;
const write = (name: string, query: string) =>
  connection.run(
    `COPY (${query}) TO '${join(out, name)}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 200000)`,
  );

/** Columns that hold whole numbers, read as such. */
const numbers = (names: readonly string[]) =>
  `REPLACE (${names.map((name) => `${name}::INTEGER AS ${name}`).join(', ')})`;

// Every column and every value of the original, "?" for missing included.
const hospitalNumbers = [
  'encounter_id',
  'patient_nbr',
  'admission_type_id',
  'discharge_disposition_id',
  'admission_source_id',
  'time_in_hospital',
  'num_lab_procedures',
  'num_procedures',
  'num_medications',
  'number_outpatient',
  'number_emergency',
  'number_inpatient',
  'number_diagnoses',
];
await write(
  'hospital.parquet',
  `SELECT * ${numbers(hospitalNumbers)} FROM ${csv('diabetes130', 'diabetic_data.csv.gz')}`,
);

// The train file trains; the test file is divided 1:1 into validation and test by a hash of its row
// numbers, which is the same on every machine.
const censusNumbers = [
  'age',
  'wage_per_hour',
  'capital_gains',
  'capital_losses',
  'dividends_from_stocks',
  'num_persons_worked_for_employer',
  'weeks_worked_in_year',
];
const half =
  "CASE WHEN md5('census' || row_number() OVER ()) < '8' THEN 'validation' ELSE 'test' END";
const census = (file: string, split: string) =>
  `SELECT * ${numbers(censusNumbers)}, ${split} AS split FROM ${csv('census-income-kdd', file)}`;
await write(
  'census.parquet',
  `${census('train.csv.gz', "'train'")} UNION ALL ${census('test.csv.gz', half)}`,
);

const pixels = Array.from({ length: 64 }, (_, index) => `p${index}::UTINYINT AS p${index}`);
await write(
  'digits.parquet',
  `SELECT * REPLACE (${pixels.join(', ')}, digit::UTINYINT AS digit) FROM ${csv('small', 'digits.csv.gz')}`,
);
