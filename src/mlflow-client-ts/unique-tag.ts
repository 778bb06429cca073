/** @file The tag by which something that was made is found again after its answer was lost. */
import { randomUUID } from 'node:crypto';
import { filterKey, filterText } from './filters.ts';
import type { GivenTexts, UniqueTag } from './types.ts';
import { wireId } from './values.ts';
import { checkKey, pairsOf } from './write-wire.ts';

/** Of what its maker gives no tag of its own. */
const ownKey = 'mlflow-client-ts.key';

/** What is made gets one in any case: without it a lost answer would make a second one. */
export function uniqueTagOf(given: UniqueTag | undefined, request: string): UniqueTag {
  const tag = given ?? { key: ownKey, value: randomUUID() };
  checkKey(tag.key, 'tag', request);
  // It must be possible to look for it.
  uniqueFilter({ key: tag.key, value: wireId(tag.value, `the tag "${tag.key}"`, request) });
  return tag;
}

/** For the search after a lost answer. */
export const uniqueFilter = ({ key, value }: UniqueTag): string =>
  `${filterKey('tags', key)} = ${filterText(value)}`;

export const withTag = (tags: GivenTexts, { key, value }: UniqueTag): GivenTexts => [
  ...pairsOf(tags),
  { key, value },
];
