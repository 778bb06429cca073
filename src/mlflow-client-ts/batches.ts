/** @file Cuts what is logged at once into batches that MLflow takes. */
import { batchLimits } from './limits.ts';
import type { WireMetric, WireText } from './write-wire.ts';

export interface Batch {
  readonly params: readonly WireText[];
  readonly metrics: readonly WireMetric[];
  readonly tags: readonly WireText[];
}

type Entry =
  | { readonly section: 'params' | 'tags'; readonly item: WireText }
  | { readonly section: 'metrics'; readonly item: WireMetric };

/**
 * Parameters and tags come with the first metrics; the order within each section is kept. None where
 * nothing is given. A text that is too large for any batch comes alone.
 */
export function batchesOf(whole: Batch): readonly Batch[] {
  const batches: Batch[] = [];
  let open: Entry[] = [];
  let size = { params: 0, tags: 0, metrics: 0, bytes: 0 };
  for (const entry of entriesOf(whole)) {
    const bytes = Buffer.byteLength(JSON.stringify(entry.item)) + 1;
    const isFull =
      size[entry.section] >= batchLimits[entry.section] ||
      open.length >= batchLimits.entities ||
      size.bytes + bytes > batchLimits.bytes;
    if (isFull && open.length > 0) {
      batches.push(batchFrom(open));
      open = [];
      size = { params: 0, tags: 0, metrics: 0, bytes: 0 };
    }
    open.push(entry);
    size[entry.section] += 1;
    size.bytes += bytes;
  }
  return open.length > 0 ? [...batches, batchFrom(open)] : batches;
}

function* entriesOf({ params, tags, metrics }: Batch): Generator<Entry> {
  for (const item of params) yield { section: 'params', item };
  for (const item of tags) yield { section: 'tags', item };
  for (const item of metrics) yield { section: 'metrics', item };
}

const batchFrom = (entries: readonly Entry[]): Batch => ({
  params: entries.flatMap(({ section, item }) => (section === 'params' ? [item] : [])),
  metrics: entries.flatMap(({ section, item }) => (section === 'metrics' ? [item] : [])),
  tags: entries.flatMap(({ section, item }) => (section === 'tags' ? [item] : [])),
});
