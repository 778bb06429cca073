/** @file Links logged models to the run that made them; MLflow itself refuses a link that is there. */
import { type Api, get, named, post } from './api.ts';
import { isDoubleRow } from './failures.ts';
import { MlflowError } from './mlflow-error.ts';
import { objectOf, runOf } from './read-wire.ts';
import type { RunLoggingApi } from './run-logging.ts';
import { wireId, wireInteger } from './values.ts';

export function runOutputsOf(api: Api): RunLoggingApi['logOutputs'] {
  const path = '/runs/outputs';
  const request = named('POST', path);
  return async ({ runId, models }, { signal } = {}) => {
    const run = wireId(runId, 'the run', request);
    const wire = models.map(({ modelId, step = 0 }) => ({
      model_id: wireId(modelId, 'the model', request),
      step: wireInteger(step, 'the step of a model', request),
    }));
    const log = async (those: typeof wire) => {
      if (those.length > 0)
        await post(api, path, { run_id: run, models: those }, { signal, isFinal: isDoubleRow });
    };
    try {
      await log(wire);
    } catch (error) {
      if (!(error instanceof MlflowError) || !isDoubleRow(error)) throw error;
      const { outputs } = runOf(
        objectOf(await get(api, '/runs/get', { run_id: run }, { signal })).run,
      );
      const known = new Set(outputs.map(({ modelId }) => modelId));
      await log(wire.filter(({ model_id }) => !known.has(model_id)));
    }
  };
}
