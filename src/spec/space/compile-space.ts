/** @file The search space of a sweep: its dimensions as numbers, and how a point becomes values again. */
import { isDeepStrictEqual } from 'node:util';
import { type Catalog, chosen, findKind } from '../kind.ts';
import { formatPath, type Path, parsePath } from '../problem.ts';
import { isMap } from '../schema/branch.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';
import { spellOut } from '../schema/spell-out.ts';
import { schemaOf } from '../schema-of.ts';
import { isExpression } from './expression.ts';
import { listDistribution } from './list-distribution.ts';
import { takeApart } from './nested.ts';
import {
  type Condition,
  type Dimension,
  isActive,
  type Point,
  type SearchSpace,
} from './search-space.ts';

/** A dimension, and where it comes from. */
export interface Axis extends Dimension {
  /** The swept path; of a group that changes together, the first one. */
  readonly path: Path;
  /** Where the spec says so. */
  readonly place: Path;
  /** Of a list: its values as they are set, without the distributions inside of them. */
  readonly settings: readonly Readonly<Record<string, unknown>>[];
  /** Written inside of a value of another dimension. */
  readonly isNested: boolean;
  /** `when`, as written. */
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly conditionPlace: Path;
}

export interface Link {
  readonly path: string;
  /** `${shared.layers[0].dense.units} / 2` */
  readonly formula: string;
  readonly place: Path;
}

export interface CompiledSpace extends SearchSpace {
  readonly dimensions: readonly Axis[];
  readonly links: readonly Link[];
  /** Values by path, without the linked ones. */
  valuesOf(point: Point): Readonly<Record<string, unknown>>;
}

/** Whether a path leads somewhere in the spec with these values. */
export type Fits = (values: Readonly<Record<string, unknown>>, path: Path) => boolean;

/** Of a checked sweep, or of one with mistakes as far as it goes. */
export function compileSpace(
  { parameters, zip }: Pick<ResolvedSpec['sweep'], 'parameters' | 'zip'>,
  catalog: Catalog,
  fits: Fits,
): CompiledSpace {
  const entries = Object.entries(parameters);
  const links = entries.flatMap(([path, written]) =>
    isExpression(written) ? [{ path, formula: written, place: placeOf(path) }] : [],
  );
  const own = entries.flatMap(([text, written]) => {
    const path = parsePath(text);
    if (!path || isExpression(written)) return [];
    return axesAt({ path, written, when: [], place: placeOf(text), isNested: false }, catalog);
  });
  const axes = inOrder(withConditions([...named(own), ...zip.flatMap(zipAxis)], fits));
  return { dimensions: axes, links, valuesOf: (point) => valuesOf(axes, point) };
}

const placeOf = (path: string): Path => ['sweep', 'parameters', path];

interface Source {
  readonly path: Path;
  readonly written: unknown;
  readonly when: readonly Condition[];
  readonly place: Path;
  readonly isNested: boolean;
}

/** The dimension of one path, and those that are nested in its values. */
function axesAt(
  { path, written, when, place, isNested }: Source,
  catalog: Catalog,
): readonly Axis[] {
  const name = isNested
    ? `${formatPath(path)} in ${when.map(conditionText).join()}`
    : formatPath(path);
  const { kind, options } = distributionOf(written, catalog);
  const values = Array.isArray(written) ? written : options.values;
  const conditions = isMap(options.when) ? options.when : {};
  const conditionPlace = [...place, kind?.name ?? '', 'when'];
  const common = { name, path, when, place, isNested, conditions, conditionPlace };
  if (!Array.isArray(values)) {
    const distribution = kind?.distribution(options);
    return distribution ? [{ ...common, distribution, settings: [] }] : [];
  }
  const parts = values.map((value) => takeApart(value, catalog));
  const settings = parts.map(({ bare }) =>
    bare === undefined ? {} : { [formatPath(path)]: bare },
  );
  const inner = parts.flatMap(({ nested }, index) =>
    nested.flatMap((each) =>
      axesAt(
        {
          path: [...path, ...each.inner],
          written: each.written,
          when: [{ on: name, values: [index] }],
          place: [...place, ...(Array.isArray(written) ? [index] : []), ...each.inner],
          isNested: true,
        },
        catalog,
      ),
    ),
  );
  const distribution = listDistribution(values);
  return [{ ...common, distribution, settings }, ...inner];
}

const conditionText = ({ on, values }: Condition) => `${on} ${values.join()}`;

export const distributionSchema = {
  $ref: '#/definitions/distribution',
  'x-choice': 'distribution',
} as const;

/** Nested ones are as written: short forms are spelled out here. */
function distributionOf(written: unknown, catalog: Catalog) {
  const schema = schemaOf(catalog);
  const long = isMap(written) ? spellOut(schema, distributionSchema, written) : {};
  const [[name, options] = ['', {}]] = Object.entries(isMap(long) ? long : {});
  const kind = catalog.distribution.find((each) => each.name === name);
  return { kind, options: isMap(options) ? options : {} };
}

/** Nested dimensions by their path too, where only one has it. */
function named(axes: readonly Axis[]): readonly Axis[] {
  const count = new Map<string, number>();
  for (const { path } of axes) {
    const text = formatPath(path);
    count.set(text, (count.get(text) ?? 0) + 1);
  }
  const names = new Map(
    axes.map(({ name, path }) => [
      name,
      count.get(formatPath(path)) === 1 ? formatPath(path) : name,
    ]),
  );
  const renamed = (name: string) => names.get(name) ?? name;
  return axes.map((axis) => ({
    ...axis,
    name: renamed(axis.name),
    when: axis.when.map(({ on, values }) => ({ on: renamed(on), values })),
  }));
}

function zipAxis(
  group: Readonly<Record<string, readonly unknown[]>>,
  index: number,
): readonly Axis[] {
  const lists = Object.entries(group);
  const count = Math.min(...lists.map(([, values]) => values.length));
  const path = parsePath(lists[0]?.[0] ?? '');
  if (!path || !Number.isFinite(count)) return [];
  const settings = Array.from({ length: count }, (_, place) =>
    Object.fromEntries(lists.map(([each, values]) => [each, values[place]])),
  );
  return [
    {
      name: Object.keys(group).join(' & '),
      path,
      place: ['sweep', 'zip', index],
      distribution: { type: 'category', count },
      settings,
      when: [],
      isNested: false,
      conditions: {},
      conditionPlace: ['sweep', 'zip', index],
    },
  ];
}

/** Adds what `when` says, and that a path inside of a swept block needs a block that has it. */
function withConditions(axes: readonly Axis[], fits: Fits): readonly Axis[] {
  return axes.map((axis) => {
    const written = Object.entries(axis.conditions).flatMap(([path, wanted]) => {
      const on = axes.find((other) => formatPath(other.path) === path);
      return on ? [{ on: on.name, values: coordinatesOf(on, wanted) }] : [];
    });
    const blocks = axis.isNested ? [] : axes.filter((other) => isInside(axis.path, other));
    const implied = blocks.flatMap((block) => {
      const all = block.settings.map((_, index) => index);
      const fitting = all.filter((index) => fits(block.settings[index] ?? {}, axis.path));
      const says = fitting.length === 0 || fitting.length === all.length;
      return says ? [] : [{ on: block.name, values: fitting }];
    });
    return { ...axis, when: [...axis.when, ...written, ...implied] };
  });
}

const isInside = (path: Path, { path: outer, settings }: Axis) =>
  settings.length > 0 &&
  outer.length < path.length &&
  outer.every((step, index) => step === path[index]);

/** The coordinates whose value is one of those wanted; a kind is also meant by its name alone. */
export function coordinatesOf(axis: Axis, wanted: unknown): readonly number[] {
  const all = Array.isArray(wanted) ? wanted : [wanted];
  if (axis.settings.length === 0) return all.filter((value) => typeof value === 'number');
  const text = formatPath(axis.path);
  return axis.settings.flatMap((setting, index) => {
    const value = setting[text];
    const isMeant = all.some(
      (each) =>
        isDeepStrictEqual(each, value) ||
        (typeof each === 'string' && isMap(value) && Object.keys(value)[0] === each),
    );
    return isMeant ? [index] : [];
  });
}

/** As written, but a dimension after those that its conditions speak of. */
function inOrder(axes: readonly Axis[]): readonly Axis[] {
  const placed = new Set<Axis>();
  const byName = new Map(axes.map((axis) => [axis.name, axis]));
  const place = (axis: Axis, above: readonly Axis[]) => {
    if (placed.has(axis) || above.includes(axis)) return;
    for (const { on } of axis.when) {
      const before = byName.get(on);
      if (before) place(before, [...above, axis]);
    }
    placed.add(axis);
  };
  for (const axis of axes) place(axis, []);
  return [...placed];
}

function valuesOf(axes: readonly Axis[], point: Point): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const axis of axes) {
    const coordinate = point[axis.name];
    if (coordinate === undefined || !isActive(axis, point)) continue;
    if (axis.settings.length > 0) Object.assign(values, axis.settings[coordinate]);
    else values[formatPath(axis.path)] = numberOf(axis, coordinate);
  }
  return values;
}

/** Five digits of what can vary: more would tell nobody anything. Bounds stay as written. */
function numberOf({ distribution }: Axis, coordinate: number): number {
  switch (distribution.type) {
    case 'int':
      return Math.round(coordinate);
    case 'normal': {
      const { mean, standardDeviation } = distribution;
      const [low, high] = [mean - 4 * standardDeviation, mean + 4 * standardDeviation];
      return withDigits(Math.min(high, Math.max(low, coordinate)), standardDeviation);
    }
    case 'float': {
      const { low, high, log, step } = distribution;
      if (step !== null) return Number(coordinate.toPrecision(12));
      return Math.min(high, Math.max(low, withDigits(coordinate, log ? coordinate : high - low)));
    }
    default:
      return coordinate;
  }
}

/** To a hundred-thousandth of a size. */
function withDigits(value: number, size: number): number {
  const decimals = 4 - Math.floor(Math.log10(Math.abs(size) || 1));
  return Number(value.toFixed(Math.min(100, Math.max(0, decimals))));
}

/** The kind of sampler that a sweep uses. */
export const samplerOf = ({ method }: ResolvedSpec['sweep'], { sampler }: Catalog) =>
  findKind(sampler, chosen(method).name);
