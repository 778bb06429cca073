export { type Explained, explain } from './explain.ts';
export { type Catalog, type Choice, chosen, findKind, type Kind } from './kind.ts';
export { nearest } from './nearest.ts';
export {
  type Origin,
  type ParsedSpec,
  parseSpec,
  readSpecFile,
  type SpecText,
} from './parse-spec.ts';
export { formatPath, type Path, type Problem, parsePath } from './problem.ts';
export { renderProblems, renderResolved } from './render.ts';
export { composeSchema } from './schema/compose.ts';
export type { ResolvedSpec } from './schema/experiment.ts';
export { schemaOf } from './schema-of.ts';
export type { CompiledSpace } from './space/compile-space.ts';
export { type SweepChoice, type SweepSpace, sweepSpace } from './space/sweep-points.ts';
export type { LocatedProblem } from './text/text-problem.ts';
export { withoutCredentials, withReferences, withValues } from './with-values.ts';
