/** @file The command line: names commands and options, leaves the work to `cli/`. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { fileTrouble } from './cli/file-trouble.ts';
import type { GcOptions } from './cli/gc-command.ts';
import { type CommonOptions, type ExitStatus, output } from './cli/output.ts';
import type { WorkerCommandOptions } from './cli/worker-command.ts';
import { engineRequests } from './engine/engine-plan.ts';
import { packageVersion } from './environment.ts';

const program = new Command('run-experiment')
  .description(
    'Multitask-learning experiments from one YAML file: did sharing pay, and by how much?',
  )
  .version(packageVersion())
  .enablePositionalOptions()
  .showHelpAfterError('(run-experiment --help tells more)')
  .exitOverride();

const wholeNumber = (text: string) => {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return Number(text);
};
const engine = () =>
  new Option('--engine <name>', 'what trains: native TensorFlow (xla, graph, eager: so), or wasm')
    .choices(engineRequests)
    .default('auto');
const jobs = () =>
  new Option('--jobs <n>', 'workers at once (default: one a core)').argParser(wholeNumber);

const data = () =>
  new Option('--data <place>', 'a folder or s3://bucket/prefix that runner and workers share');

function command(usage: string, summary: string, isDefault = false): Command {
  return program
    .command(usage, { isDefault })
    .description(summary)
    .option('--runs <dir>', 'folder of the runs', 'runs')
    .option('--json', 'print JSON', false)
    .exitOverride();
}

/** Runs a command and keeps its exit status; what is thrown here is a defect of ours. */
const act =
  <Arguments extends unknown[]>(run: (...given: Arguments) => ExitStatus | Promise<ExitStatus>) =>
  async (...given: Arguments) => {
    process.exitCode = await run(...given);
  };

// Each command loads only what it needs: TensorFlow.js, DuckDB and the plots take their time.
const running = () => import('./cli/run-command.ts');
const specs = () => import('./cli/spec-commands.ts');
const reading = () => import('./cli/read-commands.ts');
const tracking = () => import('./cli/track-commands.ts');
const early = async (file: string, options: CommonOptions) =>
  (await import('./cli/early-check.ts')).checkEarly(file, options);
type Run = Awaited<ReturnType<typeof running>>;
type Specs = Awaited<ReturnType<typeof specs>>;
type Reading = Awaited<ReturnType<typeof reading>>;
type Tracking = Awaited<ReturnType<typeof tracking>>;

command(
  'run <spec> [path=value...]',
  'run an experiment, or resume it (`run` may be left out)',
  true,
)
  .addOption(jobs())
  .addOption(engine())
  .option('--executor <where>', 'local, or redis://…: workers of any machine (default: the spec’s)')
  .addOption(data())
  .option('--dry-run', 'print the resolved spec and the origin of each value', false)
  .action(
    act(
      async (...given: Parameters<Run['runCommand']>) =>
        (await early(given[0], given[2])) ?? (await running()).runCommand(...given),
    ),
  );
command('validate <spec...>', 'check specs without running them').action(
  act(
    async (...given: Parameters<Specs['validateCommand']>) =>
      (given[0].length === 1 && !given[1].json
        ? await early(given[0][0] ?? '', given[1])
        : undefined) ?? (await specs()).validateCommand(...given),
  ),
);
command('plan <spec> [path=value...]', 'the trials, which are done, model size, estimated time')
  .addOption(jobs())
  .addOption(engine())
  .action(
    act(
      async (...given: Parameters<Specs['planCommand']>) =>
        (await early(given[0], given[2])) ?? (await specs()).planCommand(...given),
    ),
  );
command('results [experiment]', 'the table of trials (default: the run last executed)')
  .option('--all', 'every trial ever trained', false)
  .option('--list', 'list the runs', false)
  .option(
    '--where <condition>',
    'only trials with name<op>value, as units<64 or status=failed; several have to hold at once',
    (condition: string, before: readonly string[] = []) => [...before, condition],
  )
  .option('--sort <name>', 'by a metric, a parameter, number, epochs, … (default: by rank)')
  .option('--descending', 'the largest first', false)
  .addOption(new Option('--limit <n>', 'at most so many choices').argParser(wholeNumber))
  .action(
    act(async (...given: Parameters<Reading['resultsCommand']>) =>
      (await reading()).resultsCommand(...given),
    ),
  );
command('report [experiment]', 'write one self-contained HTML page').action(
  act(async (...given: Parameters<Reading['reportCommand']>) =>
    (await reading()).reportCommand(...given),
  ),
);
command('predict <experiment> <data>', 'the best trial on new rows')
  .requiredOption('--out <file>', 'where to write; the extension chooses the format')
  .addOption(new Option('--trial <n>', 'another trial than the best one').argParser(wholeNumber))
  .action(
    act(async (...given: Parameters<Reading['predictCommand']>) =>
      (await reading()).predictCommand(...given),
    ),
  );
command('sync [experiment...]', 'send what MLflow lacks of the runs (default: of all)').action(
  act(async (...given: Parameters<Tracking['syncCommand']>) =>
    (await tracking()).syncCommand(...given),
  ),
);
command('ui [experiment]', 'open MLflow on all runs, until Ctrl-C').action(
  act(async (experiment: string | undefined, options: CommonOptions) =>
    (await import('./cli/ui-command.ts')).uiCommand(experiment, options),
  ),
);
command('gc [experiment]', 'what runs cost on the disk; removes checkpoints that nobody needs')
  .option('--dry-run', 'only say what would be removed', false)
  .option('--pruned', 'checkpoints of pruned trials, too', false)
  .option('--worker-data', 'data that workers fetched and no running one uses, too', false)
  .option('--cache <dir>', 'where workers keep fetched data (default: the cache)')
  .action(
    act(async (experiment: string | undefined, options: GcOptions) =>
      (await import('./cli/gc-command.ts')).gcCommand(experiment, options),
    ),
  );
command('worker', 'train trials that runs hand over through Redis, until Ctrl-C')
  .addOption(
    new Option('--redis <url>', 'redis://[user:password@]host[:port]')
      .env('REDIS_URL')
      .makeOptionMandatory(),
  )
  .addOption(jobs())
  .addOption(engine())
  .addOption(data())
  .option('--cache <dir>', 'where fetched data are kept (default: the cache)')
  .addOption(
    new Option('--lost-after <seconds>', 'silent for so long, it has lost its trials to others')
      .argParser(wholeNumber)
      .default(30),
  )
  .action(
    act(async (options: WorkerCommandOptions) =>
      (await import('./cli/worker-command.ts')).workerCommand(options),
    ),
  );
command('init <data>', 'write a first spec for a table')
  .option('--out <file>', 'write it there instead of to stdout')
  .action(
    act(async (...given: Parameters<Specs['initCommand']>) =>
      (await specs()).initCommand(...given),
    ),
  );
command('explain <kind-or-path>', 'what a kind or a key of the spec does').action(
  act(async (...given: Parameters<Specs['explainCommand']>) =>
    (await specs()).explainCommand(...given),
  ),
);
command('schema', 'the JSON Schema of specs').action(
  act(async (...given: Parameters<Specs['schemaCommand']>) =>
    (await specs()).schemaCommand(...given),
  ),
);
command('doctor', 'which engine runs here, what is missing and how to get it').action(
  act(async (options: CommonOptions) =>
    (await import('./cli/doctor-command.ts')).doctorCommand(options),
  ),
);

// A reader that closes the pipe early (`| head`) is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** A full disk is told in a line; what else comes here is a defect of ours, and told with its place. */
function giveUp(error: unknown): never {
  const defect = error instanceof Error ? error.stack : String(error);
  output.note(`run-experiment: ${fileTrouble(error) ?? defect}`);
  process.exit(1);
}

// What a worker tells is recorded while its message is handled, where nobody waits for the result.
process.on('uncaughtException', giveUp);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) giveUp(error);
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
