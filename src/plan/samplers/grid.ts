/** @file Grid search: every combination of the listed values, the first path changing slowest. */
import { Type } from 'typebox';
import { type ChoiceValues, defineSampler, type SearchSpace } from '../define-sampler.ts';

export const grid = defineSampler({
  name: 'grid',
  summary: 'Every combination of the listed values; lists under `zip` run side by side.',
  options: Type.Object({}, { additionalProperties: false }),
  propose: (space, history) => allChoices(space).slice(history.length),
});

/** The axes of the grid: each a list of settings, a setting being one or more paths with values. */
function axesOf(space: SearchSpace): readonly (readonly ChoiceValues[])[] {
  const single = Object.entries(space.parameters).map(([path, values]) =>
    values.map((value) => ({ [path]: value })),
  );
  const zipped = space.zip.map((group) => {
    const length = Object.values(group)[0]?.length ?? 0;
    return Array.from({ length }, (_, index) =>
      Object.fromEntries(Object.entries(group).map(([path, values]) => [path, values[index]])),
    );
  });
  return [...single, ...zipped].filter((axis) => axis.length > 0);
}

function allChoices(space: SearchSpace): readonly ChoiceValues[] {
  return axesOf(space).reduce<readonly ChoiceValues[]>(
    (choices, axis) =>
      choices.flatMap((choice) => axis.map((setting) => ({ ...choice, ...setting }))),
    [{}],
  );
}
