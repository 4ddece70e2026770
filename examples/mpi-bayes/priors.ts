/** A mixture of records with conjugate priors: once at its most probable parameters, once with all that is known of them. */
import assert from 'node:assert/strict';
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import {
  BetaDistribution,
  CategoricalDistribution,
  CategoricalEstimator,
  DirichletDistribution,
  em,
  GammaDistribution,
  GaussianDistribution,
  GaussianEstimator,
  LevelDirichletDistribution,
  MixtureDistribution,
  MixtureEstimator,
  NormalGammaDistribution,
  OptionalDistribution,
  OptionalEstimator,
  PoissonDistribution,
  PoissonEstimator,
  RecordDistribution,
  RecordEstimator,
  variational,
} from '@dml/stats';
import { codec, printHash } from './fitted.js';

/** 900 visits of two groups: two thirds are short ones on the phone. */
function visits() {
  const group = (mean: number, lambda: number, device: string) =>
    new RecordDistribution({
      minutes: new OptionalDistribution(new GaussianDistribution({ mu: mean, sigma2: 4 }), { p: 0.1, missing: null }),
      pages: new PoissonDistribution({ lambda }),
      device: new CategoricalDistribution({ [device]: 0.9, tablet: 0.1 }),
    });
  const truth = new MixtureDistribution([group(5, 2, 'phone'), group(30, 12, 'desk')], { w: [2 / 3, 1 / 3] });
  return truth.sampler(1).sample(900);
}

await runMpi(async (comm) => {
  // Rank 0 has the rows; optimizeMpi deals them out.
  const rows = comm.rank === 0 ? visits() : null;

  const minutes = new GaussianEstimator({
    prior: new NormalGammaDistribution({ mu: 15, lambda: 0.01, alpha: 2, beta: 20 }),
  });
  const visit = new RecordEstimator({
    minutes: new OptionalEstimator(minutes, { missing: null, prior: new BetaDistribution({ alpha: 1, beta: 9 }) }),
    pages: new PoissonEstimator({ prior: new GammaDistribution({ shape: 2, scale: 4 }) }),
    device: new CategoricalEstimator<string>({
      prior: new LevelDirichletDistribution({ phone: 1, desk: 1, tablet: 1 }),
    }),
  });
  const estimator = new MixtureEstimator([visit, visit], { prior: new DirichletDistribution({ alpha: [1, 1] }) });
  const options = { comm, codec, seed: 1, modelOn: 'all', progress: 'silent' } as const;

  const mostProbable = await optimizeMpi(rows, em(estimator), options);
  await printHash('most probable parameters', mostProbable.model, comm);

  const fit = await optimizeMpi(rows, em(variational(estimator)), options);
  assert.ok(fit.model !== null); // modelOn: 'all'
  await printHash('posterior', fit.model, comm);

  // The job checks itself: two thirds are short visits, and the bound, the rows' part and the priors', never falls.
  const { w } = fit.model.known;
  assert.ok(w instanceof DirichletDistribution);
  const [few, many] = [...w.alpha].sort((a, b) => a - b);
  assert.ok(
    Math.abs(few! - 301) < 45 && Math.abs(many! - 601) < 45,
    `${few} and ${many} visits, expected about 300 and 600`,
  );
  const bounds = fit.path
    .filter(({ isRejected }) => !isRejected)
    .map(({ logLikelihood, logPrior }) => logLikelihood + logPrior!);
  bounds.slice(1).forEach((bound, i) => assert.ok(bound >= bounds[i]! - 1e-9 * Math.abs(bound)));
});
