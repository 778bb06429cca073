/** @file A trial as it waits in the queue, and what a worker accepts of it: nothing but its schema. */
import { createHash } from 'node:crypto';
import { Ajv } from 'ajv';
import { type Static, Type } from 'typebox';
import type { Attempt } from '../../engine/engine-plan.ts';
import { checkModel } from '../../model/index.ts';
import type { Catalog } from '../../spec/kind.ts';
import { parseSpec } from '../../spec/parse-spec.ts';
import { formatPath, type Problem } from '../../spec/problem.ts';
import { experimentSchema, headNamePattern } from '../../spec/schema/experiment.ts';
import { words } from '../../spec/schema/slots.ts';
import { withoutCredentials } from '../../spec/with-values.ts';
import type { TrialJob } from '../trial-event.ts';

const strict = { additionalProperties: false };
const token = Type.String({ pattern: '^[0-9a-f]{16}$' });
const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Enough to answer for a job whose rest is refused. */
const placeSchema = Type.Object({
  run: token,
  session: token,
  number: Type.Integer({ minimum: 0, maximum: 1e9 }),
  round: Type.Integer({ minimum: 1, maximum: 1e9 }),
});
const jobSchema = Type.Object(
  {
    ...placeSchema.properties,
    experiment: experimentSchema.properties.experiment,
    trial: Type.Object(
      {
        id: token,
        tasks: Type.Array(Type.String({ pattern: headNamePattern }), { minItems: 1 }),
        replicate: Type.Integer({ minimum: 0, maximum: 1e9 }),
        /** With all heads of its choice; the trial's own are those of its tasks. */
        spec: Type.Object(
          {
            data: Type.Unknown(),
            shared: Type.Unknown(),
            heads: Type.Unknown(),
            weighting: Type.Unknown(),
            training: Type.Unknown(),
            seed: Type.Unknown(),
          },
          strict,
        ),
      },
      strict,
    ),
    /** No path: the name of the prepared data, and the hash of the manifest that has all hashes. */
    data: Type.Object(
      { key: Type.String({ pattern: '^[0-9a-f]{16,64}$' }), manifest: hash },
      strict,
    ),
    program: hash,
    threads: Type.Integer({ minimum: 1, maximum: 64 }),
    engine: Type.Union([words(['xla', 'graph', 'eager'], { description: '' }), Type.Null()]),
  },
  strict,
);

export type JobPlace = Static<typeof placeSchema>;
export type QueuedJob = Static<typeof jobSchema>;
export type DataName = QueuedJob['data'];

const ajv = new Ajv({ strict: false });
const isPlace = ajv.compile<JobPlace>(placeSchema);
const isQueued = ajv.compile<QueuedJob>(jobSchema);

/** Neither paths of the runner's machine nor credentials go into the queue. */
export function toQueued(
  job: TrialJob,
  place: JobPlace,
  data: DataName,
  experiment: string,
): QueuedJob {
  const { id, tasks, replicate, spec, heads } = job.trial;
  const { data: source, shared, weighting, training, seed } = spec;
  const text = JSON.stringify({ data: source, shared, heads, weighting, training, seed });
  return {
    ...place,
    experiment,
    trial: { id, tasks: [...tasks], replicate, spec: JSON.parse(withoutCredentials(text)) },
    data,
    program: createHash('sha256').update(job.program).digest('hex'),
    threads: job.threads,
    engine: job.engine,
  };
}

/** Who to answer to; undefined where not even that can be read. */
export const readPlace = (value: unknown): JobPlace | undefined => {
  if (!isPlace(value)) return undefined;
  const { run, session, number, round } = value;
  return { run, session, number, round };
};

/** What a worker is to train, but for its data's folder and its checkpoint. */
export interface AcceptedJob {
  readonly experiment: string;
  readonly data: DataName;
  readonly job: Omit<TrialJob, 'data' | 'checkpoint'>;
}

/** Held to the schema, and its spec to the schema of specs: what is not known there is refused. */
export function readJob(value: unknown, catalog: Catalog): Attempt<{ accepted: AcceptedJob }> {
  if (!isQueued(value)) {
    const [error] = isQueued.errors ?? [];
    return refuse(`${error?.instancePath || 'the job'} ${error?.message ?? 'is none'}`);
  }
  const { experiment, data, number, program, threads, engine, trial } = value;
  const parsed = parseSpec({
    text: JSON.stringify({ experiment, ...trial.spec }),
    file: 'the job’s spec',
    catalog,
    readFile: () => undefined,
  });
  if (!parsed.ok) return refuse(problemText(parsed.problems));
  const misfits = checkModel(parsed.spec);
  if (misfits.length > 0) return refuse(problemText(misfits));
  const { shared, heads, weighting, training, seed } = parsed.spec;
  const own = trial.tasks.map((task) => [task, heads[task]] as const);
  const unknown = own.find(([, head]) => !head);
  if (unknown) return refuse(`it trains "${unknown[0]}", which is no head of its spec`);
  const ownHeads: typeof heads = Object.fromEntries(own.flatMap(([t, h]) => (h ? [[t, h]] : [])));
  const spec = { data: parsed.spec.data, shared, heads: ownHeads, weighting, training, seed };
  const { id, tasks, replicate } = trial;
  const job = { number, trial: { id, tasks, replicate, spec, heads }, program, threads, engine };
  return { ok: true, accepted: { experiment, data, job } };
}

const refuse = (reason: string) => ({
  ok: false as const,
  reason: `refused by the worker: ${withoutCredentials(reason)}`,
});

const problemText = (problems: readonly Problem[]) =>
  problems
    .map(({ path, expected, came }) => `${formatPath(path)}: expected ${expected}, got ${came}`)
    .join('; ');
