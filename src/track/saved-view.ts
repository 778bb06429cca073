/** @file The comparison of a sweep as MLflow's UI keeps it: saved views, undocumented, of MLflow 3.17. */
import { deflateSync } from 'node:zlib';
import { type ChoiceView, choicesOf } from '../report/choices.ts';
import type { RunView } from '../report/index.ts';
import { choiceOf, parameterKey } from './trial-run.ts';
import { type Extent, yardsticksOf } from './view-axes.ts';
import { layoutOf, type Section } from './view-charts.ts';
import { bestChoices, type Ranked, rankedChoices } from './view-choices.ts';
import { curveSections, otherSection, resultSection } from './view-sections.ts';
import { groupedSpace, trialSpace } from './view-space.ts';

export interface SavedView {
  readonly key: string;
  /** In the menu of views. */
  readonly name: string;
  /** Of the experiment's tag `mlflow.sharedViewState.<key>`. */
  readonly value: string;
}

/** The key of a sweep's first view, which is part of its link. */
export const viewKey = (parentId: string): string => parentId;

export interface SavedViewInput {
  /** The MLflow run of the sweep. */
  readonly parentId: string;
  readonly view: RunView;
  /** Milliseconds: of the sweep's first record. */
  readonly created: number;
  /** The MLflow runs by the number of their trial, as far as they are known. */
  readonly runIds?: ReadonlyMap<number, string>;
}

/**
 * First all choices, joint ones and controls, averaged over their replicates with their spread; then
 * of each kind the best choice only, which is the answer; then the joint trials one by one, since
 * averages have no axis for words.
 */
export function savedViews(input: SavedViewInput): readonly SavedView[] {
  const { parentId, view, created } = input;
  const key = viewKey(parentId);
  const ranked = rankedChoices(view);
  const given = [
    { key, name: 'choices', state: choicesState(input, ranked) },
    { key: `${key}-best`, name: 'the best, jointly and alone', state: bestState(input, ranked) },
    { key: `${key}-trials`, name: 'joint trials', state: trialsState(input) },
  ];
  return given.flatMap(({ key: own, name: about, state }) => {
    const name = `${view.experiment}: ${about}`;
    const value = state && fitted({ name, createdAt: created, updatedAt: created }, state);
    return value === null ? [] : [{ key: own, name, value }];
  });
}

type State = (extent: Extent) => object;

/** MLflow keeps so much of an experiment's tag. */
const longest = 20_000;
/** Longer states are compressed, as MLflow's own UI does it. */
const plainUpTo = 12_000;

const extents: readonly Extent[] = [
  { tasks: 20, paths: 12, hasOthers: true },
  { tasks: 20, paths: 8, hasOthers: false },
  { tasks: 8, paths: 8, hasOthers: false },
  { tasks: 2, paths: 4, hasOthers: false },
];

/** With as much as there is room for; null where not even the least fits. */
function fitted(about: object, stateOf: State): string | null {
  for (const extent of extents) {
    const text = JSON.stringify(stateOf(extent));
    const state =
      text.length <= plainUpTo ? text : `deflate;${deflateSync(text).toString('base64')}`;
    const value = JSON.stringify({ ...about, state });
    if (value.length <= longest) return value;
  }
  return null;
}

/** The replicates of a choice are one line, with the space between the least and the most. */
const grouped = (tag: string) => ({
  groupBy: {
    aggregateFunction: 'average',
    groupByKeys: [{ mode: 'tag', groupByData: tag }],
  },
  useGroupedValuesInCharts: true,
});

const ungrouped = { groupBy: null, useGroupedValuesInCharts: false };

/** The UI loads so many runs at first, and groups what it has. */
const firstPage = 100;
/** With more groups a page is too full, and only the best ones are there. */
const mostGroups = 40;
const bestGroups = 24;

function choicesState(input: SavedViewInput, ranked: Ranked): State {
  const { view } = input;
  const choices = choicesOf(view.trials);
  const replicates = Math.max(1, ...choices.map(({ trials }) => trials.length));
  const best = bestChoices(ranked, Math.min(bestGroups, Math.floor(firstPage / replicates)));
  const isTooMuch = view.trials.length > firstPage || choices.length > mostGroups;
  const filter = isTooMuch ? filterOf(input, best) : null;
  const shown = filter === null ? choices : best;
  const seen = viewOf(view, shown);
  return (extent) => {
    const sections = [
      resultSection(seen, extent),
      ...groupedSpace(seen, extent),
      ...curveSections(seen, extent, { hasBothLosses: false }),
    ];
    return {
      ...common(input, extent, sections),
      ...grouped('choice'),
      searchFilter: filter ?? childrenOf(input),
      // Closed, under the names that the UI gives to groups.
      groupsExpanded: Object.fromEntries(
        shown.map((choice) => [`tag.choice.${choiceOf(choice)}`, false]),
      ),
    };
  };
}

/** The answer; null where nothing is trained alone, or no choice of it has finished yet. */
function bestState(input: SavedViewInput, { joint, alone }: Ranked): State | null {
  const best = [joint, ...alone].flatMap((own) => own.slice(0, 1));
  const searchFilter = filterOf(input, best);
  if (joint.length === 0 || alone.length === 0 || searchFilter === null) return null;
  const seen = viewOf(input.view, best);
  return (extent) => {
    const sections = [
      resultSection(seen, extent),
      ...curveSections(seen, extent, { hasBothLosses: true }),
    ];
    return { ...common(input, extent, sections), ...grouped('training'), searchFilter };
  };
}

function trialsState(input: SavedViewInput): State {
  return (extent) => ({
    ...common(input, extent, trialSpace(input.view, extent)),
    ...ungrouped,
    searchFilter: `${childrenOf(input)} AND tags.\`control\` = 'none'`,
  });
}

const childrenOf = ({ parentId }: SavedViewInput) => `tags.\`mlflow.parentRunId\` = '${parentId}'`;

const viewOf = (view: RunView, choices: readonly ChoiceView[]): RunView => ({
  ...view,
  trials: choices.flatMap(({ trials }) => trials),
});

/** The runs of these choices; null where they are not known. */
function filterOf({ runIds }: SavedViewInput, choices: readonly ChoiceView[]): string | null {
  const ids = choices.flatMap(({ trials }) =>
    trials.flatMap(({ number }) => runIds?.get(number) ?? []),
  );
  const list = ids.map((id) => `'${id}'`).join(', ');
  return ids.length === 0 ? null : `attributes.run_id IN (${list})`;
}

function common({ view }: SavedViewInput, extent: Extent, sections: readonly Section[]) {
  const [objective] = view.objective;
  const columns = columnsOf(view, extent);
  return {
    orderByKey: objective ? `metrics.\`best/${objective.metric}\`` : 'attributes.start_time',
    orderByAsc: objective?.direction === 'minimize',
    ...{ startTime: 'ALL', lifecycleFilter: 'Active', modelVersionFilter: 'All Runs' },
    datasetsFilter: [],
    selectedColumns: columns,
    columnOrder: columns,
    columnWidths: {},
    groupsExpanded: {},
    // Which runs are hidden one by one, the UI does not take from a view.
    runsHiddenMode: 'SHOW_ALL',
    ...{ hideEmptyCharts: true, viewMaximized: false, runListHidden: false },
    ...layoutOf([...sections, otherSection(view, sections, extent)]),
  };
}

const mostColumns = 30;

/** Whether a trial is joint, what was swept, what each head reached. */
function columnsOf(view: RunView, extent: Extent): readonly string[] {
  const paths = new Set(view.trials.flatMap(({ parameters }) => Object.keys(parameters)));
  const metrics = yardsticksOf(view, extent).flatMap(({ head, name }) => [
    `best/validation/${head}/${name}`,
    `best/test/${head}/${name}`,
  ]);
  return [
    'tags.`training`',
    'tags.`replicate`',
    ...[...paths].slice(0, extent.paths).map((path) => `params.\`${parameterKey(path)}\``),
    ...metrics.map((name) => `metrics.\`${name}\``),
  ].slice(0, mostColumns);
}
