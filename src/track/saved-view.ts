/** @file The comparison of a sweep as MLflow's UI keeps it: a saved view, undocumented, of MLflow 3.17. */
import { deflateSync } from 'node:zlib';
import { type RunView, rankedJoint } from '../report/index.ts';
import { type Chart, type ChartSection, charts } from './view-charts.ts';

export interface SavedView {
  readonly key: string;
  /** Of the experiment's tag `mlflow.sharedViewState.<key>`. */
  readonly value: string;
}

/** MLflow keeps so much of an experiment's tag. */
const longest = 20_000;
/** Long states are compressed by MLflow's own UI as well. */
const plainUpTo = 12_000;

/** The key of a sweep's view, which is part of its link. */
export const viewKey = (parentId: string): string => parentId;

export interface SavedViewInput {
  /** The MLflow run of the sweep. */
  readonly parentId: string;
  readonly view: RunView;
  /** Milliseconds: of the sweep's first record. */
  readonly created: number;
}

/**
 * The trials of one sweep, averaged over replicates with their spread: what each task reached
 * jointly and alone, the search space, and curves for each task.
 */
export function savedView({ parentId, view, created }: SavedViewInput): SavedView {
  const key = viewKey(parentId);
  const name = `${view.experiment}: jointly and alone`;
  const state = encoded(JSON.stringify(stateOf(parentId, view)));
  const value = JSON.stringify({ name, createdAt: created, updatedAt: created, state });
  if (value.length <= longest) return { key, value };
  throw new Error(`internal: the saved view has ${value.length} characters`);
}

const encoded = (state: string): string =>
  state.length <= plainUpTo ? state : `deflate;${deflateSync(state).toString('base64')}`;

function stateOf(parentId: string, view: RunView) {
  const { sections, drawn } = charts(view);
  const [objective] = view.objective;
  return {
    searchFilter: `tags.\`mlflow.parentRunId\` = '${parentId}'`,
    orderByKey: objective ? `metrics.\`best/${objective.metric}\`` : 'attributes.start_time',
    orderByAsc: objective?.direction === 'minimize',
    startTime: 'ALL',
    lifecycleFilter: 'Active',
    modelVersionFilter: 'All Runs',
    datasetsFilter: [],
    selectedColumns: columnsOf(view),
    runsExpanded: {},
    runsPinned: [],
    runsHidden: [],
    runsHiddenMode: 'SHOW_ALL',
    isAccordionReordered: true,
    useGroupedValuesInCharts: true,
    // Replicates of a choice are one line with its spread.
    groupBy: {
      aggregateFunction: 'average',
      groupByKeys: [{ mode: 'tag', groupByData: 'choice' }],
    },
    compareRunSections: sections.map(sectionState),
    compareRunCharts: drawn,
  };
}

const sectionState = ({ uuid, name }: ChartSection) => ({
  uuid,
  name,
  display: true,
  isReordered: true,
  deleted: false,
  isGenerated: false,
});

const mostColumns = 24;

/** What was swept, what each head reached, and whether a trial is joint. */
function columnsOf(view: RunView): readonly string[] {
  const paths = sweptPaths(view);
  const metrics = Object.entries(view.heads).flatMap(([head, { metrics: own }]) =>
    own
      .slice(0, 1)
      .flatMap(({ name }) => [`best/validation/${head}/${name}`, `best/test/${head}/${name}`]),
  );
  return [
    'tags.`training`',
    'tags.`replicate`',
    ...paths.map((path) => `params.\`${path}\``),
    ...metrics.map((name) => `metrics.\`${name}\``),
  ].slice(0, mostColumns);
}

/** By MLflow's keys; those of the best choice first, which has them all. */
export function sweptPaths(view: RunView): readonly string[] {
  const trials = [...(rankedJoint(view)[0]?.trials ?? []), ...view.trials];
  const paths = trials.flatMap(({ parameters }) => Object.keys(parameters));
  return [...new Set(paths)].map((path) => path.replace(/\[(\d+)\]/g, '.$1'));
}

export type { Chart };
