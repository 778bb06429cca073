/** @file Whether programs can be compiled here: doctor's last question. */
import { type Check, engineEnvironment, loadEngine, prepareEngine } from './engine/index.ts';

/** Loads native TensorFlow into this process: call it last. null where there is none. */
export async function checkPrograms(): Promise<Check | null> {
  const engine = await prepareEngine('native', () => {});
  if (!engine.ok) return null;
  Object.assign(process.env, engineEnvironment(engine.plan));
  const loaded = await loadEngine(engine.plan);
  if (!loaded.ok) return null;
  // Imported here and not above: tfjs chooses its backend while it is imported.
  const { tryProgram } = await import('./compile/index.ts');
  const { engine: how, reason, compileSeconds } = await tryProgram();
  const isCompiled = how === 'xla';
  return {
    name: 'Compiled training',
    ok: isCompiled,
    detail: isCompiled
      ? `XLA compiles (a first small program in ${compileSeconds.toFixed(1)} s)`
      : `programs run as ${how}: ${reason}`,
    remedy: isCompiled
      ? null
      : 'Remove the cache of the native addon; the next run sets it up again.',
  };
}
