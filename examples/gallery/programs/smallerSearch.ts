// Which of many keys does an observation belong to? One mixture of all, and for each key the mean of its posteriors.
import {
  ExponentialDistribution,
  ExponentialEstimator,
  IntegerCategoricalDistribution,
  MixtureDistribution,
  MixtureEstimator,
  optimize,
  PoissonDistribution,
  PoissonEstimator,
  RecordDistribution,
  RecordEstimator,
} from '@dml/stats';
import { atLeast } from '../recover.js';

const KEYS = 40;
const kinds = [
  [2, 1],
  [10, 1],
  [2, 12],
  [25, 12],
].map(
  ([count, seconds]) =>
    new RecordDistribution({
      count: new PoissonDistribution({ lambda: count! }),
      seconds: new ExponentialDistribution({ mean: seconds! }),
    }),
);
/** A key is of one kind most of the time; which one, its number says. */
const ofKey = (key: number) =>
  new MixtureDistribution(kinds, { w: kinds.map((_, k) => (k === key % 4 ? 0.85 : 0.05)) });
const keyOf = new IntegerCategoricalDistribution({ min: 0, p: Array.from({ length: KEYS }, () => 1 / KEYS) });
const keys = keyOf.sampler(1).sample(4000);
const draws = Array.from({ length: KEYS }, (_, key) => ofKey(key).sampler(key));
const rows = keys.map((key) => draws[key]!.sample());

// The key is not a part of the model: the fit is one mixture, however many keys there are.
const each = new RecordEstimator({ count: new PoissonEstimator(), seconds: new ExponentialEstimator() });
const { model } = optimize(rows, new MixtureEstimator([each, each, each, each]), { seed: 1 });

const means = Array.from({ length: KEYS }, () => [0, 0, 0, 0]);
const counts = new Array<number>(KEYS).fill(0);
for (const [i, row] of rows.entries()) {
  for (const [k, p] of model.posterior(row).entries()) means[keys[i]!]![k]! += p;
  counts[keys[i]!]!++;
}
const views = means.map(
  (sums, key) => new MixtureDistribution(model.components, { w: sums.map((p) => p / counts[key]!) }),
);

// For new rows: the share of the keys that rank below the right one.
const places = keyOf
  .sampler(2)
  .sample(300)
  .map((key) => {
    const row = draws[key]!.sample();
    const scores = views.map((view) => view.logDensity(row));
    return scores.filter((score) => score < scores[key]!).length / (KEYS - 1);
  });
atLeast('keys that need not be looked at', places.reduce((sum, place) => sum + place, 0) / places.length, 0.7);
