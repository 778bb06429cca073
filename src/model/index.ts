export { type ModelFiles, modelFiles, modelFromFiles } from './artifacts.ts';
export { type BuiltModel, buildModel, type ModelRequest } from './build-model.ts';
export { countWeights } from './count-weights.ts';
export type { HeadKind } from './define-head.ts';
export type { LayerKind } from './define-layer.ts';
export { heads } from './heads/index.ts';
export { layers } from './layers/index.ts';
export { constraintOperations, type Named } from './layers/weight-options.ts';
export { checkModel } from './shapes.ts';
export { sharings } from './sharings/index.ts';
export {
  assignWeights,
  movingAverages,
  trainableWeights,
  weightCount,
  weightName,
  withWeights,
} from './weights.ts';
