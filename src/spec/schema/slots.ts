/** @file Schema pieces with a meaning of our own; `compose` spells them out as plain JSON Schema. */
import { type TSchema, Type } from 'typebox';
import type { Choice, KindFamily } from '../kind.ts';

/**
 * The place of a kind: `loss: huber` or `loss: { huber: { delta: 2 } }`. Composed into an `anyOf`
 * of its names and its long forms; the resolved spec holds the long form.
 */
export const choice = (family: KindFamily, options: { description: string; default?: unknown }) =>
  Type.Unsafe<Choice>({ 'x-choice': family, ...options });

/** A list that may be written as its only element; the resolved spec holds the list. */
export const listOf = <Item extends TSchema>(
  items: Item,
  options: { description: string; default?: unknown; minItems?: number },
) => Type.Unsafe<readonly Type.Static<Item>[]>({ 'x-list': true, items, ...options });

/** A closed set of words. */
export const words = <const Word extends string>(
  values: readonly Word[],
  options: { description: string; default?: Word },
) => Type.Unsafe<Word>({ type: 'string', enum: [...values], ...options });
