import assert from 'node:assert/strict';
import { optimizeMpi, saveOnRoot } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec, saveModel } from '@dml/serialize';
import {
  CategoricalDistribution,
  CategoricalEstimator,
  CompositeDistribution,
  CompositeEstimator,
  em,
  GaussianDistribution,
  GaussianEstimator,
  MixtureDistribution,
  MixtureEstimator,
  modelTypes,
} from '@dml/stats';

await runMpi(async (comm) => {
  const truth = new MixtureDistribution(
    [
      new CompositeDistribution([
        new GaussianDistribution({ mu: 0, sigma2: 1 }),
        new CategoricalDistribution({ a: 0.3, b: 0.7 }),
      ]),
      new CompositeDistribution([
        new GaussianDistribution({ mu: 3, sigma2: 1 }),
        new CategoricalDistribution({ a: 0.7, b: 0.3 }),
      ]),
    ],
    { w: [0.25, 0.75] },
  );
  // Rank 0 has the rows; optimizeMpi deals them out.
  const rows = comm.rank === 0 ? truth.sampler(1).sample(1000) : null;

  const component = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
  const estimator = new MixtureEstimator([component, component]);
  const codec = createCodec({ types: modelTypes });

  const { model, reason } = await optimizeMpi(rows, em(estimator), { comm, codec, seed: 1 });
  console.log(`Rank ${comm.rank}: model is null == ${model === null}`);

  await saveOnRoot(model, (fitted) => saveModel('mpi_model_fit.json', fitted, codec), comm);
  if (comm.rank === 0) console.log('Wrote file ./mpi_model_fit.json');

  // The job checks itself: the fit arrives, and the means that generated the rows must come back, in either order.
  assert.equal(reason, 'converged');
  if (model !== null) {
    const [low, high] = model.components.map(({ dists: [gaussian] }) => gaussian.mu).sort((a, b) => a - b);
    assert.ok(
      Math.abs(low! - 0) < 0.5 && Math.abs(high! - 3) < 0.5,
      `means ${low} and ${high}, expected about 0 and 3`,
    );
  }
});
