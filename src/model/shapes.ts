/** @file Whether layers fit each other, without building them. */
import { type Choice, chosen, findKind } from '../spec/kind.ts';
import type { Path, Problem } from '../spec/problem.ts';
import type { ResolvedSpec } from '../spec/schema/experiment.ts';
import type { InnerShape, Shape, ShapeResult } from './define-layer.ts';
import { layers as layerKinds } from './layers/index.ts';

/** The shape after a list of layers, or the first one that does not fit. */
export const shapeAfter: InnerShape = (layers, input) => {
  let shape: Shape = input;
  for (const [index, layer] of layers.entries()) {
    const result = layerShape(layer, shape);
    if (!result.ok) return { ...result, path: [index, ...(result.path ?? [])] };
    shape = result.shape;
  }
  return { ok: true, shape };
};

function layerShape(layer: Choice, input: Shape): ShapeResult {
  const { name, options } = chosen(layer);
  const result = findKind(layerKinds, name).outputShape(options, input, shapeAfter);
  return result.ok ? result : { ...result, path: [name, ...(result.path ?? [])] };
}

/** Stands for the width of the data where no data have been read. */
const nominalWidth = 17;

/** Layers that do not fit each other, in the trunk and in the heads. Builds nothing. */
export function checkModel(
  { shared, heads }: Pick<ResolvedSpec, 'shared' | 'heads'>,
  inputWidth = nominalWidth,
): readonly Problem[] {
  const trunk = shapeAfter(shared.layers, [inputWidth]);
  const afterTrunk = trunk.ok ? trunk.shape : [inputWidth];
  return [
    ...problemOf(trunk, ['shared', 'layers']),
    ...Object.entries(heads).flatMap(([name, head]) =>
      problemOf(shapeAfter(head.layers, afterTrunk), ['heads', name, 'layers']),
    ),
  ];
}

function problemOf(result: ShapeResult, place: Path): readonly Problem[] {
  if (result.ok) return [];
  const { expected, came, path = [] } = result;
  return [{ path: [...place, ...path], expected, came }];
}
