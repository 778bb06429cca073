import type { MetricKind } from '../define.ts';
import { accuracy } from './accuracy.ts';
import { auc } from './auc.ts';
import { averagePrecision } from './average-precision.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { brier } from './brier.ts';
import { calibrationError } from './calibration-error.ts';
import { f1 } from './f1.ts';
import { logLoss } from './log-loss.ts';
import { mae } from './mae.ts';
import { medianError } from './median-error.ts';
import { mse } from './mse.ts';
import { precision } from './precision.ts';
import { r2 } from './r2.ts';
import { recall } from './recall.ts';
import { rmse } from './rmse.ts';
import { spearman } from './spearman.ts';

export const metrics: readonly MetricKind[] = [
  accuracy,
  auc,
  averagePrecision,
  balancedAccuracy,
  brier,
  calibrationError,
  f1,
  logLoss,
  mae,
  medianError,
  mse,
  precision,
  r2,
  recall,
  rmse,
  spearman,
];
