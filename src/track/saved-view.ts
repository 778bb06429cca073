/** @file The comparison of a sweep as MLflow's UI keeps it: saved views, undocumented, of MLflow 3.17. */
import { deflateSync } from 'node:zlib';
import type { RunView } from '../report/index.ts';
import { choiceCharts, type Layout, parameterKey, trialCharts } from './view-charts.ts';

export interface SavedView {
  readonly key: string;
  /** Of the experiment's tag `mlflow.sharedViewState.<key>`. */
  readonly value: string;
}

/** MLflow keeps so much of an experiment's tag. */
const longest = 20_000;
/** Long states are compressed, as MLflow's own UI does it. */
const plainUpTo = 12_000;

/** The key of a sweep's first view, which is part of its link. */
export const viewKey = (parentId: string): string => parentId;

export interface SavedViewInput {
  /** The MLflow run of the sweep. */
  readonly parentId: string;
  readonly view: RunView;
  /** Milliseconds: of the sweep's first record. */
  readonly created: number;
}

/**
 * First the choices, joint ones and controls, averaged over their replicates with their spread; then
 * the joint trials one by one, since averages have no axis for words.
 */
export function savedViews({ parentId, view, created }: SavedViewInput): readonly SavedView[] {
  const children = `tags.\`mlflow.parentRunId\` = '${parentId}'`;
  const choices = {
    ...common(view, choiceCharts(view)),
    searchFilter: children,
    useGroupedValuesInCharts: true,
    groupBy: {
      aggregateFunction: 'average',
      groupByKeys: [{ mode: 'tag', groupByData: 'choice' }],
    },
  };
  const trials = {
    ...common(view, trialCharts(view)),
    searchFilter: `${children} AND tags.\`control\` = 'none'`,
    useGroupedValuesInCharts: false,
    groupBy: null,
  };
  const key = viewKey(parentId);
  const saved = (name: string, state: object) => {
    const text = encoded(JSON.stringify(state));
    return JSON.stringify({ name, createdAt: created, updatedAt: created, state: text });
  };
  const { experiment } = view;
  return [
    { key, value: saved(`${experiment}: jointly and alone`, choices) },
    { key: `${key}-trials`, value: saved(`${experiment}: joint trials`, trials) },
  ].filter(({ value }) => value.length <= longest);
}

const encoded = (state: string): string =>
  state.length <= plainUpTo ? state : `deflate;${deflateSync(state).toString('base64')}`;

function common(view: RunView, { sections, charts }: Layout) {
  const [objective] = view.objective;
  return {
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
    compareRunSections: sections.map((section) => ({
      ...section,
      display: true,
      isReordered: true,
      deleted: false,
      isGenerated: false,
    })),
    compareRunCharts: charts,
  };
}

const mostColumns = 24;

/** Whether a trial is joint, what was swept, what each head reached. */
function columnsOf({ trials, heads }: RunView): readonly string[] {
  const paths = new Set(trials.flatMap(({ parameters }) => Object.keys(parameters)));
  const metrics = Object.entries(heads).flatMap(([head, { metrics: own }]) =>
    own
      .slice(0, 1)
      .flatMap(({ name }) => [`best/validation/${head}/${name}`, `best/test/${head}/${name}`]),
  );
  return [
    'tags.`training`',
    'tags.`replicate`',
    ...[...paths].map((path) => `params.\`${parameterKey(path)}\``),
    ...metrics.map((name) => `metrics.\`${name}\``),
  ].slice(0, mostColumns);
}
