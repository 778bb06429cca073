/** @file Cuts what is logged at once into batches that MLflow takes. */
import { batchLimits } from './limits.ts';
import type { WireMetric, WireText } from './write-wire.ts';

export interface Batch {
  readonly params: readonly WireText[];
  readonly metrics: readonly WireMetric[];
  readonly tags: readonly WireText[];
}

type Section = keyof Batch;
type Growing = { -readonly [Key in Section]: Batch[Key][number][] };

/**
 * Parameters and tags come with the first metrics; the order within each section is kept. At least
 * one batch, which may be empty.
 */
export function batchesOf(whole: Batch): readonly Batch[] {
  const batches: Growing[] = [empty()];
  let [entities, bytes] = [0, 0];
  const sections = ['params', 'tags', 'metrics'] as const;
  for (const section of sections) {
    for (const item of whole[section]) {
      const size = Buffer.byteLength(JSON.stringify(item)) + 1;
      const last = batches.at(-1) ?? empty();
      const isFull =
        last[section].length >= batchLimits[section] ||
        entities >= batchLimits.entities ||
        (entities > 0 && bytes + size > batchLimits.bytes);
      if (isFull) {
        batches.push(empty());
        [entities, bytes] = [0, 0];
      }
      batches.at(-1)?.[section].push(item as never);
      [entities, bytes] = [entities + 1, bytes + size];
    }
  }
  return batches as readonly Batch[];
}

const empty = (): Growing => ({ params: [], metrics: [], tags: [] });
