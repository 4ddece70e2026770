// Counts that begin above 0, levels without a family of their own, a mark for what is missing, lists that count as one item.
import * as stats from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const count = 2000;
const sizes = new stats.CategoricalDistribution({ small: 0.1, medium: 0.2, large: 0.7 });
const shifted = new stats.BinomialDistribution({ n: 10, p: 0.9, min: 3 });

// The smallest count is learned with the others: 0 unless it is said.
const pair = new stats.CompositeDistribution([sizes, shifted]);
const counts = new stats.BinomialEstimator({ min: 3, max: 13 });
const { dists } = recover(pair, new stats.CompositeEstimator([new stats.CategoricalEstimator(), counts]), count).model;
near('share of large ones', dists[0].density('large'), 0.7, ofShare(0.7, count));
near('successes above the smallest count', dists[1].p, 0.9, ofShare(0.9, 10 * count));

// As the total of a basket, too.
const baskets = new stats.MultinomialDistribution(sizes, { length: shifted });
const basket = recover(
  baskets,
  new stats.MultinomialEstimator(new stats.CategoricalEstimator(), { length: counts }),
  count,
);
near('share of small ones in baskets', basket.model.dist.density('small'), 0.1, ofShare(0.1, 12 * count));
near('things in a basket', 3 + 10 * basket.model.length.p, 12, 0.1);

// Levels c and d share what is left.
const bell = (mu: number) => new stats.GaussianDistribution({ mu, sigma2: 1 });
const given = new stats.CategoricalDistribution<string>({ a: 0.5, b: 0.2, c: 0.2, d: 0.1 });
const byLevel = new stats.ConditionalDistribution({ a: bell(1), b: bell(2) }, { otherwise: bell(3), given });
const g = new stats.GaussianEstimator();
const levels = recover(byLevel, byLevel.estimator(), count).model;
near('mean at a', levels.dists.get('a')!.mu, 1, 5 / Math.sqrt(0.5 * count));
near('mean at the levels without a family', levels.otherwise!.mu, 3, 5 / Math.sqrt(0.3 * count));

// NaN for what is missing; and how often it is.
const gaps = new stats.OptionalDistribution(bell(4), { p: 0.7, missing: Number.NaN });
const withGaps = recover(gaps, new stats.OptionalEstimator(g, { missing: Number.NaN }), count).model;
near('how often a number is missing', withGaps.p!, 0.7, ofShare(0.7, count));
near('mean of the others', withGaps.dist.mu, 4, 5 / Math.sqrt(0.3 * count));

// Lists of three or five pauses, of which each list counts as much as one pause.
const pauses = new stats.SequenceDistribution(new stats.ExponentialDistribution({ mean: 1 }), {
  length: new stats.CategoricalDistribution([[3, 0.5], [5, 0.5]]), // biome-ignore format: a small table
  lengthNormalized: true,
});
const { model } = recover(
  pauses,
  new stats.SequenceEstimator(new stats.ExponentialEstimator(), {
    length: new stats.CategoricalEstimator<number>(),
    lengthNormalized: true,
  }),
  count,
);
near('mean pause', model.dist.mean, 1, 5 / Math.sqrt(4 * count));
near('lists of five', model.length.density(5), 0.5, ofShare(0.5, count));
