/** @file Whether a sweep ends, its method can draw from its space, and its pruners have what they need. */
import { chosen } from '../kind.ts';
import type { Problem } from '../problem.ts';
import type { ResolvedSpec } from '../schema/experiment.ts';
import { type Axis, samplerOf } from '../space/compile-space.ts';
import type { SpaceCheck } from './sweep-space.ts';

export function checkMethod({ spec, catalog, space }: SpaceCheck): readonly Problem[] {
  const sampler = samplerOf(spec.sweep, catalog);
  return sampler.ends ? space.dimensions.flatMap(checkEnumerable) : checkBudget(spec, sampler.name);
}

function checkEnumerable({ distribution, place, path }: Axis): readonly Problem[] {
  const isContinuous =
    distribution.type === 'normal' || (distribution.type === 'float' && distribution.step === null);
  if (!isContinuous) return [];
  const hint =
    'A grid tries every value: list some, take `quantized`, or another method as `sweep.method: tpe`.';
  return [
    {
      path: place,
      expected: `values that can be counted, for a grid`,
      came: `a range of ${path.at(-1)}`,
      hint,
      refersTo: ['sweep', 'method'],
    },
  ];
}

/** Only a grid ends by itself. */
function checkBudget({ sweep }: ResolvedSpec, name: string): readonly Problem[] {
  const { trials, epochs, minutes, target } = sweep.budget;
  const isBounded = [trials, epochs, minutes].some((bound) => bound !== undefined);
  if (isBounded) return [];
  const came =
    Object.keys(target).length > 0 ? 'a target that may never be reached' : 'it is missing';
  const hint =
    'Write as in sweep: { budget: { trials: 50 } }; epochs and minutes are other bounds.';
  return [
    { path: ['sweep', 'budget'], expected: `a budget, since ${name} goes on for ever`, came, hint },
  ];
}

export function checkPruners({ sweep }: ResolvedSpec): readonly Problem[] {
  return sweep.pruner.flatMap((pruner, index) => {
    const { name } = chosen(pruner);
    if (name !== 'race' || sweep.replicates > 1) return [];
    const hint = 'A race compares the replicates of choices: set sweep.replicates to 2 or more.';
    return [
      { path: ['sweep', 'pruner', index], expected: 'replicates for a race', came: 'one', hint },
    ];
  });
}
