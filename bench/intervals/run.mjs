// How often intervals of 95 % hold the parameter that rows were drawn from, for four models.
// node bench/intervals/run.mjs [data sets per model, default 200] [bootstrap or jackknife] [replicates per data set] [start of the names of models]
import {
  copies,
  ExponentialDistribution,
  ExponentialEstimator,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  MixtureDistribution,
  MixtureEstimator,
  PoissonDistribution,
  PoissonEstimator,
  RecordDistribution,
  RecordEstimator,
  standardErrors,
} from '@dml/stats';

const [count = '200', method = 'bootstrap', replicates, only = ''] = process.argv.slice(2);
const dataSets = Number(count);
const options = { method, ...(replicates === undefined ? {} : { replicates: Number(replicates) }) };

const normal = (mu, sigma2) => new GaussianDistribution({ mu, sigma2 });
const two = [normal(0, 1), normal(5, 1.5)];

/** Models with components or states have them in the order of their means: `ordered` gives that of a fit to the truth. */
const models = {
  'Gaussian, 400 rows': { truth: () => normal(3, 4), estimator: new GaussianEstimator(), rows: 400 },
  'record of a Poisson and an exponential, 400 rows': {
    truth: () =>
      new RecordDistribution({
        visits: new PoissonDistribution({ lambda: 3 }),
        wait: new ExponentialDistribution({ mean: 2 }),
      }),
    estimator: new RecordEstimator({ visits: new PoissonEstimator(), wait: new ExponentialEstimator() }),
    rows: 400,
  },
  'mixture of two Gaussians, 400 rows': {
    truth: (isSwapped) =>
      isSwapped
        ? new MixtureDistribution(two.toReversed(), { w: [0.6, 0.4] })
        : new MixtureDistribution(two, { w: [0.4, 0.6] }),
    estimator: new MixtureEstimator(copies(2, new GaussianEstimator())),
    rows: 400,
    parts: 'components',
  },
  'hidden Markov model of two Gaussians, 80 lists of 10': {
    truth: (isSwapped) =>
      isSwapped
        ? new HiddenMarkovDistribution(two.toReversed(), {
            w: [0.4, 0.6],
            transitions: [
              [0.7, 0.3],
              [0.2, 0.8],
            ],
          })
        : new HiddenMarkovDistribution(two, {
            w: [0.6, 0.4],
            transitions: [
              [0.8, 0.2],
              [0.3, 0.7],
            ],
          }),
    estimator: new HiddenMarkovEstimator(copies(2, new GaussianEstimator())),
    rows: 80,
    items: 10,
    parts: 'emissions',
  },
};

/** Lists of a given length: the states step by step. */
function drawList(model, items, seed) {
  const list = [];
  let state = new MixtureDistribution(model.emissions, { w: model.w });
  for (let t = 0; t < items; t++) {
    const x = state.sampler(`${seed} ${t}`).sample();
    list.push(x);
    // By the states as far as the items so far tell them: what is next is drawn given these items.
    const posterior = state.posterior(x);
    const next = model.transitions[0].map((_, s) =>
      posterior.reduce((sum, p, r) => sum + p * model.transitions[r][s], 0),
    );
    state = new MixtureDistribution(model.emissions, { w: next.map((p) => p / next.reduce((a, b) => a + b, 0)) });
  }
  return list;
}

function valueAt(model, path) {
  const plain = JSON.parse(JSON.stringify(model));
  return [...path.matchAll(/\w+/g)].reduce((value, [step]) => value?.[step], plain);
}

for (const [name, { truth, estimator, rows, items, parts }] of Object.entries(models)) {
  if (!name.startsWith(only)) continue;
  const began = performance.now();
  const counts = new Map();
  for (let i = 0; i < dataSets; i++) {
    const model = truth(false);
    const data =
      items === undefined
        ? model.sampler(`coverage ${i}`).sample(rows)
        : Array.from({ length: rows }, (_, row) => drawList(model, items, `coverage ${i} ${row}`));
    const { fit, parameters } = standardErrors(data, estimator, { seed: i, ...options });
    const isSwapped = parts !== undefined && fit.model[parts][0].mu > fit.model[parts][1].mu;
    const reference = truth(isSwapped);
    for (const { path, low, high } of parameters) {
      const value = valueAt(reference, path);
      if (typeof value !== 'number') continue;
      const known = isSwapped ? path.replace(/\[(\d)\]/g, (_, k) => `[${1 - Number(k)}]`) : path;
      const count = counts.get(known) ?? { held: 0, of: 0 };
      count.of++;
      if (low <= value && value <= high) count.held++;
      counts.set(known, count);
    }
  }
  const all = [...counts.values()].reduce((sum, { held, of }) => ({ held: sum.held + held, of: sum.of + of }));
  const share = ({ held, of }) => `${((100 * held) / of).toFixed(1)} %`;
  console.log(`${name}: ${share(all)} of ${all.of} intervals (${((performance.now() - began) / 1000).toFixed(0)} s)`);
  for (const [path, count] of [...counts].sort()) console.log(`  ${path.padEnd(24)} ${share(count)} of ${count.of}`);
}
