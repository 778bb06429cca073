/** @file Addresses in MLflow's UI. Its routes lie behind a hash; without the type it opens on GenAI. */
import { withoutCredentials } from '../spec/index.ts';

const machineLearning = 'workflowType=machine_learning';

/** Whatever path the server lives under is kept, a password is not. */
const page = (uri: string, route: string): string =>
  `${withoutCredentials(uri)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')}/#${route}`;

/** The comparison of a sweep, laid out by a saved view. */
export const sweepLink = (
  uri: string,
  experimentId: string,
  viewKey: string,
  workspace: string | null = null,
): string => {
  const view = `${machineLearning}&compareRunsMode=CHART&viewStateShareKey=${viewKey}`;
  const where = workspace === null ? '' : `&workspace=${encodeURIComponent(workspace)}`;
  return page(uri, `/experiments/${experimentId}/runs?${view}${where}`);
};

/** By Databricks' documentation; its own UI knows no saved views. */
export const databricksLink = (uri: string, experimentId: string): string =>
  `${uri}/ml/experiments/${experimentId}`;

/** Some runs side by side. */
export const compareLink = (
  uri: string,
  experimentId: string,
  runIds: readonly string[],
): string => {
  const text = (ids: readonly string[]) => encodeURIComponent(JSON.stringify(ids));
  const which = `runs=${text(runIds)}&experiments=${text([experimentId])}`;
  return page(uri, `/compare-runs?${which}&${machineLearning}`);
};

/** One run, on one of its tabs: `artifacts`, `artifacts/curves.svg`, `model-metrics`. */
export const runLink = (uri: string, experimentId: string, runId: string, tab = ''): string =>
  page(uri, `/experiments/${experimentId}/runs/${runId}${tab && `/${tab}`}?${machineLearning}`);
