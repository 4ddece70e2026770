/** A Dirichlet-process mixture over ranks: how many groups are there? Each rank makes its own part of the rows. */
import assert from 'node:assert/strict';
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import {
  DirichletProcessMixtureEstimator,
  em,
  GaussianDistribution,
  GaussianEstimator,
  MixtureDistribution,
  NormalGammaDistribution,
  occupiedComponents,
} from '@dml/stats';
import { codec, printHash } from './fitted.js';

const ROW_COUNT = 1200;

await runMpi(async (comm) => {
  const truth = new MixtureDistribution(
    [-10, 0, 10, 25].map((mu) => new GaussianDistribution({ mu, sigma2: 1 })),
    { w: [0.1, 0.2, 0.3, 0.4] },
  );
  // All ranks draw the same rows and keep their own part; a real job would read them.
  const from = (rank: number) => Math.floor((ROW_COUNT * rank) / comm.size);
  const rows = truth
    .sampler(1)
    .sample(ROW_COUNT)
    .slice(from(comm.rank), from(comm.rank + 1));

  const prior = new NormalGammaDistribution({ mu: 0, lambda: 0.01, alpha: 2, beta: 2 });
  const process = new DirichletProcessMixtureEstimator(new GaussianEstimator({ prior }), { truncation: 12 });
  const { model, path } = await optimizeMpi(rows, em(process), {
    comm,
    codec,
    seed: 1,
    modelOn: 'all',
    progress: 'silent',
  });
  assert.ok(model !== null); // modelOn: 'all'
  await printHash('process', model, comm);

  const groups = occupiedComponents(model, { rowCount: ROW_COUNT });
  if (comm.rank === 0) console.log(`${groups.w.length} groups`);

  // The job checks itself: the four means come back, and the bound never falls.
  const means = groups.components.map(({ mu }) => Math.round(mu)).sort((a, b) => a - b);
  assert.deepEqual(means, [-10, 0, 10, 25]);
  const bounds = path
    .filter(({ isRejected }) => !isRejected)
    .map(({ logLikelihood, logPrior }) => logLikelihood + logPrior!);
  bounds.slice(1).forEach((bound, i) => assert.ok(bound >= bounds[i]! - 1e-9 * Math.abs(bound), `it fell to ${bound}`));
});
