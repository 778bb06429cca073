/** @file What every named kind has in common: a layer, a loss, a metric, an optimizer, … */
import type { Static, TObject, TSchema } from 'typebox';
import type { Distribution } from './space/search-space.ts';

/** The families of kinds that a spec chooses from by name. */
export type KindFamily =
  | 'layer'
  | 'sharing'
  | 'head'
  | 'loss'
  | 'metric'
  | 'weighting'
  | 'optimizer'
  | 'schedule'
  | 'encoding'
  | 'sampler'
  | 'pruner'
  | 'distribution';

/** The part of a kind that documentation, schema and error messages are derived from. */
export interface Kind<Options extends TObject = TObject> {
  /** How a spec names it: `huber`, `adam`, `dense`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** The paper, with its year, where there is one. */
  readonly reference?: string;
  /** Its options as a schema; every property has a description, and a default unless required. */
  readonly options: Options;
  /** The option that a bare value stands for: `dropout: 0.2` is `dropout: { rate: 0.2 }`. */
  readonly short?: string;
}

/** The options of a kind as the resolved spec holds them: defaults filled in. */
export type OptionsOf<Schema extends TSchema> = Static<Schema>;

/** What a spec's checks need to know of losses, metrics, weightings and heads. */
export interface LossFacts extends Kind {
  /** Head kinds that it fits. */
  readonly heads: readonly string[];
}
export interface MetricFacts extends Kind {
  readonly heads: readonly string[];
  readonly direction: 'minimize' | 'maximize';
}
export interface WeightingFacts extends Kind {
  /** What it learns: without any, it is a constant of the spec. */
  readonly learned: readonly string[];
}
export interface HeadFacts extends Kind {
  readonly defaultLoss: string;
  readonly defaultMetrics: readonly string[];
}

export interface SamplerFacts extends Kind {
  /** Only grids end by themselves; the others need a budget. */
  readonly ends: boolean;
}
/** What a swept value may be drawn from. */
export interface DistributionFacts extends Kind {
  /** What is wrong with options that fit the schema, in words: `the smaller bound first`. */
  readonly mistake: (options: Readonly<Record<string, unknown>>) => string | null;
  readonly distribution: (options: Readonly<Record<string, unknown>>) => Distribution;
}

/** All kinds, by family; `src/catalog.ts` lists them. Specs are read against a catalog. */
export interface Catalog {
  readonly layer: readonly Kind[];
  readonly sharing: readonly Kind[];
  readonly head: readonly HeadFacts[];
  readonly loss: readonly LossFacts[];
  readonly metric: readonly MetricFacts[];
  readonly weighting: readonly WeightingFacts[];
  readonly optimizer: readonly Kind[];
  readonly schedule: readonly Kind[];
  readonly encoding: readonly Kind[];
  readonly sampler: readonly SamplerFacts[];
  readonly pruner: readonly Kind[];
  readonly distribution: readonly DistributionFacts[];
}

/** A kind chosen in a resolved spec: an object with one key, `{ huber: { delta: 1 } }`. */
export type Choice = { readonly [name: string]: Readonly<Record<string, unknown>> };

/** Name and options of a choice. */
export function chosen(choice: Choice): {
  name: string;
  options: Readonly<Record<string, unknown>>;
} {
  const [entry] = Object.entries(choice);
  if (!entry) throw new Error('internal: a choice without a kind');
  return { name: entry[0], options: entry[1] };
}

/** The kind of that name; the spec was checked, so a missing one is a broken promise. */
export function findKind<K extends Kind>(kinds: readonly K[], name: string): K {
  const kind = kinds.find((candidate) => candidate.name === name);
  if (!kind) throw new Error(`internal: no kind is called "${name}"`);
  return kind;
}
