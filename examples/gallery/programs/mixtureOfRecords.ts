// Two kinds of visits: what is measured, said, clicked and bought. What they have in common is estimated once, by keys.
import * as stats from '@dml/stats';
import { atLeast, near, ofShare } from '../recover.js';

const bell = (mu: number) => new stats.GaussianDistribution({ mu, sigma2: 1 });
const chain = (stay: number) =>
  new stats.MarkovChainDistribution({
    initial: { shop: 0.5, blog: 0.5 },
    transitions: { shop: { shop: stay, blog: 1 - stay }, blog: { shop: 1 - stay, blog: stay } },
    length: new stats.PoissonDistribution({ lambda: 8 }),
  });
const kind = (fast: number, mood: Record<'good' | 'fair' | 'bad', number>, stay: number, place: number) =>
  new stats.CompositeDistribution([
    new stats.MixtureDistribution([bell(-3), bell(1)], { w: [fast, 1 - fast] }),
    new stats.OptionalDistribution(new stats.CategoricalDistribution(mood), { p: 0.15 }),
    chain(stay),
    new stats.BernoulliSetDistribution({ bag: 0.9, hat: 0.4 }),
    new stats.MultivariateGaussianDistribution({
      mu: [place, place],
      covariance: [
        [2, 1],
        [1, 2],
      ],
    }),
  ]);
const kinds = [
  kind(0.5, { good: 0.5, fair: 0.4, bad: 0.1 }, 0.2, -1),
  kind(0.2, { good: 0.1, fair: 0.1, bad: 0.8 }, 0.8, 1),
] as const;
const truth = new stats.MixtureDistribution(kinds, { w: [0.3, 0.7] });
const [rows, unseen] = stats.partition(truth.sampler(1).sample(2000), [0.9, 0.1], { seed: 1 });

const g = new stats.GaussianEstimator();
const estimator = (pseudoCount: number) => {
  const visit = new stats.CompositeEstimator([
    new stats.MixtureEstimator([g, g], { keys: { components: 'speeds' }, pseudoCount }),
    new stats.OptionalEstimator(new stats.CategoricalEstimator({ pseudoCount })),
    new stats.MarkovChainEstimator({ pseudoCount, length: new stats.PoissonEstimator() }),
    new stats.BernoulliSetEstimator({ key: 'things' }),
    new stats.MultivariateGaussianEstimator(),
  ]);
  return new stats.MixtureEstimator([visit, visit], { pseudoCount });
};
// A start with imaginary rows, so that nothing is impossible from the first; then maximum likelihood.
const initialModel = stats.initialize(rows, estimator(1), { seed: 1 });
const { model } = stats.optimize(rows, estimator(0), { initialModel, validation: unseen });
const first = model.w[0]! < model.w[1]! ? 0 : 1;
const [a, b] = [model.components[first]!, model.components[1 - first]!];
near('share of the first kind', model.w[first]!, 0.3, ofShare(0.3, 1800));
near('good among what was said', a.dists[1].dist.density('good'), 0.5, ofShare(0.5, 450));
near('a click from shop to shop', a.dists[2].transitions.get('shop')!.get('shop')!, 0.2, 0.05);
near('place of the other kind', b.dists[4].mu[0]!, 1, 0.2);
near('visits with a bag, of both kinds', a.dists[3].p.get('bag')!, 0.9, ofShare(0.9, 1800));
near('the same parameters: speeds', a.dists[0].components[0].mu - b.dists[0].components[0].mu, 0, 0);
near('bits by which it is from the truth', stats.empiricalKlDivergence(truth, model, unseen).divergence, 0, 0.1);
const right = rows.filter((row) => truth.posterior(row)[0]! > 0.5 === model.posterior(row)[first]! > 0.5);
atLeast('visits whose kind is found as by the truth', right.length / rows.length, 0.98);
