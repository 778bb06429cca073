/** @file Finds a Python that can make the environment of MLflow. */
import { resolve } from 'node:path';
import { type Attempt, runProgram } from '../../engine/index.ts';
import { mlflowVersion, type PythonVersion, pythonVersions } from './constraints.ts';

export interface FoundPython {
  readonly program: string;
  readonly version: PythonVersion;
}

const oldest = pythonVersions[0];
const newest = pythonVersions[pythonVersions.length - 1];
export const pythonAdvice = `MLflow ${mlflowVersion} needs Python ${oldest} to ${newest} with venv (Debian, Ubuntu: apt install python3-venv; macOS: brew install python@${newest}); RUN_EXPERIMENT_PYTHON may name one`;

/** `RUN_EXPERIMENT_PYTHON`, or the first that fits of `PYTHON` and those in PATH. */
export async function findPython(): Promise<Attempt<FoundPython>> {
  const { RUN_EXPERIMENT_PYTHON: named, PYTHON: hinted } = process.env;
  const inPath = [
    'python3',
    ...pythonVersions.toReversed().map((each) => `python${each}`),
    'python',
  ];
  const tried: string[] = [];
  for (const program of named ? [named] : [...(hinted ? [hinted] : []), ...inPath]) {
    const probed = await probe(program);
    if (probed.version) return { ok: true, program: absolute(program), version: probed.version };
    if (probed.fault) tried.push(`${program} ${probed.fault}`);
    else if (program === named) tried.push(`${program} cannot be started`);
  }
  const why = tried.length === 0 ? '' : ` (${tried.join('; ')})`;
  return { ok: false, reason: `no Python was found that can run MLflow${why}. ${pythonAdvice}` };
}

/** It is started in other folders than this one. */
const absolute = (program: string) => (program.includes('/') ? resolve(program) : program);

/** On Debian, `ensurepip` comes with the package python3-venv. */
const probeScript = `
import sys
try:
    import ensurepip, venv
    print('%d.%d venv' % sys.version_info[:2])
except ImportError:
    print('%d.%d' % sys.version_info[:2])
`;

/** Neither where there is no such program. */
async function probe(program: string): Promise<{ version?: PythonVersion; fault?: string }> {
  // Isolated: no module of the current folder stands in for one of Python's.
  const { status, stdout } = await runProgram(program, ['-I', '-c', probeScript]);
  const [, found, venv] = /^(\d+\.\d+)( venv)?$/.exec(stdout.trim()) ?? [];
  if (status !== 0 || found === undefined) return {};
  const version = pythonVersions.find((each) => each === found);
  if (version === undefined) return { fault: `is Python ${found}` };
  return venv ? { version } : { fault: `(Python ${found}) has no venv` };
}
