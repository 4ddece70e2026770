/** Gaussian mixtures: galaxies, the geyser in one coordinate and in two, the irises, under the covariance shapes of mclust. */
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
import galaxies from '../data/galaxies.json' with { type: 'json' };
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

/** Of velocities in 1000 km/s. mclust ends at lower maxima for 4 equal variances, and for 3 and 4 different ones. */
const velocities = [
  { shape: 'E', k: 3, logLikelihood: '-212.680', bic: '451.801', parameters: '6' },
  { shape: 'E', k: 4, logLikelihood: '-212.680', bic: '460.613', parameters: '8' },
  { shape: 'V', k: 2, logLikelihood: '-220.360', bic: '462.754', parameters: '5' },
  { shape: 'V', k: 3, logLikelihood: '-212.138', bic: '459.530', parameters: '8' },
  { shape: 'V', k: 4, logLikelihood: '-199.292', bic: '447.058', parameters: '11' },
].map(({ shape, k, logLikelihood, bic, parameters }) => ({
  title: `Galaxies, ${k} Gaussians, ${shape}`,
  source: 'data of Roeder 1990; R mclust 6.0.0 (Scrucca et al. 2016), from its own start',
  quantities: () => {
    const rows = galaxies.rows.map((velocity) => velocity / 1000);
    const estimator = gaussianMixtureEstimator(k, shape === 'E' ? { keys: { sigma2: 'common' } } : {});
    const fit = bestOf(rows, estimator, { trials: 10, seed: 1 });
    const ours = informationCriteria(rows, estimator, fit.model);
    return [
      printed('log-likelihood', logLikelihood, fit.logLikelihood, 'higher'),
      printed('BIC', bic, ours.bic, 'lower'),
      printed('parameters', parameters, ours.parameterCount),
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
  ...velocities,
  ...shapes,
];
