/** @file Keys and texts inside the filters of searches. */
import { invalid } from './mlflow-error.ts';

/** A text in a filter. MLflow has no escapes there: with both kinds of quotes in it there is no way. */
export function filterText(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  throw invalid(
    'search',
    `no filter can hold a text with both kinds of quotes: ${text}`,
    'Search with LIKE and % in the place of one kind: tags.key LIKE \'it%s "mine"\'',
  );
}

/** A key in a filter: ``metrics.`validation/loss` ``. */
export const filterKey = (kind: 'metrics' | 'params' | 'tags', key: string): string =>
  `${kind}.\`${key}\``;
