/** @file What MLflow 3.17 takes: the sizes of batches and texts, the form of keys. */

/** In one log-batch; Databricks enforces a megabyte, and it is kept everywhere. */
export const batchLimits = {
  metrics: 1000,
  params: 100,
  tags: 100,
  entities: 1000,
  bytes: 900_000,
} as const;

/** In characters. Longer parameters, tags and names of runs are cut, the others refused. */
export const textLimits = {
  param: 6000,
  tag: 8000,
  runName: 250,
  experimentTag: 20_000,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTag: 500,
  registryTag: 100_000,
} as const;

/** In characters: of a metric, a parameter or a tag. */
export const keyLength = 250;

const allowed = '/\\p{L}\\p{N}_.\\- :';
const keyPattern = new RegExp(`^[${allowed}]*$`, 'u');
const forbidden = new RegExp(`[^${allowed}]+`, 'gu');

/** As MLflow counts them; a text that is short enough in UTF-16 is not counted. */
export const isLonger = (text: string, limit: number): boolean =>
  text.length > limit && characterCount(text) > limit;
export const characterCount = (text: string): number => [...text].length;
export const firstCharacters = (text: string, count: number): string =>
  [...text.slice(0, 2 * count)].slice(0, count).join('');

/** Why MLflow would refuse the key of a metric, a parameter or a tag; undefined where it would not. */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (isLonger(key, keyLength))
    return `it has ${characterCount(key)} characters, ${keyLength} are allowed`;
  if (!keyPattern.test(key))
    return 'only letters, digits, and the signs / _ . - : and space are allowed';
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return 'its parts between slashes must not be empty, "." or ".."';
  return key.startsWith('..') ? 'it must not begin with two dots' : undefined;
}

/**
 * The nearest key that MLflow takes: `lr=0.1,h=[32]` becomes `lr-0.1-h-32`. Keys that it takes stay
 * as they are. Different keys may become the same one.
 */
export function sanitizeKey(key: string): string {
  if (keyProblem(key) === undefined) return key;
  const parts = key
    .replace(forbidden, '-')
    .split('/')
    .map((part) => part.replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const joined = parts.join('/').replace(/^\.\.+/, '.');
  // Cutting may have left an end that is no part.
  const cut = firstCharacters(joined, keyLength).replace(/\/(\.{0,2})$/, '');
  return keyProblem(cut) === undefined ? cut : '_';
}
