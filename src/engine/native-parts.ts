/** @file Versions, hashes and places of what native TensorFlow is put together from. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';

const require = createRequire(import.meta.url);

export const tensorflowVersion = '2.21.0';

/** A Python wheel that holds TensorFlow's C library; none of its Python code is run. */
export interface Wheel {
  readonly project: string;
  /** As pip names it. */
  readonly platform: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The libraries in it, and how the linker is told about them. */
  readonly libraries: readonly string[];
  readonly linkArguments: readonly string[];
}

const linux = {
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  linkArguments: [
    '-l:libtensorflow_cc.so.2',
    '-l:libtensorflow_framework.so.2',
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ],
};
const wheels: Readonly<Record<string, Wheel>> = {
  'linux x64': {
    project: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    bytes: 274000871,
    ...linux,
  },
  'linux arm64': {
    project: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    bytes: 281946471,
    ...linux,
  },
  'darwin arm64': {
    project: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    bytes: 223488205,
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    linkArguments: [
      '-ltensorflow_cc.2',
      '-ltensorflow_framework.2',
      '-Wl,-rpath,@loader_path/../../deps/lib',
      '-undefined',
      'dynamic_lookup',
    ],
  },
};

/** The wheel for this machine, if there is one. */
export const wheelHere = (): Wheel | undefined => wheels[`${process.platform} ${process.arch}`];

/** A package's own folder, wherever the package manager put it. */
export const packageFolder = (name: string) => dirname(require.resolve(`${name}/package.json`));

/** tfjs-node's folder and version. */
export function tfjsNode(): { folder: string; version: string } {
  const folder = packageFolder('@tensorflow/tfjs-node');
  const { version } = require(join(folder, 'package.json'));
  return { folder, version: String(version) };
}

/** The finished folder in the cache: `lib/napi-v8/tfjs_binding.node` and `deps/lib/`. */
export const nativeFolder = () =>
  join(cacheDirectory(), `tfjs-node-${tfjsNode().version}-tensorflow-${tensorflowVersion}-napi8`);

export const addonIn = (folder: string) => join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
export const librariesIn = (folder: string) => join(folder, 'deps', 'lib');
