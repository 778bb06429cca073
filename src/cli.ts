/** @file The command line: names commands and options, leaves the work to `cli/`. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { doctorCommand } from './cli/doctor-command.ts';
import { type CommonOptions, type ExitStatus, output } from './cli/output.ts';
import { predictCommand, reportCommand, resultsCommand } from './cli/read-commands.ts';
import { runCommand } from './cli/run-command.ts';
import {
  explainCommand,
  initCommand,
  planCommand,
  schemaCommand,
  validateCommand,
} from './cli/spec-commands.ts';
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
  new Option('--engine <name>', 'what trains: native TensorFlow, or wasm')
    .choices(['auto', 'native', 'wasm', 'eager'])
    .default('auto');
const jobs = () =>
  new Option('--jobs <n>', 'workers at once (default: one a core)').argParser(wholeNumber);

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

command(
  'run <spec> [path=value...]',
  'run an experiment, or resume it (`run` may be left out)',
  true,
)
  .addOption(jobs())
  .addOption(engine())
  .option('--dry-run', 'print the resolved spec and the origin of each value', false)
  .action(act(runCommand));
command('validate <spec...>', 'check specs without running them').action(act(validateCommand));
command('plan <spec> [path=value...]', 'the trials, which are done, model size, estimated time')
  .addOption(jobs())
  .addOption(engine())
  .action(act(planCommand));
command('results [experiment]', 'the table of trials (default: the run last executed)')
  .option('--all', 'every trial ever trained', false)
  .option('--list', 'list the runs', false)
  .action(act(resultsCommand));
command('report [experiment]', 'write one self-contained HTML page').action(act(reportCommand));
command('predict <experiment> <data>', 'the best trial on new rows')
  .requiredOption('--out <file>', 'where to write; the extension chooses the format')
  .addOption(new Option('--trial <n>', 'another trial than the best one').argParser(wholeNumber))
  .action(act(predictCommand));
command('init <data>', 'write a first spec for a table')
  .option('--out <file>', 'write it there instead of to stdout')
  .action(act(initCommand));
command('explain <kind-or-path>', 'what a kind or a key of the spec does').action(
  act(explainCommand),
);
command('schema', 'the JSON Schema of specs').action(act(schemaCommand));
command('doctor', 'which engine runs here, what is missing and how to get it').action(
  act((options: CommonOptions) => doctorCommand(options)),
);

// A reader that closes the pipe early (`| head`) is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    output.note(`run-experiment: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  }
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
