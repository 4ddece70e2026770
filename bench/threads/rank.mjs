// The fit of one rank, for run.mjs.
import { readFileSync } from 'node:fs';
import * as estimation from '../../packages/mpi-estimation/dist/index.js';
import * as serialize from '../../packages/serialize/dist/node.js';
import * as stats from '../../packages/stats/dist/index.js';
import { workloads } from '../em/workloads.mjs';

export const codec = serialize.createCodec({ types: stats.modelTypes });

/** Seconds that this thread has had a processor. What other programs take does not count. Linux only. */
export function processorSeconds() {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e9;
}

/** Fits columns that all ranks share, for so many iterations. The first ones compile, and are not timed. */
export default async function fit({ comm, data: { name, columns, start, iterations } }) {
  const algorithm = stats.em(workloads[name].estimator(stats));
  const shard = await estimation.shareColumnsMpi(columns, algorithm, { comm });
  const options = { comm, codec, delta: null, modelOn: 'all', progress: 'silent' };
  const initialModel = comm.rank === 0 ? codec.decode(start) : null;
  await estimation.optimizeMpi(shard, algorithm, { ...options, initialModel, maxIterations: 3 });
  const processorBefore = processorSeconds();
  const before = performance.now();
  const { model } = await estimation.optimizeMpi(shard, algorithm, {
    ...options,
    initialModel,
    maxIterations: iterations,
  });
  const seconds = (performance.now() - before) / 1000;
  const ranks = comm.allgatherObject(processorSeconds() - processorBefore);
  return { model: codec.encode(model), seconds, processor: Math.max(...ranks) };
}

/** The same without anything that is not part of a fit. */
export async function small({ comm, data: { name, columns, start, iterations } }) {
  const algorithm = stats.em(workloads[name].estimator(stats));
  const shard = await estimation.shareColumnsMpi(columns, algorithm, { comm });
  const initialModel = comm.rank === 0 ? codec.decode(start) : null;
  const options = { comm, codec, initialModel, maxIterations: iterations, delta: null, progress: 'silent' };
  const { model } = await estimation.optimizeMpi(shard, algorithm, options);
  return model === null ? null : codec.encode(model);
}
