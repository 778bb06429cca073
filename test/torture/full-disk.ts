/** @file The disk is full while the journal, a checkpoint or a model is written. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { smallExperiment, smallSpec, start } from '../end-to-end/small-experiment.ts';
import {
  args,
  differences,
  env,
  journalOf,
  resumes,
  runFolder,
  type Torture,
  toItsEnd,
  undisturbed,
  type Verdict,
} from './sweep.ts';

/** Only root may mount a small disk. */
export const fullDiskReason =
  process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'only root on Linux can mount a small disk';

interface FullDisk {
  readonly spec: string;
  /** Room beyond the prepared data and the specs. */
  readonly free: number;
  /** What may find none first. */
  readonly file: RegExp;
}

const joint = smallSpec
  .replace('[0.003, 0.03]', '[0.03]')
  .replace('baselines: singleTask', 'baselines: none')
  .replace('replicates: 2', 'replicates: 1');
const long = joint.replace('epochs: 6', 'epochs: 400');
const brief = joint.replace('epochs: 6', 'epochs: 2').replace('batchSize: 32', 'batchSize: 240');
// 100,000 weights: 0.4 MB a model, 1.6 MB a checkpoint.
const large = (spec: string) =>
  spec.replace('units: 8', 'units: 1000').replace('dropout: 0.1', 'dense: 100');

const disks: readonly FullDisk[] = [
  // A page of journal is full after eleven epochs, a checkpoint is due after hundreds of them.
  { spec: long, free: 60_000, file: /journal\.jsonl|checkpoint\.bin/ },
  {
    spec: large(joint.replace('epochs: 6', 'epochs: 150')),
    free: 1_000_000,
    file: /checkpoint\.bin/,
  },
  // Two steps are over before a checkpoint is due, unless the machine is very busy.
  { spec: large(brief), free: 200_000, file: /weights\.bin|checkpoint\.bin/ },
];

export async function fillTheDisk({ tries, say }: Torture): Promise<Verdict> {
  const kind = 'disk full';
  const none = { kind, tries: 0, resumed: 0, differences: [] };
  if (fullDiskReason) return { ...none, skipped: fullDiskReason };
  const found: string[] = [];
  const messages: string[] = [];
  let resumed = 0;
  for (let filled = 0; filled < tries; filled++) {
    const disk = disks[filled % disks.length];
    if (!disk) break;
    // Some pages more or less, so that another write of the same kind is the first to fail.
    const result = await fillOnce({ ...disk, free: disk.free + 4096 * Math.floor(filled / 3) });
    found.push(...result.differences);
    resumed += result.resumed;
    messages.push(result.message);
    say(`${kind}: ${result.message}`);
  }
  for (const file of tries < 2 * disks.length ? [] : ['journal', 'checkpoint', 'weights'])
    if (!messages.some((message) => message.includes(file)))
      found.push(`no ${file} met a full disk: that was not tried`);
  return { kind, tries, resumed, differences: found };
}

/** The command ends with a line that says so; with room, the same command ends well. */
async function fillOnce({ spec, free, file }: FullDisk) {
  const expected = await undisturbed(spec);
  const folder = smallExperiment(spec);
  const disk = join(folder, 'runs');
  mkdirSync(disk);
  const size = `size=${openingBytes(expected.folder) + free}`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', disk]);
  try {
    const { status, stderr } = await start(folder, args, env).finished;
    const message = stderr.trimEnd().split('\n').at(-1) ?? '';
    const found = isClear(status, stderr, message, file) ? [] : [`unclear: ${status} ${stderr}`];
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    found.push(...(await differences(folder, await toItsEnd(folder), expected)));
    return { message, differences: found, resumed: resumes(journalOf(folder)).resumed };
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

const isClear = (status: number | null, stderr: string, message: string, file: RegExp) =>
  status === 1 &&
  /^run-experiment: \S+: the disk is full \(ENOSPC\); nothing .* is lost: make room/.test(
    message,
  ) &&
  file.test(message) &&
  !/^ +at /m.test(stderr);

/** What is written before the first trial starts, in pages, with three for lock, log and journal. */
function openingBytes(folder: string): number {
  const pages = ['data', 'executions']
    .flatMap((name) => filesIn(join(runFolder(folder), name)))
    .map((path) => 1 + Math.ceil(statSync(path).size / 4096));
  return 4096 * pages.reduce((sum, each) => sum + each, 3);
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
