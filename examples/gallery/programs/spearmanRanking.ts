// Judges rank five wines; their rankings scatter about one order.
import { SpearmanRankingDistribution, SpearmanRankingEstimator } from '@dml/stats';
import { near, recover } from '../recover.js';

const truth = new SpearmanRankingDistribution({ sigma: [2, 0, 1, 4, 3], rho: 0.25 });
const { model } = recover(truth, new SpearmanRankingEstimator(), 500);
near('wines at their place', model.sigma.filter((rank, wine) => rank === truth.sigma[wine]).length, 5, 0);
near('agreement of the judges', model.rho, 0.25, 0.05);
