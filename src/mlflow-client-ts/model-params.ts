/** @file Parameters of a logged model: MLflow refuses those that are there, with all that come along. */
import { type Api, get, named, post } from './api.ts';
import { isDoubleRow } from './failures.ts';
import { invalid, MlflowError } from './mlflow-error.ts';
import { modelPath } from './model-path.ts';
import { modelOf, needed } from './read-wire.ts';
import type { CallOptions, GivenTexts } from './types.ts';
import { textKinds, type WireText, wireTexts } from './write-wire.ts';

export async function logModelParams(
  api: Api,
  modelId: string,
  params: GivenTexts,
  { signal }: CallOptions = {},
): Promise<void> {
  const path = modelPath(modelId, 'POST', '/params');
  const request = named('POST', path);
  const wire = wireTexts(params, textKinds.modelParam, request, api.warn);
  const log = async (those: readonly WireText[]) => {
    const body = { model_id: modelId, params: those };
    if (those.length > 0) await post(api, path, body, { signal, isFinal: isDoubleRow });
  };
  try {
    await log(wire);
  } catch (error) {
    if (!(error instanceof MlflowError) || !isDoubleRow(error)) throw error;
    const known = modelOf(
      needed(await get(api, modelPath(modelId, 'GET'), {}, { signal }), 'model', request),
    ).params;
    const other = wire.find(({ key, value }) => Object.hasOwn(known, key) && known[key] !== value);
    if (other)
      throw invalid(
        request,
        `the param "${other.key}" has the value "${known[other.key]}" already`,
      );
    await log(wire.filter(({ key }) => !Object.hasOwn(known, key)));
  }
}
