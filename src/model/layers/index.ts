import type { LayerKind } from '../define-layer.ts';
import { activation } from './activation.ts';
import { batchNormalization } from './batch-normalization.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { layerNormalization } from './layer-normalization.ts';
import { residual } from './residual.ts';

export const layers: readonly LayerKind[] = [
  dense,
  dropout,
  batchNormalization,
  layerNormalization,
  activation,
  residual,
];
