/** @file What Optuna found on the test functions: test/fixtures/optuna-traces.json. */
import { readFileSync } from 'node:fs';
import type { Point } from '../../../src/spec/space/search-space.ts';

export interface Traces {
  /** Versions. */
  readonly source: string;
  /** How many: 0, 1, … */
  readonly seeds: number;
  /** After so many trials. */
  readonly trials: readonly number[];
  /** Values of each function at a few points. */
  readonly points: Readonly<
    Record<string, readonly { readonly point: Point; readonly value: number }[]>
  >;
  /** Best values so far: [function][sampler][seed][trials]. */
  readonly traces: Readonly<
    Record<string, Readonly<Record<string, readonly (readonly number[])[]>>>
  >;
  readonly fronts: {
    readonly source: string;
    readonly trials: readonly number[];
    /** Values of each problem at a few points. */
    readonly points: Readonly<
      Record<string, readonly { readonly point: Point; readonly value: readonly number[] }[]>
    >;
    /** Hypervolumes: [problem][sampler][seed][trials]. */
    readonly volumes: Readonly<
      Record<string, Readonly<Record<string, readonly (readonly number[])[]>>>
    >;
  };
}

/** The fixture was written by a program of ours: it is taken at its word. */
export const readTraces = (): Traces =>
  JSON.parse(readFileSync(new URL('../../fixtures/optuna-traces.json', import.meta.url), 'utf8'));
