/** @file Loads a graph into TensorFlow. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphFolder, type LoadedGraph, loadGraph } from '../engine/index.ts';
import type { Graph } from './graph.ts';
import { savedModel } from './saved-model.ts';

/** TensorFlow reads graphs from folders only; this one is gone when the graph is loaded. */
export async function load(graph: Graph): Promise<LoadedGraph> {
  const folder = join(graphFolder(), `${process.pid}-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'saved_model.pb'), savedModel(graph));
  return loadGraph(folder);
}

/** The same graph, the same name. */
export const fingerprint = (graph: Graph): string =>
  createHash('sha256').update(savedModel(graph)).digest('hex').slice(0, 12);
