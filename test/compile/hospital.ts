/** @file Real patients for tests that train: a slice of the hospital data with every kind of head. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { prepareData } from '../../src/data/index.ts';
import { spec as resolved } from '../spec/example.ts';

/** 3,300 rows, one diagnosis in four taken away: circulatory has missing labels. */
export const hospital = resolved(`
experiment: kinds
seed: 3
data:
  source: configs/data/hospital.parquet
  key: encounter_id
  query: >
    SELECT *, CASE WHEN encounter_id % 4 > 0 THEN diag_1 LIKE '4%' END AS circulatory,
      change = 'Ch' AS changed, diabetesMed = 'Yes' AS medicated, 1 + encounter_id % 3 AS importance
    FROM (SELECT * FROM source ORDER BY encounter_id LIMIT 4125) ORDER BY encounter_id
  missing: ['?']
  sampleWeight: importance
  split: { train: 0.8, validation: 0.2 }
  features:
    - { columns: [number_inpatient, num_medications, num_lab_procedures], type: number, scale: standard }
    - { columns: [age, gender], type: category, encode: { embedding: { outputDim: 4, embeddingsRegularizer: { l2: 0.001 } } } }
    - { columns: [race, admission_type_id], type: category }
shared: { layers: [dense: { units: 16, activation: relu }] }
heads:
  circulatory: { target: circulatory, type: binary, loss: { binaryCrossentropy: { labelSmoothing: 0.05 } } }
  readmitted: { target: readmitted, type: multiclass, classWeight: balanced }
  drugs: { target: [changed, medicated], type: multilabel, weight: 0.7 }
  stay: { target: time_in_hospital, type: regression, transform: log1p, weight: 0.5 }
training: { epochs: 1, batchSize: 32, optimizer: { adam: { learningRate: 0.003 } } }
`);

/** Prepared once; the folder goes with the process. */
const folder = mkdtempSync(join(tmpdir(), 'kinds-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export async function prepared(spec: typeof hospital): Promise<string> {
  return (await prepareData(spec, resolve('.'), folder)).directory;
}
