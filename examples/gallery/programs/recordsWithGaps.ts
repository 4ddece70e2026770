// Letters and parcels: what is known of a thing depends on its kind, and not everybody answers.
import * as stats from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const weight = (mu: number) =>
  new stats.OptionalDistribution(new stats.GaussianDistribution({ mu, sigma2: 1 }), { p: 0.2 });
const kinds = new stats.CategoricalDistribution({ letter: 0.7, parcel: 0.3 });
const posted = new stats.ConditionalDistribution({ letter: weight(2), parcel: weight(9) }, { given: kinds });
const days = new stats.SequenceDistribution(posted, { length: new stats.PoissonDistribution({ lambda: 5 }) });
const count = 400;
const { model } = recover(days, days.estimator(), count);
const letters = model.dist.dists.get('letter')!;
near('things of a day', model.length.lambda, 5, 5 * Math.sqrt(5 / count));
near('share of letters', model.dist.given.density('letter'), 0.7, ofShare(0.7, 5 * count));
near('letters that nobody has weighed', letters.p ?? Number.NaN, 0.2, ofShare(0.2, 3.5 * count));
near('weight of a letter', letters.dist.mu, 2, 5 / Math.sqrt(2.8 * count));

// Rows of two families, told apart by a rule; and rows that count as often as their weight says.
const even = new stats.SelectEstimator([new stats.PoissonEstimator(), new stats.GeometricEstimator()], {
  choose: (x: number) => x % 2,
});
const chosen = stats.optimize([2, 4, 6, 1, 3, 1], even).model;
near('mean of the even ones', chosen.dists[0].lambda, 4, 1e-12);
near('success of the odd ones', chosen.dists[1].p, 0.6, 1e-12);
const weighted = stats.optimize([[1, 3], [5, 1]] as const, new stats.WeightedEstimator(new stats.PoissonEstimator())); // biome-ignore format: pairs
near('mean with weights', weighted.model.dist.lambda, 2, 1e-12);
