/** @file Compiles tfjs-node's own addon against the library of the wheel. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Attempt } from './engine-plan.ts';
import { packageFolder, tfjsNode, type Wheel } from './native-parts.ts';
import { lastLine, runProgram } from './run-program.ts';

/** The C++ compiler of this machine: `CXX`, or the first of the usual names that answers. */
export async function findCompiler(): Promise<string | undefined> {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'c++', 'clang++'];
  for (const candidate of candidates) {
    const { status } = await runProgram(candidate, ['--version']);
    if (status === 0) return candidate;
  }
  return undefined;
}

/** About 10 s. C++17, since the headers of TensorFlow are. */
export async function compileAddon(
  compiler: string,
  wheel: Wheel,
  paths: { libraries: string; headers: string; addon: string },
): Promise<Attempt<object>> {
  mkdirSync(dirname(paths.addon), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'];
  const { status, stderr } = await runProgram(compiler, [
    ...['-std=c++17', '-O2', '-shared', '-fPIC', '-w', '-DNAPI_VERSION=8'],
    `-I${join(packageFolder('node-api-headers'), 'include')}`,
    `-I${join(paths.headers, 'tensorflow', 'include')}`,
    ...['-o', paths.addon],
    ...sources.map((name) => join(tfjsNode().folder, 'binding', name)),
    `-L${paths.libraries}`,
    ...wheel.linkArguments,
  ]);
  if (status === 0) return { ok: true };
  const error = stderr.split('\n').find((line) => line.includes('error')) ?? lastLine(stderr);
  return { ok: false, reason: `${compiler} could not compile tfjs-node's addon: ${error.trim()}` };
}
