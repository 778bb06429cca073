/** @file What is shown of a single trial: pictures, a table of predictions, a note. */
import type { HeadRecord } from '../../record/journal-record.ts';
import type { TrialView } from '../read-run.ts';
import { calibrationPlot } from './calibration-plot.ts';
import { confusionPlot } from './confusion.ts';
import { curvesPlot } from './curves.ts';
import { labelsPlot } from './labels.ts';
import type { HeadPredictions, Predictions } from './predictions.ts';
import { regressionPlot } from './regression.ts';
import { captionOf, predictedSplit } from './trial-words.ts';

export { trialNote } from './note.ts';
export { type HeadPredictions, type Predictions, readPredictions } from './predictions.ts';
export { predictionsTable } from './table.ts';

export interface TrialPictures {
  readonly trial: TrialView;
  readonly heads: Readonly<Record<string, HeadRecord>>;
  /** Of the test split, or of the validation split where there is none. */
  readonly predictions: Predictions | null;
}

/** SVG by file name: `curves.svg`, `<head>/confusion.svg`, … */
export function trialPlots({ trial, heads, predictions }: TrialPictures): Record<string, string> {
  const about = captionOf(trial, `${predictedSplit(trial)} split`);
  const plots = Object.entries(predictions?.heads ?? {}).flatMap(([head, own]) =>
    Object.entries(headPlots(head, own, about)).map(
      ([name, svg]) => [`${head}/${name}.svg`, svg] as const,
    ),
  );
  return { 'curves.svg': curvesPlot(trial, heads), ...Object.fromEntries(plots) };
}

function headPlots(
  head: string,
  predictions: HeadPredictions,
  about: string,
): Record<string, string> {
  switch (predictions.kind) {
    case 'regression':
      return { 'predicted-against-true': regressionPlot(head, predictions, about) };
    case 'binary':
    case 'multiclass':
      return {
        confusion: confusionPlot(head, predictions, about),
        calibration: calibrationPlot(head, predictions, about),
      };
    case 'multilabel':
      return {
        confusion: labelsPlot(head, predictions, about),
        calibration: calibrationPlot(head, predictions, about),
      };
    default:
      return predictions satisfies never;
  }
}
