/**
 * What the picture of each family page shows: models as plain data, and how they are drawn. The name is that of the page in
 * `docs/families`.
 *
 * - `curves`: the density over a line, one curve a model; `row` makes the row at x where it is not x itself
 * - `bars`: the probabilities of the integers from 0 (or `from`) to `to`, one colour a model
 * - `map`: the density over a rectangle; `row` makes the row at (x, y), or null where there is none
 * - `likely`: the rows that the model gives the highest probabilities; `bag` makes equal what the model takes for equal
 * - `path`: one drawn list, coloured by its most probable states
 * - `scatter`: points with a label each, as `points` gives them
 *
 * A model is its JSON form, or a function that makes it from the package.
 */

const normal = (mu, sigma2) => ({ type: 'Gaussian', mu, sigma2 });
const letters = (...p) => ({ type: 'Categorical', levels: ['a', 'b', 'c'], p, unseen: 0 });
const poisson = (lambda) => ({ type: 'Poisson', lambda });
const integers = (...p) => ({ type: 'IntegerCategorical', min: 0, p });
const counted = (dist, length) => ({ type: 'Multinomial', dist, length, lengthNormalized: false });
const listOf = (dist, length) => ({ type: 'Sequence', dist, length, lengthNormalized: false });
const two = { type: 'Dirac', value: 2 };
const three = { type: 'Dirac', value: 3 };
const nothing = { type: 'Null' };
const sticky = [
  [0.9, 0.1],
  [0.2, 0.8],
];
const mixture = (w, ...components) => ({ type: 'Mixture', components, w });

/** The same counts in another order are the same row. */
const sorted = (counts) => [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1));

export const pictures = {
  bernoulli: { kind: 'likely', model: { type: 'Bernoulli', p: 0.3 } },
  'bernoulli-set': {
    kind: 'likely',
    model: { type: 'BernoulliSet', levels: ['bread', 'milk', 'tea'], p: [0.8, 0.5, 0.3], minP: 0 },
  },
  beta: {
    kind: 'curves',
    range: [0.002, 0.998],
    models: {
      'α = 0.5, β = 0.5': { type: 'Beta', alpha: 0.5, beta: 0.5 },
      'α = 2, β = 5': { type: 'Beta', alpha: 2, beta: 5 },
      'α = 6, β = 2': { type: 'Beta', alpha: 6, beta: 2 },
    },
  },
  binomial: {
    kind: 'bars',
    to: 12,
    models: {
      'n = 12, p = 0.2': { type: 'Binomial', n: 12, p: 0.2, min: 0 },
      'n = 12, p = 0.6': { type: 'Binomial', n: 12, p: 0.6, min: 0 },
    },
  },
  categorical: { kind: 'likely', model: letters(0.5, 0.3, 0.2) },
  composite: {
    kind: 'curves',
    range: [-3, 7],
    models: { tuple: { type: 'Composite', dists: [normal(2, 2), letters(0.5, 0.3, 0.2)] } },
    rows: { '[x, "a"]': (x) => [x, 'a'], '[x, "b"]': (x) => [x, 'b'], '[x, "c"]': (x) => [x, 'c'] },
  },
  conditional: {
    kind: 'curves',
    range: [-4, 9],
    models: {
      tuple: {
        type: 'Conditional',
        levels: ['a', 'b', 'c'],
        dists: [normal(0, 1), normal(3, 0.5), normal(5, 2)],
        otherwise: null,
        given: letters(0.5, 0.3, 0.2),
      },
    },
    rows: { '["a", x]': (x) => ['a', x], '["b", x]': (x) => ['b', x], '["c", x]': (x) => ['c', x] },
  },
  'diagonal-gaussian': {
    kind: 'map',
    x: [-4, 4],
    y: [-3, 3],
    model: { type: 'DiagonalGaussian', mu: [0, 0.5], sigma2: [2, 0.5] },
    row: (x, y) => [x, y],
  },
  dirac: { kind: 'bars', to: 5, models: { 'value = 2': two } },
  dirichlet: {
    kind: 'map',
    x: [0.005, 0.995],
    y: [0.005, 0.995],
    model: { type: 'Dirichlet', alpha: [4, 2, 3] },
    row: (x, y) => (x + y < 0.995 ? [x, y, 1 - x - y] : null),
  },
  'dirichlet-process-mixture': {
    kind: 'curves',
    range: [-4, 8],
    models: {
      'three components': {
        type: 'DirichletProcessMixture',
        components: [normal(0, 1), normal(4, 0.5), normal(6, 0.3)],
        sticks: [
          { type: 'Beta', alpha: 6, beta: 4 },
          { type: 'Beta', alpha: 3, beta: 2 },
        ],
        concentration: { type: 'Gamma', shape: 2, scale: 1 },
        posteriors: [normal(0, 1), normal(4, 0.5), normal(6, 0.3)],
      },
    },
  },
  exponential: {
    kind: 'curves',
    range: [0.001, 8],
    models: { 'mean 1': { type: 'Exponential', mean: 1 }, 'mean 3': { type: 'Exponential', mean: 3 } },
  },
  gamma: {
    kind: 'curves',
    range: [0.01, 14],
    models: {
      'k = 1, θ = 2': { type: 'Gamma', shape: 1, scale: 2 },
      'k = 3, θ = 1.5': { type: 'Gamma', shape: 3, scale: 1.5 },
      'k = 9, θ = 0.7': { type: 'Gamma', shape: 9, scale: 0.7 },
    },
  },
  gaussian: {
    kind: 'curves',
    range: [-6, 8],
    models: { 'μ = 0, σ² = 1': normal(0, 1), 'μ = 0, σ² = 4': normal(0, 4), 'μ = 3, σ² = 0.5': normal(3, 0.5) },
  },
  'gaussian-mixture': {
    kind: 'curves',
    range: [-4, 8],
    models: { '0.6 N(0, 1) + 0.4 N(4, 0.7)': mixture([0.6, 0.4], normal(0, 1), normal(4, 0.7)) },
  },
  geometric: {
    kind: 'bars',
    from: 1,
    to: 12,
    models: { 'p = 0.3': { type: 'Geometric', p: 0.3 }, 'p = 0.6': { type: 'Geometric', p: 0.6 } },
  },
  'hidden-association': {
    kind: 'likely',
    model: {
      type: 'HiddenAssociation',
      conditional: {
        type: 'Conditional',
        levels: ['a', 'b'],
        dists: [letters(0.8, 0.1, 0.1), letters(0.1, 0.3, 0.6)],
        otherwise: null,
        given: nothing,
      },
      given: counted(
        { type: 'Categorical', levels: ['a', 'b'], p: [0.6, 0.4], unseen: 0 },
        { type: 'Dirac', value: 1 },
      ),
      length: { type: 'Dirac', value: 1 },
    },
  },
  'hidden-markov': {
    kind: 'path',
    model: {
      type: 'HiddenMarkov',
      emissions: [normal(0, 1), normal(5, 2)],
      w: [0.6, 0.4],
      transitions: [
        [0.95, 0.05],
        [0.1, 0.9],
      ],
      length: { type: 'Dirac', value: 120 },
      terminalValues: [],
    },
  },
  'hidden-semi-markov': {
    kind: 'path',
    model: {
      type: 'HiddenSemiMarkov',
      emissions: [normal(0, 1), normal(5, 1)],
      durations: [poisson(6), poisson(20)],
      w: [0.6, 0.4],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 60,
      shift: [1, 1],
      length: { type: 'Dirac', value: 120 },
    },
  },
  'hierarchical-mixture': {
    kind: 'likely',
    model: {
      type: 'HierarchicalMixture',
      topics: [letters(0.8, 0.1, 0.1), letters(0.1, 0.2, 0.7)],
      w: [0.5, 0.5],
      tau: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
      length: three,
    },
  },
  ignored: {
    kind: 'curves',
    range: [-3, 3],
    models: { 'Ignored(N(0, 1))': { type: 'Ignored', dist: normal(0, 1) } },
  },
  'integer-bernoulli-edit': {
    kind: 'likely',
    model: {
      type: 'IntegerBernoulliEdit',
      added: [0.2, 0.1],
      kept: [0.9, 0.6],
      minP: 0,
      initial: { type: 'IntegerBernoulliSet', p: [0.7, 0.4], minP: 0 },
    },
  },
  'integer-bernoulli-set': { kind: 'likely', model: { type: 'IntegerBernoulliSet', p: [0.8, 0.5, 0.2], minP: 0 } },
  'integer-categorical': { kind: 'bars', to: 4, models: { 'min = 0': integers(0.1, 0.3, 0.35, 0.2, 0.05) } },
  'integer-chow-liu-tree': {
    kind: 'likely',
    model: {
      type: 'IntegerChowLiuTree',
      parents: [null, 0, 0],
      conditional: [[[0.3, 0.7]], sticky, sticky],
    },
  },
  'integer-hidden-association': {
    kind: 'likely',
    model: {
      type: 'IntegerHiddenAssociation',
      states: sticky,
      targets: sticky,
      background: 0.1,
      given: counted(integers(0.6, 0.4), { type: 'Dirac', value: 1 }),
      length: { type: 'Dirac', value: 1 },
    },
  },
  'integer-markov-chain': {
    kind: 'likely',
    model: {
      type: 'IntegerMarkovChain',
      conditional: sticky,
      lag: 1,
      initial: listOf(integers(0.5, 0.5), { type: 'Dirac', value: 1 }),
      length: three,
    },
  },
  'integer-plsi': {
    kind: 'likely',
    bag: ([first, counts]) => [first, sorted(counts)],
    model: {
      type: 'IntegerPlsi',
      words: [
        [0.8, 0.2],
        [0.1, 0.9],
      ],
      states: sticky,
      documents: [0.5, 0.5],
      length: two,
    },
  },
  'integer-step-bernoulli-edit': {
    kind: 'likely',
    model: {
      type: 'IntegerBernoulliEdit',
      added: [0.15, 0.15, 0.15],
      kept: [0.8, 0.8, 0.8],
      minP: 0,
      initial: { type: 'IntegerBernoulliSet', p: [0.7, 0.4, 0.1], minP: 0 },
    },
  },
  'joint-mixture': {
    kind: 'map',
    x: [-3, 7],
    y: [-3, 7],
    model: {
      type: 'JointMixture',
      components1: [normal(0, 1), normal(4, 1)],
      components2: [normal(0, 0.7), normal(4, 1.5)],
      w1: [0.6, 0.4],
      w2: [0.62, 0.38],
      tau12: sticky,
      tau21: [
        [(0.6 * 0.9) / 0.62, (0.6 * 0.1) / 0.38],
        [(0.4 * 0.2) / 0.62, (0.4 * 0.8) / 0.38],
      ],
    },
    row: (x, y) => [x, y],
  },
  'latent-dirichlet-allocation': {
    kind: 'likely',
    bag: sorted,
    model: {
      type: 'LatentDirichletAllocation',
      topics: [integers(0.8, 0.1, 0.1), integers(0.1, 0.2, 0.7)],
      alpha: [0.5, 0.5],
      length: three,
      gammaThreshold: 1e-6,
    },
  },
  'log-gaussian': {
    kind: 'curves',
    range: [0.01, 10],
    models: {
      'μ = 0, σ² = 1': { type: 'LogGaussian', mu: 0, sigma2: 1 },
      'μ = 1, σ² = 0.25': { type: 'LogGaussian', mu: 1, sigma2: 0.25 },
    },
  },
  'lookback-hidden-markov': {
    kind: 'likely',
    model: {
      type: 'LookbackHiddenMarkov',
      emissions: [0.9, 0.3].map((p) => ({
        type: 'Conditional',
        levels: ['a', 'b'],
        dists: [p, 1 - p].map((a) => ({ type: 'Categorical', levels: ['a', 'b'], p: [a, 1 - a], unseen: 0 })),
        otherwise: null,
        given: nothing,
      })),
      initialEmissions: [0, 1].map(() =>
        listOf({ type: 'Categorical', levels: ['a', 'b'], p: [0.7, 0.3], unseen: 0 }, nothing),
      ),
      w: [0.6, 0.4],
      transitions: sticky,
      lag: 1,
      length: three,
    },
  },
  'markov-chain': {
    kind: 'likely',
    model: {
      type: 'MarkovChain',
      initial: [
        ['a', 0.7],
        ['b', 0.3],
      ],
      transitions: [
        [
          'a',
          [
            ['a', 0.8],
            ['b', 0.2],
          ],
        ],
        [
          'b',
          [
            ['a', 0.4],
            ['b', 0.6],
          ],
        ],
      ],
      length: three,
      unseen: 0,
    },
  },
  mixture: {
    kind: 'curves',
    range: [0.01, 14],
    models: {
      'half Gamma(2, 1), half N(8, 2)': mixture([0.5, 0.5], { type: 'Gamma', shape: 2, scale: 1 }, normal(8, 2)),
    },
  },
  multinomial: { kind: 'likely', bag: sorted, model: counted(letters(0.5, 0.3, 0.2), three) },
  'multivariate-gaussian': {
    kind: 'map',
    x: [-4, 4],
    y: [-3, 3],
    model: {
      type: 'MultivariateGaussian',
      mu: [0, 0],
      covariance: [
        [2, 0.8],
        [0.8, 0.7],
      ],
    },
    row: (x, y) => [x, y],
  },
  'negative-binomial': {
    kind: 'bars',
    to: 15,
    models: {
      'mean 4, size 1.5': { type: 'NegativeBinomial', mean: 4, size: 1.5 },
      'mean 4, size 50': { type: 'NegativeBinomial', mean: 4, size: 50 },
    },
  },
  null: { kind: 'likely', model: nothing },
  optional: {
    kind: 'likely',
    model: { type: 'Optional', dist: letters(0.5, 0.3, 0.2), p: 0.25, missing: null },
  },
  poisson: { kind: 'bars', to: 14, models: { 'λ = 2': poisson(2), 'λ = 7': poisson(7) } },
  record: {
    kind: 'curves',
    range: [-3, 7],
    models: { record: { type: 'Record', fields: { size: normal(2, 2), kind: letters(0.5, 0.3, 0.2) } } },
    rows: {
      "{ size: x, kind: 'a' }": (size) => ({ size, kind: 'a' }),
      "{ size: x, kind: 'b' }": (size) => ({ size, kind: 'b' }),
      "{ size: x, kind: 'c' }": (size) => ({ size, kind: 'c' }),
    },
  },
  select: {
    kind: 'curves',
    range: [-5, 8],
    models: {
      'N(-1, 1) below 0, N(3, 2) from 0 on': ({ SelectDistribution, modelFromJSON }) =>
        new SelectDistribution([modelFromJSON(normal(-1, 1)), modelFromJSON(normal(3, 2))], {
          choose: (x) => (x < 0 ? 0 : 1),
        }),
    },
  },
  'semi-supervised-mixture': {
    kind: 'curves',
    range: [-4, 8],
    models: {
      mixture: { type: 'SemiSupervisedMixture', components: [normal(0, 1), normal(3, 1)], w: [0.6, 0.4] },
    },
    rows: { 'no label': (x) => [x, null], 'label 0': (x) => [x, 0], 'label 1': (x) => [x, 1] },
  },
  sequence: { kind: 'likely', model: listOf(letters(0.6, 0.3, 0.1), two) },
  'sparse-markov-association': {
    kind: 'likely',
    bag: ([first, counts]) => [first, sorted(counts)],
    model: {
      type: 'SparseMarkovAssociation',
      initial: [0.6, 0.4],
      transitions: { from: [0, 0, 1, 1], to: [0, 1, 0, 1], p: [0.8, 0.2, 0.3, 0.7] },
      background: 0.1,
      length: { type: 'Composite', dists: [{ type: 'Dirac', value: 1 }, two] },
    },
  },
  'spearman-ranking': { kind: 'likely', model: { type: 'SpearmanRanking', sigma: [1, 0, 2], rho: 0.5 } },
  'spike-and-slab': {
    kind: 'bars',
    to: 8,
    models: { 'spike at 3, p = 0.4': { type: 'SpikeAndSlab', min: 0, max: 8, spike: 3, p: 0.4 } },
  },
  'student-t': {
    kind: 'curves',
    range: [-6, 6],
    models: {
      'ν = 1': { type: 'StudentT', location: 0, scale: 1, degreesOfFreedom: 1 },
      'ν = 4': { type: 'StudentT', location: 0, scale: 1, degreesOfFreedom: 4 },
      'ν = 50': { type: 'StudentT', location: 0, scale: 1, degreesOfFreedom: 50 },
    },
  },
  'tree-hidden-markov': {
    kind: 'likely',
    model: {
      type: 'TreeHiddenMarkov',
      emissions: [letters(0.8, 0.1, 0.1), letters(0.1, 0.2, 0.7)],
      w: [0.6, 0.4],
      transitions: sticky,
      childCount: { type: 'Binomial', n: 2, p: 0.3, min: 0 },
      maxDepth: 2,
    },
  },
  uniform: {
    kind: 'curves',
    range: [-4, 6],
    models: {
      'from -2 to 3': { type: 'Uniform', min: -2, max: 3 },
      'from 0 to 5': { type: 'Uniform', min: 0, max: 5 },
    },
  },
  variational: {
    kind: 'curves',
    range: [-4, 8],
    models: {
      'at its most probable parameters': {
        type: 'Variational',
        model: { type: 'Mixture', components: [normal(0, 1), normal(4, 0.5)], w: [0.4, 0.6] },
        known: null,
      },
    },
  },
  'von-mises-fisher': {
    kind: 'curves',
    title: 'angle on the circle, radians',
    range: [-Math.PI, Math.PI],
    models: {
      'κ = 1': { type: 'VonMisesFisher', mu: [1, 0], kappa: 1 },
      'κ = 4': { type: 'VonMisesFisher', mu: [1, 0], kappa: 4 },
      'κ = 20': { type: 'VonMisesFisher', mu: [1, 0], kappa: 20 },
    },
    row: (angle) => {
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      const length = Math.hypot(x, y);
      return [x / length, y / length];
    },
  },
  weibull: {
    kind: 'curves',
    range: [0.01, 4],
    models: {
      'k = 0.8, λ = 1': { type: 'Weibull', shape: 0.8, scale: 1 },
      'k = 2, λ = 1.5': { type: 'Weibull', shape: 2, scale: 1.5 },
      'k = 5, λ = 2': { type: 'Weibull', shape: 5, scale: 2 },
    },
  },
  weighted: {
    kind: 'curves',
    range: [-4, 4],
    models: { weighted: { type: 'Weighted', dist: normal(0, 1) } },
    rows: { '[x, 0.5]': (x) => [x, 0.5], '[x, 1]': (x) => [x, 1], '[x, 2]': (x) => [x, 2] },
  },
};
