/** @file What the runner decides about engines before any worker starts. */

/** The tfjs backend that trains. */
export type EngineName = 'native' | 'wasm';

/**
 * What a user may ask for. `auto` falls back to wasm, `native` does not; both leave it to each
 * program's operations how it runs. `xla`, `graph` and `eager` are native TensorFlow with that.
 */
export const engineRequests = ['auto', 'native', 'xla', 'graph', 'eager', 'wasm'] as const;
export type EngineRequest = (typeof engineRequests)[number];

/** Plain data, handed to each worker. */
export interface EnginePlan {
  readonly name: EngineName;
  /** Enters a trial's identity: `tensorflow-2.21.0`, `tensorflow-2.21.0-eager`, `tfjs-wasm-4.22.0`. */
  readonly family: string;
  /** Where the native addon lies in the cache; null for wasm. */
  readonly addon: string | null;
  /** How every program is to run, where the user asked for it. */
  readonly programs: 'xla' | 'graph' | 'eager' | null;
  /** One line for the user where another engine runs than the best one, with the reason. */
  readonly note: string | null;
}

/** An attempt that may end in a reason. */
export type Attempt<Value> =
  | ({ readonly ok: true } & Value)
  | { readonly ok: false; readonly reason: string };
