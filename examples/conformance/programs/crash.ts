/**
 * A fit with checkpoints. Arguments: checkpoint file, result file, what kills which rank in which pass (`never`, or
 * `rank:pass`), and what differs from other runs (`seed`, `estimator`, `rows`, or `waits`: iteration 4 waits for a file).
 */
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { optimizeMpi, saveOnRoot } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec, saveModel } from '@dml/serialize';
import { em, MixtureEstimator, modelTypes } from '@dml/stats';
import { component, truth } from './models.js';

const [path = '', resultFile = '', kill = 'never', other = ''] = process.argv.slice(2);

await runMpi(async (comm) => {
  const codec = createCodec({ types: modelTypes });
  const rows = truth.sampler(1).sample(other === 'rows' ? 599 : 600) as [number, 'a' | 'b'][];
  const [killedRank, killedPass] = kill.split(':').map(Number);
  const algorithm = em(new MixtureEstimator([component, component], other === 'estimator' ? { pseudoCount: 1 } : {}));
  const passes = new Set<unknown>();
  const mortal: typeof algorithm = {
    ...algorithm,
    steps(schema) {
      const steps = algorithm.steps(schema);
      return {
        ...steps,
        expectation(...parameters) {
          passes.add(parameters[0]);
          if (comm.rank === killedRank && passes.size === killedPass) process.kill(process.pid, 'SIGKILL');
          return steps.expectation(...parameters);
        },
      };
    },
  };
  const iterations: number[] = [];
  const fit = await optimizeMpi(comm.rank === 0 ? rows : null, mortal, {
    comm,
    codec,
    seed: other === 'seed' ? 2 : 1,
    maxIterations: 20,
    delta: null,
    async progress({ iteration }) {
      iterations.push(iteration);
      if (other !== 'waits' || iteration !== 4) return;
      console.log('waiting');
      while (!existsSync(`${path}.go`)) await setTimeout(20);
    },
    checkpoint: { path, everyIterations: 3, resume: true },
  });
  await saveOnRoot(fit.model, (model) => saveModel(resultFile, [model, fit.path, fit.findings], codec), comm);
  if (comm.rank === 0) console.log(JSON.stringify({ rank: 0, firstIteration: iterations[0] }));
});
