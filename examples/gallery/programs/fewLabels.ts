// One labelled row for each of three kinds, and a thousand without: what a row holds, a list of letters and a number.
import * as stats from '@dml/stats';
import { atLeast, near, ofShare } from '../recover.js';

const size = 10;
const kind = (k: number) =>
  new stats.CompositeDistribution([
    new stats.SequenceDistribution(
      new stats.CategoricalDistribution([...'abc'].map((name, i) => [name, i === k ? 0.8 : 0.1] as const)),
      { length: new stats.CategoricalDistribution([[size, 1]]) },
    ),
    new stats.GaussianDistribution({ mu: k, sigma2: 1 }),
  ]);
const kinds = [kind(0), kind(1), kind(2)] as const;
const truth = new stats.MixtureDistribution(kinds, { w: [0.6, 0.3, 0.1] });
const values = truth.sampler(1).sample(1000);
type Value = (typeof values)[number];
const seeds = [...'abc'].map((name, k): stats.LabelledRow<Value> => [[Array.from({ length: size }, () => name), k], k]);
const rows = [...seeds, ...values.map((value): stats.LabelledRow<Value> => [value, null])];

const letters = new stats.CategoricalEstimator<string>({ pseudoCount: 1e-3 });
const each = new stats.CompositeEstimator([new stats.SequenceEstimator(letters), new stats.GaussianEstimator()]);
const estimator = new stats.SemiSupervisedMixtureEstimator([each, each, each], { pseudoCount: 1e-6 });
const { model } = stats.bestOf(rows, estimator, { trials: 2, seed: 1 });
// The labels name the components: no order has to be guessed.
for (const [k, p] of [0.6, 0.3, 0.1].entries()) {
  near(`share of kind ${k}`, model.w[k]!, p, ofShare(p, 1000));
  near('its own letter', model.components[k]!.dists[0].dist.density('abc'[k]!), 0.8, ofShare(0.8, 10_000 * p));
}
const same = values.filter((value) => {
  const ours = model.posterior([value, null]);
  return ours.indexOf(Math.max(...ours)) === truth.posterior(value).indexOf(Math.max(...truth.posterior(value)));
});
atLeast('rows that are named as the truth names them', same.length / values.length, 0.98);
