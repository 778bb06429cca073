/** @file All kinds that a spec can name, by family. */
import { encodings } from './data/encodings/index.ts';
import { heads, layers, sharings } from './model/index.ts';
import { distributions } from './plan/distributions/index.ts';
import { samplers } from './plan/index.ts';
import { pruners } from './plan/pruners/index.ts';
import type { Catalog } from './spec/kind.ts';
import { losses, optimizers, schedules, weightings } from './step/index.ts';
import { metrics } from './step/metrics/index.ts';

export const catalog: Catalog = {
  layer: layers,
  sharing: sharings,
  head: heads,
  loss: losses,
  metric: metrics,
  weighting: weightings,
  optimizer: optimizers,
  schedule: schedules,
  encoding: encodings,
  sampler: samplers,
  pruner: pruners,
  distribution: distributions,
};
