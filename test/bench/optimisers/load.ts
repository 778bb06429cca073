/** @file Samplers by name. */
import type { SamplerKind } from '../../../src/plan/define-sampler.ts';

/** A sampler lies in the file of its name. */
export async function load(name: string): Promise<SamplerKind> {
  const module: Readonly<Record<string, SamplerKind>> = await import(
    `../../../src/plan/samplers/${name}.ts`
  );
  const kind = module[name];
  if (!kind) throw new Error(`no sampler is called "${name}"`);
  return kind;
}
