/** @file `init`: a first spec for a table, with what was guessed and what is to be decided as comments. */
import { basename, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ColumnDescription,
  describeTable,
  guessHeads,
  guessRole,
  type HeadGuess,
  type Role,
  type TableDescription,
} from './data/index.ts';
import { formatPath } from './spec/problem.ts';

export type InitialSpec =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Texts that stand for a missing value and are nothing else. */
const surelyMissing = ['?', 'N/A', 'NULL', 'null', 'NaN', 'nan', '#N/A'];
/** Texts that may be a missing value or a value of their own. */
const perhapsMissing = ['NA', 'None', 'none', '-', 'unknown', 'Unknown', '.'];

/** The text of a spec for `dataPath`; its paths are relative to `specDirectory`, where it will lie. */
export async function initSpec(
  dataPath: string,
  specDirectory: string = process.cwd(),
): Promise<InitialSpec> {
  const first = await describe(dataPath, []);
  if (!first.ok) return first;
  const missing = surelyMissing.filter((text) => occurs(first.description, text));
  const again = missing.length > 0 ? await describe(dataPath, missing) : first;
  if (!again.ok) return again;
  const heads = guessHeads(again.description);
  if (again.description.rows === 0) return { ok: false, reason: `${dataPath} has no rows` };
  if (heads.length === 0)
    return { ok: false, reason: `${dataPath} has no column that could be predicted from others` };
  return { ok: true, text: compose(dataPath, specDirectory, again.description, heads, missing) };
}

async function describe(dataPath: string, missing: readonly string[]) {
  const spec = { source: [resolve(dataPath)], key: [], missing };
  const described = await describeTable(spec, process.cwd());
  if (described.ok) return described;
  const [problem] = described.problems;
  const reason = problem
    ? `${formatPath(problem.path)}: expected ${problem.expected}, got ${problem.came}. ${problem.hint ?? ''}`
    : `cannot read ${dataPath}`;
  return { ok: false as const, reason: reason.trim() };
}

const occurs = ({ columns }: TableDescription, text: string) =>
  columns.some(({ examples }) => examples.includes(text));

function compose(
  dataPath: string,
  specDirectory: string,
  table: TableDescription,
  heads: readonly HeadGuess[],
  missing: readonly string[],
): string {
  const name = experimentName(dataPath);
  const file = `${name}.yaml`;
  const targets = new Set(heads.map(({ column }) => column));
  const columns = table.columns
    .filter((column) => !targets.has(column.name))
    .map((column) => ({ column, guess: guessRole(column, table.rows) }));
  const lines = [
    `# yaml-language-server: $schema=${schemaPath(specDirectory)}`,
    `# Can ${listed(heads.map(({ column }) => column))} be predicted from the other columns?`,
    `# run-experiment ${file}`,
    `# ${table.rows.toLocaleString('en')} rows. What follows was guessed from the table: read it before you trust it.`,
    `experiment: ${name}`,
    'seed: 0',
    'data:',
    `  source: ${scalar(relativePath(specDirectory, dataPath))}`,
    ...missingLines(table, missing),
    ...splitLines(columns, heads),
    '  features:',
    ...featureLines(columns),
    ...leftOutLines(columns),
    ...sharedLines,
    'heads:',
    ...headLines(table, heads),
    ...trainingLines,
    ...(heads.length > 1
      ? ['# Did sharing pay? Train each task alone as well:', 'baselines: singleTask']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

const sharedLines = [
  'shared:',
  '  layers:',
  '    - dense: { units: 64, activation: relu }',
  '    - dense: { units: 32, activation: relu }',
];
const trainingLines = [
  'training:',
  '  epochs: 20',
  '  batchSize: 64',
  '  optimizer: { adam: { learningRate: 0.001 } }',
  '  earlyStopping: { metric: validation/loss, patience: 3 }',
  '# What should vary? A grid over any value of this file:',
  '# sweep:',
  '#   method: grid',
  '#   parameters:',
  '#     training.optimizer.adam.learningRate: [0.0003, 0.001, 0.003]',
];

const experimentName = (dataPath: string) =>
  basename(dataPath)
    .replace(/(\.[a-z]+)(\.(gz|zst))?$/i, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60) || 'experiment';

const schemaPath = (specDirectory: string) =>
  relativePath(
    specDirectory,
    fileURLToPath(new URL('../schemas/experiment.schema.json', import.meta.url)),
  );

const relativePath = (from: string, to: string) =>
  relative(from, resolve(to)).replaceAll('\\', '/');

function missingLines(table: TableDescription, missing: readonly string[]): string[] {
  const perhaps = perhapsMissing.filter((text) => occurs(table, text));
  const where = (text: string) =>
    table.columns.filter(({ examples }) => examples.includes(text)).map(({ name }) => name);
  return [
    ...(missing.length > 0 ? [`  missing: [${missing.map(scalar).join(', ')}]`] : []),
    ...perhaps.map(
      (text) =>
        `  # Is ${scalar(text)} a missing value (${listed(where(text).slice(0, 3))})? Then add it to \`missing\`.`,
    ),
  ];
}

type Guessed = readonly { readonly column: ColumnDescription; readonly guess: Role }[];

function splitLines(columns: Guessed, heads: readonly HeadGuess[]): string[] {
  const group = columns.find(({ guess }) => guess.role === 'left out' && guess.group)?.column.name;
  const classes = heads.find(({ type }) => type !== 'regression');
  const parts = ['train: 0.7', 'validation: 0.15', 'test: 0.15'];
  if (group !== undefined) parts.push(`group: ${scalar(group)}`);
  if (classes) parts.push(`stratify: ${headName(classes.column)}`);
  return [
    ...(group === undefined
      ? ['  # Do several rows belong together (a patient, a customer)? Add `group: <its column>`.']
      : [`  # Rows with the same ${group} stay on one side. Is that what belongs together?`]),
    `  split: { ${parts.join(', ')} }`,
  ];
}

const groups = [
  ['number', 'type: number, impute: median, scale: standard', ''],
  ['boolean', 'type: boolean', ''],
  ['date', 'type: date, parts: [year, month, dayOfWeek]', ''],
  ['category', 'type: category, encode: oneHot', ''],
  ['embedding', 'type: category, minCount: 20, encode: embedding', 'with many values'],
] as const;

function featureLines(columns: Guessed): string[] {
  return groups.flatMap(([role, options, note]) => {
    const names = columns
      .filter(({ guess }) => guess.role === role)
      .map(({ column }) => column.name);
    if (names.length === 0) return [];
    return [
      `    - columns: # ${names.length}${note ? ` ${note}` : ''}`,
      ...names.map((name) => `        - ${scalar(name)}`),
      ...options.split(/, (?![^[]*\])/).map((option) => `      ${option}`),
    ];
  });
}

function leftOutLines(columns: Guessed): string[] {
  const lines = columns.flatMap(({ column, guess }) =>
    guess.role === 'left out' ? [`    #   ${column.name}: ${guess.reason}`] : [],
  );
  return [
    ...(lines.length > 0 ? ['    # Left out:', ...lines] : []),
    '    # Which of these features are known only after the outcome? Take them out.',
  ];
}

function headLines(table: TableDescription, heads: readonly HeadGuess[]): string[] {
  return heads.flatMap(({ column, type, positive }) => {
    const described = table.columns.find(({ name }) => name === column);
    const values = described?.examples.map(scalar).join(', ') ?? '';
    return [
      `  # Is ${column} what you want to predict? Its values: ${values}${(described?.distinct ?? 0) > 5 ? ', …' : ''}`,
      `  ${headName(column)}:`,
      `    target: ${scalar(column)}`,
      `    type: ${type}`,
      ...(positive === undefined ? [] : [`    positive: [${scalar(positive)}]`]),
    ];
  });
}

/** A head's name has letters, digits, `_` and `-` only. */
function headName(column: string): string {
  const name = column.replace(/[^A-Za-z0-9_-]+/g, '_');
  return /^[A-Za-z]/.test(name) ? name : `target${name}`;
}

/** Text as a YAML value, quoted where YAML would read something else. */
function scalar(text: string): string {
  const plain = /^[A-Za-z_/.][A-Za-z0-9_./-]*$/.test(text) && !/^[./]*$/.test(text);
  const word = /^(true|false|null|yes|no|on|off|y|n|\.nan|\.inf)$/i.test(text);
  return plain && !word ? text : `'${text.replaceAll("'", "''")}'`;
}

const listed = (names: readonly string[]) => names.join(', ').replace(/, ([^,]*)$/, ' and $1');
