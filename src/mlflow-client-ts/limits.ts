/** @file What MLflow 3.17 takes: the sizes of batches and texts, the form of keys. */

/** In one log-batch; `bytes` is enforced by Databricks and kept everywhere. */
export const batchLimits = {
  metrics: 1000,
  params: 100,
  tags: 100,
  entities: 1000,
  bytes: 900_000,
} as const;

/** Longer texts are cut without a word by the server. */
export const textLimits = {
  param: 6000,
  tag: 8000,
  experimentTag: 20_000,
  datasetName: 500,
  datasetDigest: 36,
  inputTag: 500,
  modelTag: 100_000,
} as const;

export const keyLength = 250;
const keyPattern = /^[/\p{L}\p{N}_.\- :]*$/u;

/** Why MLflow would refuse the key of a metric, a parameter or a tag; undefined where it would not. */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (key.length > keyLength) return `it has ${key.length} characters, ${keyLength} are allowed`;
  if (!keyPattern.test(key))
    return 'only letters, digits, and the signs / _ . - : and space are allowed';
  const parts = key.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'its parts between slashes must not be empty, "." or ".."';
  return undefined;
}

/**
 * The nearest key that MLflow takes: `lr=0.1,h=[32]` becomes `lr-0.1-h-32`. Keys that it takes stay
 * as they are. Different keys may become the same one.
 */
export function sanitizeKey(key: string): string {
  if (keyProblem(key) === undefined) return key;
  const parts = key
    .replace(/[^/\p{L}\p{N}_.\- :]+/gu, '-')
    .split('/')
    .map((part) => part.replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const text = [...parts.join('/')].slice(0, keyLength).join('');
  // Cutting may have left half a pair or a slash at the end.
  const cut = text.slice(0, keyLength).replace(/[/\uD800-\uDBFF]+$/u, '');
  return keyProblem(cut) === undefined ? cut : '_';
}
