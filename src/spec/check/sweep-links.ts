/** @file Whether formulas can be read, name what is there, and give what fits. */
import { nearest } from '../nearest.ts';
import { formatPath, type Problem, parsePath } from '../problem.ts';
import { allPaths, followPath, getAt } from '../schema/step-into.ts';
import type { Link } from '../space/compile-space.ts';
import { type Expression, pathsIn, readExpression } from '../space/expression.ts';
import { diagnose } from './diagnose.ts';
import { pathHint, pointWith, type SpaceCheck, sampleCoordinates } from './sweep-space.ts';

export function checkLinks(check: SpaceCheck): readonly Problem[] {
  const { links } = check.space;
  const problems = links.flatMap((link) => checkLink(check, link));
  return problems.length > 0 ? problems : links.flatMap((link) => checkCircle(link, links));
}

function checkLink(check: SpaceCheck, link: Link): readonly Problem[] {
  const { path, formula, place } = link;
  const read = readExpression(formula);
  if (!read.ok) {
    const came = formula.slice(read.at).trim() || 'its end';
    return [{ path: place, expected: read.expected, came, hint: `In the formula ${formula}` }];
  }
  const steps = parsePath(path);
  if (!steps)
    return [
      {
        path: place,
        expected: 'the path of a value of this spec',
        came: `"${path}"`,
        hint: pathHint,
        atKey: true,
      },
    ];
  const lost = pathsIn(read.expression).flatMap(({ text }) => checkReference(check, link, text));
  return lost.length > 0 ? lost : checkResults(check, link, read.expression);
}

/** A path of the spec as it is, or of some choice. */
function checkReference(
  { spec, space, root }: SpaceCheck,
  { place }: Link,
  text: string,
): readonly Problem[] {
  const steps = parsePath(text) ?? [];
  const isThere = (value: unknown) => followPath(root, value, steps).ok;
  const inChoices = space.dimensions.some((axis) =>
    sampleCoordinates(axis.distribution).some((coordinate) =>
      isThere(space.choiceAt(pointWith(space, axis, coordinate)).spec),
    ),
  );
  if (isThere(spec) || inChoices) return [];
  const near = nearest(text, allPaths(spec));
  const hint = near ? `Did you mean "${near}"?` : undefined;
  return [{ path: place, expected: 'the path of a value of this spec', came: `"${text}"`, hint }];
}

/** With every value of what it uses that has ends or a list. */
function checkResults(
  { root, spec, space }: SpaceCheck,
  link: Link,
  expression: Expression,
): readonly Problem[] {
  const used = pathsIn(expression).map(({ text }) => text);
  const axes = space.dimensions.filter((axis) => used.includes(formatPath(axis.path)));
  const points = axes.flatMap((axis) =>
    sampleCoordinates(axis.distribution).map((coordinate) => pointWith(space, axis, coordinate)),
  );
  const first = space.dimensions[0];
  const tried = points.length > 0 ? points : first ? [pointWith(space, first, 0)] : [{}];
  for (const point of tried) {
    const choice = space.choiceAt(point);
    const value = choice.values[link.path];
    if (value === undefined) continue;
    const given = used
      .map((text) => `${text} = ${JSON.stringify(getAt(choice.spec, parsePath(text) ?? []))}`)
      .join(', ');
    const hint = `${link.formula} is ${value} where ${given}.`;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return [{ path: link.place, expected: 'a formula of numbers', came: String(value), hint }];
    }
    const problem = diagnose(root, choice.spec).find(({ path }) => formatPath(path) === link.path);
    if (problem) return [{ ...problem, path: link.place, hint }];
  }
  const steps = parsePath(link.path) ?? [];
  const exists = tried.some((point) => link.path in space.choiceAt(point).values);
  if (exists || followPath(root, spec, steps).ok) return [];
  return [
    {
      path: link.place,
      expected: 'the path of a value of this spec',
      came: `"${link.path}"`,
      atKey: true,
    },
  ];
}

function checkCircle(link: Link, links: readonly Link[]): readonly Problem[] {
  const reaches = (path: string, above: readonly string[]): boolean => {
    const next = links.find((each) => each.path === path);
    const read = next && readExpression(next.formula);
    if (!read?.ok) return false;
    return pathsIn(read.expression).some(
      ({ text }) =>
        text === link.path || (!above.includes(text) && reaches(text, [...above, text])),
    );
  };
  if (!reaches(link.path, [link.path])) return [];
  const hint = 'It comes back to itself.';
  return [{ path: link.place, expected: 'a formula of other values', came: link.formula, hint }];
}
