/** @file What the executor is told of a trial besides itself: which program, and how many threads. */
import { availableParallelism } from 'node:os';
import { type DataSignature, openPrepared } from './data/index.ts';
import { threadsFor } from './execute/threads.ts';
import type { Planner } from './experiment-plan.ts';
import { countWeights } from './model/index.ts';
import { canonical, type PlannedTrial } from './plan/index.ts';
import { structureOf } from './step/index.ts';

/** Reads each data signature and sizes each structure once. */
export function trialNeeds({ dataOf }: Pick<Planner, 'dataOf'>) {
  const signatures = new Map<string, DataSignature>();
  const known = new Map<string, number>();
  return (trial: PlannedTrial): { readonly program: string; readonly threads: number } => {
    const data = dataOf(trial);
    const signature = signatures.get(data) ?? openPrepared(data).signature;
    signatures.set(data, signature);
    const spec = { ...trial.spec, heads: trial.choiceSpec.heads };
    const { batchSize } = spec.training;
    const structure = structureOf({ spec, signature });
    const program = canonical({ data, structure, batchSize });
    const threads =
      known.get(program) ??
      threadsFor({ weights: denseWeights(spec, signature), batchSize }, availableParallelism());
    known.set(program, threads);
    return { program, threads };
  };
}

/** Of an embedding a row uses only what it looks up. */
function denseWeights(spec: Parameters<typeof countWeights>[0], signature: DataSignature): number {
  const embedded = signature.inputs.map((input) =>
    input.kind === 'codes' ? input.vocabulary * Number(input.embedding.outputDim ?? 0) : 0,
  );
  return embedded.reduce((rest, size) => rest - size, countWeights(spec, signature));
}
