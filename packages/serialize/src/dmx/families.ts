import type { Arguments, Description, DmxFamily } from './arguments.js';

/**
 * The constructors of dmx-learn that have a counterpart in `@dml/stats`, by their printed names. To add a family, add
 * its entry here: one table, so one file. `name` and `keys` may follow the parameters of every family; they do not change the model.
 */
export const FAMILIES: Readonly<Record<string, DmxFamily>> = {
  GaussianDistribution: {
    parameters: ['mu', 'sigma2'],
    describe: (given) => ({ type: 'Gaussian', mu: given.number('mu'), sigma2: given.number('sigma2') }),
  },
  CategoricalDistribution: {
    parameters: ['pmap', 'default_value'],
    describe: (given) => {
      const levels = given.map('pmap');
      const p = [...levels.values()].map((value) => {
        return typeof value === 'number' ? value : given.refuse('pmap', 'a dictionary of numbers');
      });
      return { type: 'Categorical', levels: [...levels.keys()], p, unseen: given.number('default_value', 0) };
    },
  },
  CompositeDistribution: {
    parameters: ['dists'],
    describe: (given) => ({ type: 'Composite', dists: given.models('dists') }),
  },
  MixtureDistribution: {
    parameters: ['components', 'w'],
    describe: (given) => ({ type: 'Mixture', components: given.models('components'), w: given.numbers('w') }),
  },
  OptionalDistribution: {
    parameters: ['dist', 'p', 'missing_value'],
    describe: (given) => ({
      type: 'Optional',
      dist: given.model('dist'),
      p: given.has('p') ? given.number('p') : null,
      missing: given.has('missing_value') ? given.any('missing_value') : null,
    }),
  },
  ConditionalDistribution: {
    parameters: ['dmap', 'default_dist', 'given_dist'],
    describe: (given) => {
      const listed = given.any('dmap');
      const dists = Array.isArray(listed) ? new Map(listed.entries()) : given.map('dmap');
      return {
        type: 'Conditional',
        levels: [...dists.keys()],
        dists: [...dists.values()],
        // There a default that is Null means that there is none.
        otherwise: given.modelOrNull('default_dist').type === 'Null' ? null : given.model('default_dist'),
        given: given.modelOrNull('given_dist'),
      };
    },
  },
  IgnoredDistribution: {
    parameters: ['dist'],
    describe: (given) => ({ type: 'Ignored', dist: given.modelOrNull('dist') }),
  },
  NullDistribution: { parameters: [], describe: () => ({ type: 'Null' }) },
  SequenceDistribution: {
    parameters: ['dist', 'len_dist', 'len_normalized'],
    describe: (given) => ({
      type: 'Sequence',
      dist: given.model('dist'),
      length: given.modelOrNull('len_dist'),
      lengthNormalized: given.has('len_normalized') ? given.any('len_normalized') : false,
    }),
  },
  MultinomialDistribution: {
    parameters: ['dist', 'len_dist', 'len_normalized'],
    describe: (given) => ({
      type: 'Multinomial',
      dist: given.model('dist'),
      length: given.modelOrNull('len_dist'),
      lengthNormalized: given.has('len_normalized') ? given.any('len_normalized') : false,
    }),
  },
  IntegerMultinomialDistribution: {
    parameters: ['min_val', 'p_vec', 'len_dist'],
    describe: (given) => ({
      type: 'Multinomial',
      dist: { type: 'IntegerCategorical', min: given.number('min_val'), p: given.numbers('p_vec') },
      length: given.modelOrNull('len_dist'),
      lengthNormalized: false,
    }),
  },
  WeightedDistribution: {
    parameters: ['dist'],
    describe: (given) => ({ type: 'Weighted', dist: given.model('dist') }),
  },
  BernoulliSetDistribution: {
    parameters: ['pmap', 'min_prob'],
    describe: (given) => {
      const p = given.map('pmap');
      const values = [...p.values()].map((value) => {
        return typeof value === 'number' ? value : given.refuse('pmap', 'a dictionary of numbers');
      });
      return { type: 'BernoulliSet', levels: [...p.keys()], p: values, minP: given.number('min_prob', 1e-128) };
    },
  },
  BinomialDistribution: {
    parameters: ['p', 'n', 'min_val'],
    describe: (given) => ({
      type: 'Binomial',
      n: given.number('n'),
      p: given.number('p'),
      min: binomialShift(given),
    }),
  },
  DiagonalGaussianDistribution: {
    parameters: ['mu', 'covar'],
    describe: (given) => ({ type: 'DiagonalGaussian', mu: given.numbers('mu'), sigma2: given.numbers('covar') }),
  },
  DiagonalGaussianMixtureDistribution: {
    parameters: ['mu', 'covar', 'w', 'tied'],
    describe: (given) => {
      const means = given.matrix('mu');
      const variances = given.matrix('covar');
      if (variances.length !== means.length) given.refuse('covar', `a list of ${means.length} lists of numbers`);
      const components = means.map((mu, k) => ({ type: 'DiagonalGaussian', mu, sigma2: variances[k] }));
      return { type: 'Mixture', components, w: given.numbers('w') };
    },
  },
  DirichletDistribution: {
    parameters: ['alpha'],
    describe: (given) => ({ type: 'Dirichlet', alpha: given.numbers('alpha') }),
  },
  ExponentialDistribution: {
    parameters: ['beta'],
    describe: (given) => ({ type: 'Exponential', mean: given.number('beta') }),
  },
  GammaDistribution: {
    parameters: ['k', 'theta'],
    describe: (given) => ({ type: 'Gamma', shape: given.number('k'), scale: given.number('theta') }),
  },
  GaussianMixtureDistribution: {
    parameters: ['mu', 'sigma2', 'w', 'tied'],
    describe: (given) => {
      const means = given.numbers('mu');
      const listed = given.any('sigma2');
      // One number is the variance of every component.
      const variances = typeof listed === 'number' ? means.map(() => listed) : given.numbers('sigma2');
      if (variances.length !== means.length) given.refuse('sigma2', `a number or a list of ${means.length} numbers`);
      const components = means.map((mu, k) => ({ type: 'Gaussian', mu, sigma2: variances[k] }));
      return { type: 'Mixture', components, w: given.numbers('w') };
    },
  },
  GeometricDistribution: {
    parameters: ['p'],
    describe: (given) => ({ type: 'Geometric', p: given.number('p') }),
  },
  ICLTreeDistribution: {
    parameters: ['dependency_list', 'conditional_log_densities', 'feature_order'],
    describe: treeOf,
  },
  IntegerBernoulliEditDistribution: { parameters: ['log_edit_pmat', 'init_dist'], describe: editsOf },
  IntegerStepBernoulliEditDistribution: { parameters: ['log_edit_pmat', 'init_dist'], describe: editsOf },
  IntegerBernoulliSetDistribution: {
    parameters: ['log_pvec', 'log_nvec'],
    describe: (given) => {
      const p = given.numbers('log_pvec').map(Math.exp);
      const absent = given.has('log_nvec') ? given.numbers('log_nvec').map(Math.exp) : [];
      return { type: 'IntegerBernoulliSet', p, minP: absent.length > 0 ? leastOf([...p, ...absent]) : 0 };
    },
  },
  IntegerCategoricalDistribution: {
    parameters: ['min_val', 'p_vec'],
    describe: (given) => ({ type: 'IntegerCategorical', min: given.number('min_val'), p: given.numbers('p_vec') }),
  },
  LogGaussianDistribution: {
    parameters: ['mu', 'sigma2'],
    describe: (given) => ({ type: 'LogGaussian', mu: given.number('mu'), sigma2: given.number('sigma2') }),
  },
  MultivariateGaussianDistribution: {
    parameters: ['mu', 'covar'],
    describe: (given) => ({
      type: 'MultivariateGaussian',
      mu: given.numbers('mu'),
      covariance: given.matrix('covar'),
    }),
  },
  SpikeAndSlabDistribution: {
    parameters: ['k', 'num_vals', 'p', 'min_val'],
    describe: (given) => {
      const min = given.number('min_val', 0);
      const max = min + given.number('num_vals') - 1;
      return { type: 'SpikeAndSlab', min, max, spike: given.number('k'), p: given.number('p') };
    },
  },
  DiracMixtureDistribution: {
    parameters: ['dist', 'p', 'v'],
    describe: (given) => {
      const p = given.number('p');
      const components = [given.model('dist'), { type: 'Dirac', value: given.number('v', 0) }];
      return { type: 'Mixture', components, w: [p, 1 - p] };
    },
  },
  SpearmanRankingDistribution: {
    parameters: ['sigma', 'rho'],
    describe: (given) => ({ type: 'SpearmanRanking', sigma: given.numbers('sigma'), rho: given.number('rho', 1) }),
  },
  PoissonDistribution: {
    parameters: ['lam'],
    describe: (given) => ({ type: 'Poisson', lambda: given.number('lam') }),
  },
  VonMisesFisherDistribution: {
    parameters: ['mu', 'kappa'],
    describe: (given) => ({ type: 'VonMisesFisher', mu: given.numbers('mu'), kappa: given.number('kappa') }),
  },
  HeterogeneousMixtureDistribution: {
    parameters: ['components', 'w'],
    describe: (given) => ({
      type: 'Mixture',
      components: given.models('components'),
      w: given.numbers('w'),
    }),
  },
  HierarchicalMixtureDistribution: {
    parameters: ['topics', 'mixture_weights', 'topic_weights', 'len_dist'],
    describe: (given) => ({
      type: 'HierarchicalMixture',
      topics: given.models('topics'),
      w: given.numbers('mixture_weights'),
      tau: given.matrix('topic_weights'),
      length: given.modelOrNull('len_dist'),
    }),
  },
  SemiSupervisedMixtureDistribution: {
    parameters: ['components', 'w'],
    describe: (given) => ({
      type: 'SemiSupervisedMixture',
      components: given.models('components'),
      w: given.numbers('w'),
    }),
  },
  JointMixtureDistribution: {
    parameters: ['components1', 'components2', 'w1', 'w2', 'taus12', 'taus21'],
    describe: (given) => ({
      type: 'JointMixture',
      components1: given.models('components1'),
      components2: given.models('components2'),
      w1: given.numbers('w1'),
      w2: given.numbers('w2'),
      tau12: given.matrix('taus12'),
      tau21: given.matrix('taus21'),
    }),
  },
  LDADistribution: {
    parameters: ['topics', 'alpha', 'len_dist', 'gamma_threshold'],
    describe: (given) => ({
      type: 'LatentDirichletAllocation',
      topics: given.models('topics'),
      alpha: given.numbers('alpha'),
      length: given.modelOrNull('len_dist'),
      gammaThreshold: given.number('gamma_threshold', 1e-8),
    }),
  },
  IntegerPLSIDistribution: {
    parameters: ['state_word_mat', 'doc_state_mat', 'doc_vec', 'len_dist'],
    describe: (given) => {
      const byWord = given.matrix('state_word_mat');
      return {
        type: 'IntegerPlsi',
        words: (byWord[0] ?? []).map((_, state) => byWord.map((row) => row[state]!)),
        states: given.matrix('doc_state_mat'),
        documents: given.numbers('doc_vec'),
        length: given.modelOrNull('len_dist'),
      };
    },
  },
  HiddenAssociationDistribution: {
    parameters: ['cond_dist', 'given_dist', 'len_dist'],
    describe: (given) => ({
      type: 'HiddenAssociation',
      conditional: given.model('cond_dist'),
      given: given.modelOrNull('given_dist'),
      length: given.modelOrNull('len_dist'),
    }),
  },
  IntegerHiddenAssociationDistribution: {
    parameters: ['state_prob_mat', 'cond_weights', 'alpha', 'prev_dist', 'len_dist', 'use_numba'],
    describe: (given) => ({
      type: 'IntegerHiddenAssociation',
      states: given.matrix('cond_weights'),
      targets: given.matrix('state_prob_mat'),
      background: given.number('alpha', 0),
      given: given.modelOrNull('prev_dist'),
      length: given.modelOrNull('len_dist'),
    }),
  },
  SparseMarkovAssociationDistribution: {
    parameters: ['init_prob_vec', 'cond_prob_mat', 'alpha', 'len_dist', 'low_memory'],
    describe: (given) => ({
      type: 'SparseMarkovAssociation',
      initial: given.numbers('init_prob_vec'),
      transitions: entriesOf(given, 'cond_prob_mat'),
      background: given.number('alpha', 0),
      length: given.modelOrNull('len_dist'),
    }),
  },
  MarkovChainDistribution: {
    parameters: ['init_prob_map', 'transition_map', 'len_dist', 'default_value'],
    describe: (given) => ({
      type: 'MarkovChain',
      initial: [...given.map('init_prob_map')],
      transitions: [...given.map('transition_map')].map(([state, row]) => {
        return row instanceof Map ? [state, [...row]] : given.refuse('transition_map', 'a dictionary of dictionaries');
      }),
      length: given.modelOrNull('len_dist'),
      unseen: given.number('default_value', 0),
    }),
  },
  IntegerMarkovChainDistribution: {
    parameters: ['num_values', 'cond_dist', 'lag', 'init_dist', 'len_dist'],
    describe: (given) => ({
      type: 'IntegerMarkovChain',
      conditional: given.matrix('cond_dist'),
      lag: given.number('lag', 1),
      initial: given.modelOrNull('init_dist'),
      length: given.modelOrNull('len_dist'),
    }),
  },
  HiddenMarkovModelDistribution: {
    parameters: ['topics', 'w', 'transitions', 'taus', 'len_dist', 'name', 'terminal_values', 'use_numba', 'keys'],
    describe: (given) => {
      const topics = given.models('topics');
      // With `taus` each state emits a mixture of the shared topics.
      const emissions = given.has('taus')
        ? given.matrix('taus').map((w) => ({ type: 'Mixture', components: topics, w }))
        : topics;
      return hiddenMarkovOf(given, emissions);
    },
  },
  IntegerHiddenMarkovModelDistribution: {
    parameters: ['pmat', 'w', 'transitions', 'len_dist', 'name', 'keys', 'terminal_values', 'taus'],
    describe: (given) => {
      // Its print has each table under the keyword of the next one: `pmat` under `w`, `transitions` under `taus`.
      const isPrinted = given.has('taus');
      const w = isPrinted ? 'transitions' : 'w';
      const rows = given.matrix(isPrinted ? 'w' : 'pmat');
      const emissions = given.numbers(w).map((_, state) => ({
        type: 'IntegerCategorical',
        min: 0,
        p: rows.map((row) => row[state]),
      }));
      return hiddenMarkovOf(given, emissions, w, isPrinted ? 'taus' : 'transitions');
    },
  },
  LookbackHiddenMarkovDistribution: {
    parameters: ['topics', 'w', 'transitions', 'lag', 'init_dist', 'len_dist'],
    describe: (given) => {
      const emissions = given.models('topics');
      return {
        type: 'LookbackHiddenMarkov',
        emissions,
        // Without initial families dmx-learn makes one for each item looked back to, of which it reads one per state.
        initialEmissions: given.has('init_dist') ? given.models('init_dist') : emissions.map(() => ({ type: 'Null' })),
        w: given.numbers('w'),
        transitions: given.matrix('transitions'),
        lag: given.number('lag', 0),
        length: given.modelOrNull('len_dist'),
      };
    },
  },
  TreeHiddenMarkovModelDistribution: {
    parameters: ['topics', 'w', 'transitions', 'len_dist', 'terminal_level', 'name', 'use_numba'],
    describe: (given) => ({
      type: 'TreeHiddenMarkov',
      emissions: given.models('topics'),
      w: given.numbers('w'),
      transitions: given.matrix('transitions'),
      childCount: given.modelOrNull('len_dist'),
      maxDepth: given.number('terminal_level', 10),
    }),
  },
};

function hiddenMarkovOf(given: Arguments, emissions: unknown, w = 'w', transitions = 'transitions'): Description {
  const terminal = given.any('terminal_values') ?? [];
  return {
    type: 'HiddenMarkov',
    emissions,
    w: given.numbers(w),
    transitions: given.matrix(transitions),
    length: given.modelOrNull('len_dist'),
    terminalValues: terminal instanceof Set ? [...terminal] : terminal,
  };
}

/** dmx-learn can make a shift below 0, though it can encode no row for it; here counts begin at 0. */
function binomialShift(given: Arguments): number {
  const min = given.number('min_val', 0);
  return min >= 0 ? min : given.refuse('min_val', 'an integer >= 0, or None');
}

/** Features are listed in an order of their own, each with its parent: a vector for the root, a table for each other one. */
function treeOf(given: Arguments): Description {
  const listed = given.any('dependency_list');
  const parents = Array.isArray(listed) ? listed : given.refuse('dependency_list', 'a list of parents');
  const order = given.has('feature_order') ? given.numbers('feature_order') : [...parents.keys()];
  const places = [...parents.keys()].map((feature) => order.indexOf(feature));
  if (order.length !== parents.length || places.includes(-1)) {
    given.refuse('feature_order', `a list of 0 … ${parents.length - 1}`);
  }
  const densities = given.any('conditional_log_densities');
  const tables = Array.isArray(densities) ? densities.map(tableOf) : [];
  if (tables.length !== parents.length || tables.includes(undefined)) {
    given.refuse('conditional_log_densities', `a list of ${parents.length} tables`);
  }
  return {
    type: 'IntegerChowLiuTree',
    parents: places.map((place) => parents[place] as unknown),
    conditional: places.map((place) => tables[place]),
  };
}

/** Probabilities of a vector, as a table of one row, or of a table of logarithms; `undefined` for anything else. */
function tableOf(logarithms: unknown): readonly (readonly number[])[] | undefined {
  const rows = areNumbers(logarithms) ? [logarithms] : logarithms;
  return Array.isArray(rows) && rows.every(areNumbers) ? rows.map((row) => row.map(Math.exp)) : undefined;
}

/** A row for each integer: of being in the set after when it was not and when it was in the set before; or all four cases. */
function editsOf(given: Arguments): Description {
  const rows = given.matrix('log_edit_pmat').map((row) => row.map(Math.exp));
  const width = rows[0]?.length ?? 2;
  if ((width !== 2 && width !== 4) || rows.some((row) => row.length !== width)) {
    given.refuse('log_edit_pmat', 'a list of lists of 2 or of 4 numbers');
  }
  const column = (k: number) => rows.map((row) => row[k]!);
  const [added, kept] = width === 2 ? [column(0), column(1)] : [column(2), column(3)];
  const minP = width === 2 || rows.length === 0 ? 0 : leastOf(rows.flat());
  return { type: 'IntegerBernoulliEdit', added, kept, minP, initial: given.modelOrNull('init_dist') };
}

/** A probability and its complement that was raised to a least value: then both show it, or the smaller one is too small to matter. */
function leastOf(probabilities: readonly number[]): number {
  const least = Math.min(...probabilities);
  return least < 2 ** -53 ? least : 0;
}

/** A sparse matrix is printed as its entries: `([0.5, 0.5], ([0, 0], [1, 2]))` are the values, their rows and their columns. */
function entriesOf(given: Arguments, name: string): Readonly<Record<'from' | 'to' | 'p', readonly number[]>> {
  const printed = given.any(name);
  const [p, places] = Array.isArray(printed) && printed.length === 2 ? (printed as readonly unknown[]) : [];
  const [from, to] = Array.isArray(places) && places.length === 2 ? (places as readonly unknown[]) : [];
  if (areNumbers(p) && areNumbers(from) && areNumbers(to)) return { from, to, p };
  return given.refuse(name, 'the values of a sparse matrix, with their rows and columns: ([…], ([…], […]))');
}

/** A list of numbers alone. */
export function areNumbers(list: unknown): list is readonly number[] {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'number');
}
