/** @file A trained model as MLflow's Models tab and registry know it: flavour `tfjs`, with a signature. */
import { stringify } from 'yaml';
import { type SavedPreprocessing, trialFiles } from '../execute/trial-files.ts';

export interface ModelIdentity {
  readonly modelId: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly created: string;
}

/** The files of the logged model, by their names there, with where they lie in a trial's folder. */
export const loggedModelFiles: Readonly<Record<string, string>> = {
  'model.json': trialFiles.model,
  'weights.bin': trialFiles.weights,
  'preprocessing.json': trialFiles.preprocessing,
};

/** The text of `MLmodel`: how the model is loaded, what goes in and what comes out. */
export function mlmodelText(
  { modelId, runId, created }: ModelIdentity,
  modelJson: string,
  saved: SavedPreprocessing,
): string {
  const { inputs, outputs } = signatureOf(saved);
  return stringify({
    flavors: { tfjs: { model_data: 'model.json', tfjs_version: tfjsVersion(modelJson) } },
    model_id: modelId,
    run_id: runId,
    signature: { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null },
    utc_time_created: created.replace('T', ' ').replace('Z', ''),
  });
}

const tfjsVersion = (modelJson: string): string =>
  /"generatedBy":"[^"]* v([\d.]+)"/.exec(modelJson)?.[1] ?? 'unknown';

/** Tensors, as `model.json` takes and gives them: rows of features, and one output a head. */
function signatureOf({ preprocessing, heads }: SavedPreprocessing) {
  const tensor = (name: string, dtype: string, columns: number) => ({
    name,
    type: 'tensor',
    'tensor-spec': { dtype, shape: [-1, columns] },
  });
  return {
    inputs: inputsOf(preprocessing).map(({ name, ...input }) =>
      input.kind === 'dense'
        ? tensor(name, 'float32', input.width)
        : tensor(name, 'int32', input.columns),
    ),
    outputs: Object.entries(heads).map(([name, { target }]) =>
      tensor(name, 'float32', target.columns),
    ),
  };
}

type Input =
  | { readonly kind: 'dense'; readonly name: string; readonly width: number }
  | { readonly kind: 'codes'; readonly name: string; readonly columns: number };

/** It was written with the model (`filesOf`). */
const inputsOf = ({ inputs }: SavedPreprocessing['preprocessing']) => inputs as readonly Input[];
