/** Mixtures of Poisson distributions. */
import { bestOf, copies, MixtureEstimator, PoissonEstimator } from '@dml/stats';
import earthquakes from '../data/earthquakes.json' with { type: 'json' };
import { valuesOf } from '../data/tables.js';
import times from '../data/times.json' with { type: 'json' };
import { printed, type Result } from '../result.js';

const fit = (rows: readonly number[], components: number) =>
  bestOf(rows, new MixtureEstimator(copies(components, new PoissonEstimator())), { trials: 10, seed: 1 });

const earthquakeMixtures = ['-391.9189', '-360.3690', '-356.8489', '-356.7337'];

export const poissonMixtures: readonly Result[] = [
  {
    title: 'Deaths in the Times',
    source: 'Hasselblad 1969; Titterington, Smith & Makov 1985',
    quantities: () => {
      const { model, logLikelihood } = fit(valuesOf(times.counts), 2);
      const parts = model.components.map(({ lambda }, k) => ({ lambda, w: model.w[k] as number }));
      const [few, many] = parts.sort((x, y) => x.lambda - y.lambda) as [(typeof parts)[0], (typeof parts)[0]];
      return [
        printed('log-likelihood', '-1989.946', logLikelihood),
        printed('weight', '0.3599', few.w),
        printed('λ of the first', '1.256', few.lambda),
        printed('λ of the second', '2.663', many.lambda),
        // The printed weight is that of a fit which stopped a little early.
      ].map((quantity) => (quantity.name === 'weight' ? { ...quantity, tolerance: 2e-4 } : quantity));
    },
  },
  ...earthquakeMixtures.map((published, i) => ({
    title: `Earthquakes a year, ${i + 1} Poisson`,
    source: 'Zucchini & MacDonald 2009, table 1.2',
    quantities: () => [printed('log-likelihood', published, fit(earthquakes.rows, i + 1).logLikelihood)],
  })),
];
