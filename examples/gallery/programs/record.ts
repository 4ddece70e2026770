// Visitors of a shop as records: one field for each family of a single value.
import * as stats from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const truth = new stats.RecordDistribution({
  height: new stats.GaussianDistribution({ mu: 170, sigma2: 64 }),
  noise: new stats.StudentTDistribution({ location: 3, scale: 2, degreesOfFreedom: 5 }),
  income: new stats.LogGaussianDistribution({ mu: 3, sigma2: 0.25 }),
  pause: new stats.ExponentialDistribution({ mean: 4 }),
  stay: new stats.GammaDistribution({ shape: 3, scale: 5 }),
  wear: new stats.WeibullDistribution({ shape: 2, scale: 6 }),
  share: new stats.BetaDistribution({ alpha: 2, beta: 6 }),
  clock: new stats.UniformDistribution({ min: 0, max: 12 }),
  visits: new stats.PoissonDistribution({ lambda: 3 }),
  messages: new stats.NegativeBinomialDistribution({ mean: 4, size: 2 }),
  hits: new stats.BinomialDistribution({ n: 10, p: 0.3 }),
  tries: new stats.GeometricDistribution({ p: 0.4 }),
  floor: new stats.IntegerCategoricalDistribution({ min: 1, p: [0.2, 0.5, 0.3] }),
  colour: new stats.CategoricalDistribution({ red: 0.2, green: 0.5, blue: 0.3 }),
  isMember: new stats.BernoulliDistribution({ p: 0.7 }),
});
const count = 2000;
const { model } = recover(truth, truth.estimator(), count);
const { fields } = model;
const root = Math.sqrt(count);

// Five standard errors of means and shares; what has no simple error is allowed a tenth or two.
near('mean height', fields.height.mu, 170, (5 * 8) / root);
near('centre of the noise', fields.noise.location, 3, (5 * 2 * 1.2) / root);
near('mean of the logarithm of income', fields.income.mu, 3, (5 * 0.5) / root);
near('mean pause', fields.pause.mean, 4, (5 * 4) / root);
near('mean stay', fields.stay.shape * fields.stay.scale, 15, (5 * Math.sqrt(75)) / root);
near('shape of wear', fields.wear.shape, 2, 0.2);
near('mean share', fields.share.alpha / (fields.share.alpha + fields.share.beta), 0.25, (5 * 0.145) / root);
near('the last hour', fields.clock.max, 12, 0.1);
near('mean visits', fields.visits.lambda, 3, (5 * Math.sqrt(3)) / root);
near('mean messages', fields.messages.mean, 4, (5 * Math.sqrt(12)) / root);
near('hits of a try', fields.hits.p, 0.3, ofShare(0.3, 10 * count));
near('success of a try', fields.tries.p, 0.4, 0.03);
near('share of the second floor', fields.floor.density(2), 0.5, ofShare(0.5, count));
near('share of green', fields.colour.density('green'), 0.5, ofShare(0.5, count));
near('share of members', fields.isMember.p, 0.7, ofShare(0.7, count));
