/** Gaussian mixtures: the geyser in one coordinate and in two, the irises, under the covariance shapes of mclust. */
import {
  bestOf,
  type CovarianceShape,
  gaussianMixtureEstimator,
  informationCriteria,
  multivariateGaussianMixtureEstimator,
} from '@dml/stats';
import faithful from '../../../packages/stats/test/fixtures/classical/faithful.json' with { type: 'json' };
import iris from '../../../packages/stats/test/fixtures/classical/iris.json' with { type: 'json' };
import fits from '../../../packages/stats/test/fixtures/classical/mclust-fits.json' with { type: 'json' };
import { printed, type Result } from '../result.js';

const data = { faithful: faithful.rows, iris: iris.rows.map((row) => row.slice(0, 4) as number[]) };
const names = { faithful: 'Old Faithful', iris: 'Irises' };

const shapes: readonly Result[] = fits
  .filter(
    ({ data: name, covariance, k }) =>
      k === 2 || ((name === 'faithful' ? covariance === 'EEE' : covariance === 'VVV') && k === 3),
  )
  .map(({ data: name, covariance, k, logLikelihood, bic, parameters }) => ({
    title: `${names[name as keyof typeof names]}, ${k} Gaussians, ${covariance}`,
    source: 'R mclust 6.0.0 (Scrucca et al. 2016), from its own start',
    quantities: () => {
      const rows = data[name as keyof typeof data];
      const estimator = multivariateGaussianMixtureEstimator(k, { covariance: covariance as CovarianceShape });
      const fit = bestOf(rows, estimator, { trials: 5, seed: 1 });
      const ours = informationCriteria(rows, estimator, fit.model);
      return [
        printed('log-likelihood', logLikelihood.toFixed(3), fit.logLikelihood, 'higher'),
        printed('BIC', bic.toFixed(2), ours.bic, 'lower'),
        printed('parameters', String(parameters), ours.parameterCount),
      ];
    },
  }));

export const gaussians: readonly Result[] = [
  {
    title: 'Waiting for Old Faithful',
    source: 'Benaglia, Chauveau, Hunter & Young 2009 (R mixtools)',
    quantities: () => {
      const waiting = faithful.rows.map((row) => row[1] as number);
      const { model, logLikelihood } = bestOf(waiting, gaussianMixtureEstimator(2), { trials: 3, seed: 1 });
      const [short, long] = [...model.components].sort((a, b) => a.mu - b.mu);
      return [
        printed('log-likelihood', '-1034.002', logLikelihood),
        printed('weight of the short', '0.3609', Math.min(...model.w)),
        printed('mean of the short', '54.61', short?.mu ?? Number.NaN),
        printed('mean of the long', '80.09', long?.mu ?? Number.NaN),
        printed('σ of the short', '5.871', Math.sqrt(short?.sigma2 ?? Number.NaN)),
        printed('σ of the long', '5.868', Math.sqrt(long?.sigma2 ?? Number.NaN)),
      ];
    },
  },
  ...shapes,
];
