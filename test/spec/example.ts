/** @file A whole spec for tests, and the real catalog. */
import { catalog } from '../../src/catalog.ts';
import { type ParsedSpec, parseSpec, renderProblems } from '../../src/spec/index.ts';

export { catalog };

export const example = `# Does sharing pay?
experiment: example
seed: 7
data:
  source: patients.csv
  split: { train: 0.7, validation: 0.15, test: 0.15, group: patient, stratify: ill }
  features:
    - { columns: [age, visits], type: number, scale: standard }
    - { columns: ward, type: category, encode: embedding }
shared:
  layers:
    - dense: { units: 64, activation: relu }
    - dropout: 0.2
    - batchNormalization
heads:
  ill: { target: ill, type: binary, metrics: [auc, f1] }
  stay: { target: days, type: regression, loss: huber, weight: 0.5, metrics: [mae], transform: log1p }
training:
  epochs: 5
  optimizer: adam
  earlyStopping: { patience: 2 }
sweep:
  parameters:
    training.optimizer.adam.learningRate: [0.001, 0.01]
    heads.stay.weight: [0.1, 1]
    'shared.layers[0].dense.units': [32, 64]
`;

export interface Extras {
  readonly overrides?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

export const parse = (text: string, { overrides, env, files = {} }: Extras = {}): ParsedSpec =>
  parseSpec({ text, file: 'x.yaml', overrides, env, catalog, readFile: (path) => files[path] });

/** The example with some of its text replaced; what must be there is checked. */
export function changed(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
    return text.replace(from, to);
  }, example);
}

export function spec(text: string, extras: Extras = {}) {
  const parsed = parse(text, extras);
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems));
  return parsed.spec;
}

/** What `validate` would print. */
export function complaint(text: string, extras: Extras = {}): string {
  const parsed = parse(text, extras);
  return parsed.ok ? 'valid' : renderProblems(parsed.problems);
}
