export { type ModelFiles, modelFiles, modelFromFiles } from './artifacts.ts';
export { type BuiltModel, buildModel, type ModelRequest } from './build-model.ts';
export { countWeights } from './count-weights.ts';
export type { HeadKind } from './define-head.ts';
export type { LayerKind } from './define-layer.ts';
export { heads } from './heads/index.ts';
export { layers } from './layers/index.ts';
export { checkModel } from './shapes.ts';
export { sharings } from './sharings/index.ts';
export {
  assignWeights,
  movingAverages,
  trainableWeights,
  weightConstraints,
  weightCount,
  withWeights,
} from './weights.ts';
