/** @file Reads saved views as MLflow's page does. */
import { inflateSync } from 'node:zlib';
import { type RunView, readRun } from '../../src/report/index.ts';
import { type SavedViewInput, savedViews } from '../../src/track/saved-view.ts';
import { type MadeSweep, madeSweepRecords } from '../mlflow/populate.ts';

export const runOf = (made: MadeSweep): RunView => readRun(madeSweepRecords(made));

/** MLflow's ids are 32 hexadecimal digits. */
export const idOf = (number: number): string => number.toString(16).padStart(32, '0');
const idsOf = ({ trials }: RunView) =>
  new Map(trials.map(({ number }) => [number, idOf(number)] as const));

export interface Chart {
  readonly uuid: string;
  readonly type: string;
  readonly metricSectionId: string;
  readonly metricKey?: string;
  readonly selectedMetricKeys?: readonly string[];
  readonly selectedParams?: readonly string[];
  readonly selectedMetrics?: readonly string[];
  readonly range?: Readonly<Record<string, number>>;
  readonly xaxis?: { readonly key: string };
  readonly yaxis?: { readonly key: string };
  readonly zaxis?: { readonly key: string };
}

export interface State {
  readonly searchFilter: string;
  readonly groupBy: unknown;
  readonly groupsExpanded: Readonly<Record<string, boolean>>;
  readonly orderByKey: string;
  readonly orderByAsc: boolean;
  readonly selectedColumns: readonly string[];
  readonly compareRunSections: readonly {
    readonly uuid: string;
    readonly name: string;
    readonly display: boolean;
  }[];
  readonly compareRunCharts: readonly Chart[];
}

export const saved = (of: RunView, more: Partial<SavedViewInput> = {}) =>
  savedViews({ parentId: 'abc', view: of, created: 1, runIds: idsOf(of), ...more });

/** As MLflow's page reads it. */
export function stateOf(value: string): State {
  const { state } = JSON.parse(value);
  const [, packed] = /^deflate;(.*)$/s.exec(state) ?? [];
  return JSON.parse(packed ? inflateSync(Buffer.from(packed, 'base64')).toString() : state);
}

/** By the end of its key: `choices`, `best` and `trials`. */
export function statesOf(
  of: RunView,
  more: Partial<SavedViewInput> = {},
): Readonly<Record<string, State>> {
  const views = saved(of, more).map(({ key, value }) => [
    key.split('-')[1] ?? 'choices',
    stateOf(value),
  ]);
  return Object.fromEntries(views);
}

export const chartsOf = (state: State | undefined, type: string) =>
  state?.compareRunCharts.filter((chart) => chart.type === type) ?? [];
export const sectionsOf = (state: State | undefined) =>
  state?.compareRunSections.map(({ name }) => name) ?? [];
