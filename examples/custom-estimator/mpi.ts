import assert from 'node:assert/strict';
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import { ExponentialDistribution, ExponentialEstimator, em, MixtureEstimator, modelTypes, optimize } from '@dml/stats';
import { LaplaceDistribution, LaplaceEstimator } from './laplace.js';
import { ShiftedDistribution, ShiftedEstimator } from './shifted.js';

await runMpi(async (comm) => {
  const rows = [
    ...new LaplaceDistribution({ mu: -4, b: 1 }).sampler(2).sample(300),
    ...new LaplaceDistribution({ mu: 3, b: 0.5 }).sampler(3).sample(700),
  ];
  const e = new LaplaceEstimator();
  const estimator = new MixtureEstimator([e, e]);
  // Its statistic is no flat vector, so it travels as an object: that is what the codec is for.
  const codec = createCodec({ types: [...modelTypes, LaplaceDistribution, ShiftedDistribution] });
  const own = comm.rank === 0 ? rows : null;
  const { model } = await optimizeMpi(own, em(estimator), { comm, codec, seed: 1, maxIterations: 20 });

  // A combinator: its statistic is flat when its child's is, and then moves as one vector.
  const answers = new ShiftedDistribution(new ExponentialDistribution({ mean: 0.5 }), { shift: 0.2 })
    .sampler(4)
    .sample(5000);
  const late = new ShiftedEstimator(new ExponentialEstimator(), { shift: 0.2 });
  const fit = await optimizeMpi(comm.rank === 0 ? answers : null, em(late), { comm, codec, progress: 'silent' });

  if (model === null || fit.model === null) return;
  console.log(model.components.map(({ mu, b }) => `mu ${mu.toFixed(2)}, b ${b.toFixed(2)}`).join('; '));
  // The same bits as in one process.
  const local = optimize(rows, estimator, { seed: 1, maxIterations: 20 }).model;
  assert.deepEqual(JSON.stringify(model), JSON.stringify(local));
  console.log(`answers: mean ${fit.model.dist.mean.toFixed(2)}`);
  assert.deepEqual(JSON.stringify(fit.model), JSON.stringify(optimize(answers, late).model));
});
