// The workloads, as a user of @dml/stats writes them, on the data of bench/kernels. `stats` is the package.
import {
  countData,
  countIteration,
  directionData,
  documentData,
  mixedData,
  mixedIteration,
  sequenceData,
  sequenceIteration,
  setData,
  treeData,
  vectorData,
  vectorIteration,
} from '../kernels/workloads.mjs';

const LEVELS = ['red', 'green', 'blue'];

const even = (count) => new Array(count).fill(1 / count);
const times = (count, make) => Array.from({ length: count }, (_, k) => make(k));

export function mixed(rowCount, K) {
  return {
    cells: rowCount * K,
    rowCount,
    data: () => mixedData(rowCount, K, LEVELS.length),
    rows: ({ x, codes }) => times(rowCount, (i) => [x[i], LEVELS[codes[i]]]),
    kernels: mixedIteration,
    estimator: ({ MixtureEstimator, CompositeEstimator, GaussianEstimator, CategoricalEstimator }) =>
      new MixtureEstimator(
        times(K, () => new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()])),
      ),
    start: (
      { MixtureDistribution, CompositeDistribution, GaussianDistribution, CategoricalDistribution },
      { tables },
    ) =>
      new MixtureDistribution(
        times(K, (k) => {
          const p = LEVELS.map((_, j) => Math.exp(tables[k * LEVELS.length + j]));
          const total = p.reduce((a, b) => a + b);
          return new CompositeDistribution([
            new GaussianDistribution({ mu: 3 * k, sigma2: 1 }),
            new CategoricalDistribution(LEVELS.map((level, j) => [level, p[j] / total])),
          ]);
        }),
        { w: even(K) },
      ),
  };
}

export function vectors(rowCount, K, dimension, full) {
  return {
    cells: rowCount * K,
    rowCount,
    data: () => vectorData(rowCount, K, dimension),
    rows: ({ rows }) => times(rowCount, (i) => Array.from(rows.subarray(i * dimension, (i + 1) * dimension))),
    kernels: (kernels, data) => vectorIteration(kernels, data, full),
    sklearn: { K, dimension, covariance: full ? 'full' : 'diag' },
    estimator: ({ MixtureEstimator, DiagonalGaussianEstimator, MultivariateGaussianEstimator }) =>
      new MixtureEstimator(times(K, () => new (full ? MultivariateGaussianEstimator : DiagonalGaussianEstimator)())),
    start: ({ MixtureDistribution, DiagonalGaussianDistribution, MultivariateGaussianDistribution }, { mu }) =>
      new MixtureDistribution(
        times(K, (k) =>
          full
            ? new MultivariateGaussianDistribution({
                mu: Array.from(mu[k]),
                covariance: times(dimension, (i) => times(dimension, (j) => (i === j ? 1 : 0))),
              })
            : new DiagonalGaussianDistribution({ mu: Array.from(mu[k]), sigma2: new Array(dimension).fill(1) }),
        ),
        { w: even(K) },
      ),
  };
}

function sequences(sequenceCount, length, S) {
  return {
    cells: sequenceCount * length * S,
    rowCount: sequenceCount,
    data: () => sequenceData(sequenceCount, length, S),
    rows: ({ x }) => times(sequenceCount, (i) => Array.from(x.subarray(i * length, (i + 1) * length))),
    kernels: sequenceIteration,
    estimator: ({ HiddenMarkovEstimator, GaussianEstimator }) =>
      new HiddenMarkovEstimator(times(S, () => new GaussianEstimator())),
    start: ({ HiddenMarkovDistribution, GaussianDistribution }, { initial, transition }) =>
      new HiddenMarkovDistribution(
        times(S, (s) => new GaussianDistribution({ mu: 3 * s, sigma2: 1 })),
        {
          w: Array.from(initial),
          transitions: times(S, (s) => Array.from(transition.subarray(s * S, (s + 1) * S))),
        },
      ),
  };
}

function trees(treeCount, length, S) {
  return {
    cells: treeCount * length * S,
    rowCount: treeCount,
    data: () => treeData(treeCount, length, S),
    rows: ({ x, parents }) =>
      times(treeCount, (i) => times(length, (t) => [[t, t === 0 ? -1 : parents[i * length + t]], x[i * length + t]])),
    estimator: ({ TreeHiddenMarkovEstimator, GaussianEstimator }) =>
      new TreeHiddenMarkovEstimator(times(S, () => new GaussianEstimator())),
    start: ({ TreeHiddenMarkovDistribution, GaussianDistribution }, { transitions }) =>
      new TreeHiddenMarkovDistribution(
        times(S, (s) => new GaussianDistribution({ mu: 3 * s, sigma2: 1 })),
        { w: even(S), transitions },
      ),
  };
}

function counts(rowCount, K) {
  return {
    cells: rowCount * K,
    rowCount,
    data: () => countData(rowCount, K),
    rows: ({ x }) => Array.from(x),
    kernels: countIteration,
    estimator: ({ MixtureEstimator, PoissonEstimator }) => new MixtureEstimator(times(K, () => new PoissonEstimator())),
    start: ({ MixtureDistribution, PoissonDistribution }) =>
      new MixtureDistribution(
        times(K, (k) => new PoissonDistribution({ lambda: 2 + 9 * k })),
        { w: even(K) },
      ),
  };
}

function sets(rowCount, K, itemCount, tries) {
  const share = itemCount / K;
  return {
    cells: rowCount * K,
    rowCount,
    data: () => setData(rowCount, K, itemCount, tries),
    rows: ({ offsets, codes }) => times(rowCount, (i) => Array.from(codes.subarray(offsets[i], offsets[i + 1]))),
    estimator: ({ MixtureEstimator, IntegerBernoulliSetEstimator }) =>
      new MixtureEstimator(times(K, () => new IntegerBernoulliSetEstimator())),
    start: ({ MixtureDistribution, IntegerBernoulliSetDistribution }) =>
      new MixtureDistribution(
        times(K, (k) => {
          return new IntegerBernoulliSetDistribution({
            p: times(itemCount, (j) => (Math.floor(j / share) === k ? 0.05 : 0.01)),
          });
        }),
        { w: even(K) },
      ),
  };
}

function directions(rowCount, K, dimension) {
  return {
    cells: rowCount * K,
    rowCount,
    data: () => directionData(rowCount, K, dimension),
    rows: ({ x }) => times(rowCount, (i) => x.subarray(i * dimension, (i + 1) * dimension)),
    estimator: ({ MixtureEstimator, VonMisesFisherEstimator }) =>
      new MixtureEstimator(times(K, () => new VonMisesFisherEstimator())),
    start: ({ MixtureDistribution, VonMisesFisherDistribution }, { mu }) =>
      new MixtureDistribution(
        times(K, (k) => new VonMisesFisherDistribution({ mu: mu[k], kappa: 40 })),
        { w: even(K) },
      ),
  };
}

/** The words of a row as pairs of a word and its count. A word may stand twice. */
const pairsOf = ({ words, counts, wordCount }, row) =>
  times(wordCount, (j) => [words[row * wordCount + j], counts[row * wordCount + j]]);

function knownDocuments(rowCount, K, valueCount, documentCount, wordCount) {
  return {
    cells: rowCount * wordCount * K,
    rowCount,
    data: () => documentData(rowCount, K, valueCount, documentCount, wordCount),
    rows: (data) => times(rowCount, (i) => [i % documentCount, pairsOf(data, i)]),
    estimator: ({ IntegerPlsiEstimator }) => new IntegerPlsiEstimator({ stateCount: K, valueCount, documentCount }),
    start: ({ IntegerPlsiDistribution }, { wordTable, stateTable }) =>
      new IntegerPlsiDistribution({ words: wordTable, states: stateTable, documents: even(documentCount) }),
  };
}

/** Documents of words with counts. scikit-learn has no α that is estimated; its topics have a prior. */
function topics(rowCount, K, valueCount, wordCount) {
  const alpha = new Array(K).fill(0.1);
  const gammaThreshold = 1e-5;
  return {
    cells: rowCount * wordCount * K,
    rowCount,
    data: () => documentData(rowCount, K, valueCount, rowCount, wordCount),
    rows: (data) => times(rowCount, (i) => pairsOf(data, i)),
    topics: { K, valueCount, wordCount },
    estimator: ({ LatentDirichletAllocationEstimator, IntegerCategoricalEstimator }) =>
      new LatentDirichletAllocationEstimator(
        times(
          K,
          () => new IntegerCategoricalEstimator({ min: 0, max: valueCount - 1, pseudoCount: 0.01 * valueCount }),
        ),
        { fixedAlpha: alpha, gammaThreshold },
      ),
    start: ({ LatentDirichletAllocationDistribution, IntegerCategoricalDistribution }, { wordTable }) =>
      new LatentDirichletAllocationDistribution(
        wordTable.map((p) => new IntegerCategoricalDistribution({ min: 0, p })),
        { alpha, gammaThreshold },
      ),
  };
}

/** `goal`: nanoseconds per row x component on an idle machine. */
export const workloads = {
  W1: { what: 'mixture K=2 of Gaussian x Categorical, 1e6 rows', goal: 4, ...mixed(1_000_000, 2) },
  W2: { what: 'mixture K=10 of Gaussian x Categorical, 1e6 rows', goal: 5, ...mixed(1_000_000, 10) },
  W3: { what: 'diagonal Gaussians d=10 K=10, 2e5 rows', goal: 10, ...vectors(200_000, 10, 10, false) },
  W4a: { what: 'full covariance d=10 K=10, 2e5 rows', goal: 26, ...vectors(200_000, 10, 10, true) },
  W4b: { what: 'full covariance d=32 K=16, 1e5 rows', goal: 170, ...vectors(100_000, 16, 32, true) },
  W5: { what: 'HMM of 5 Gaussian states, 2000 x 500', goal: 15, ...sequences(2000, 500, 5) },
  trees: { what: 'hidden Markov trees, 5 Gaussian states, 1e4 x 20', goal: 25, ...trees(10_000, 20, 5) },
  W8: { what: 'Poisson mixture K=5, 1e6 rows', goal: 6, parts: ['every row', 'new columns'], ...counts(1_000_000, 5) },
  directions: { what: 'mixture K=5 of directions d=50, 5e4 rows', goal: 50, ...directions(50_000, 5, 50) },
  sets: { what: 'mixture K=5 of sets of 1000 items, 1e5 rows', goal: 40, ...sets(100_000, 5, 1000, 16) },
  W6: { what: 'LDA K=20, 2000 documents of 80 words', goal: 30, ...topics(2000, 20, 2000, 80) },
  plsi: { what: 'PLSI K=20, 2e4 rows of 60 words', goal: 2, ...knownDocuments(20_000, 20, 1000, 200, 60) },
};
