/** @file Addresses in MLflow's UI. Its routes lie behind a hash; without the type it opens on GenAI. */

const page = (uri: string, route: string) => `${uri.replace(/\/+$/, '')}/#${route}`;
const machineLearning = 'workflowType=machine_learning';

/** The comparison of a sweep, laid out by a saved view. */
export const sweepLink = (uri: string, experimentId: string, viewKey: string): string =>
  page(
    uri,
    `/experiments/${experimentId}/runs?${machineLearning}&compareRunsMode=CHART&viewStateShareKey=${viewKey}`,
  );

/** Some runs side by side. */
export const compareLink = (
  uri: string,
  experimentId: string,
  runIds: readonly string[],
): string => {
  const text = (ids: readonly string[]) => encodeURIComponent(JSON.stringify(ids));
  return page(uri, `/compare-runs?runs=${text(runIds)}&experiments=${text([experimentId])}`);
};

export const runLink = (uri: string, experimentId: string, runId: string, tab = ''): string =>
  page(uri, `/experiments/${experimentId}/runs/${runId}${tab && `/${tab}`}?${machineLearning}`);
