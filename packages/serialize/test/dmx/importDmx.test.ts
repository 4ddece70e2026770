import { describe, expect, it } from 'vitest';
import { CodecError, importDmx } from '../../src/node.js';
import { codec, Gaussian } from '../models.js';

const refusalOf = (text: string): CodecError => {
  try {
    importDmx(text);
  } catch (error) {
    if (error instanceof CodecError) return error;
    throw error;
  }
  throw new Error('was accepted');
};

describe('importDmx', () => {
  it('reads a fitted model as the reference prints it', () => {
    const text =
      'MixtureDistribution([CompositeDistribution((GaussianDistribution(mu=0.1, sigma2=1.0, name=None, keys=(None, None)),' +
      "CategoricalDistribution({'a': 0.3, 'b': 0.7}, default_value=0.0, name=None, keys=None)), name=None, keys=None)," +
      "CompositeDistribution([GaussianDistribution(3, sigma2=2.5e-05, name='x'), CategoricalDistribution(pmap={'a': 1.0})])]," +
      ' [0.25, 0.75], name=None, keys=(None, None))';
    expect(importDmx(text)).toStrictEqual({
      type: 'Mixture',
      components: [
        {
          type: 'Composite',
          dists: [
            { type: 'Gaussian', mu: 0.1, sigma2: 1 },
            { type: 'Categorical', levels: ['a', 'b'], p: [0.3, 0.7], unseen: 0 },
          ],
        },
        {
          type: 'Composite',
          dists: [
            { type: 'Gaussian', mu: 3, sigma2: 2.5e-5 },
            { type: 'Categorical', levels: ['a'], p: [1], unseen: 0 },
          ],
        },
      ],
      w: [0.25, 0.75],
    });
  });

  it('gives what codec.build makes a model of', () => {
    expect(codec.build(importDmx('GaussianDistribution(mu=-0.0, sigma2=1.0)'))).toStrictEqual(new Gaussian(-0, 1));
  });

  it('keeps levels of all kinds apart', () => {
    const text = `CategoricalDistribution({1: 0.1, '1': 0.1, True: 0.1, None: 0.1, "it's": 0.1, 'say "hi"\\n\\u00e9\\x41': 0.1, -2: 0.1, nan: 0.3})`;
    expect(importDmx(text).levels).toEqual([1, '1', true, null, "it's", 'say "hi"\né' + 'A', -2, Number.NaN]);
  });

  it('understands missing values and absent probabilities', () => {
    const inner = 'GaussianDistribution(mu=0.0, sigma2=1.0)';
    const dist = { type: 'Gaussian', mu: 0, sigma2: 1 };
    expect(
      importDmx(`OptionalDistribution(${inner}, p=0.1, missing_value=float("nan"), name=None, keys=None)`),
    ).toStrictEqual({
      type: 'Optional',
      dist,
      p: 0.1,
      missing: Number.NaN,
    });
    expect(importDmx(`OptionalDistribution(${inner}, p=None, missing_value=None)`)).toStrictEqual({
      type: 'Optional',
      dist,
      p: null,
      missing: null,
    });
  });

  it('reads numbers and lists as NumPy prints them', () => {
    const text = `dml.stats.MixtureDistribution([GaussianDistribution(np.float64(0.5), 1.)],
      w=np.array([ 0.25, 7.5e-01], dtype=np.float64()))  # fitted`;
    const array = 'DirichletDistribution(array([1., 2.], dtype=float64), name=None)';
    expect(importDmx(array)).toStrictEqual({ type: 'Dirichlet', alpha: [1, 2] });
    const keys = "CategoricalDistribution({np.str_('a'): np.float64(0.5), np.int64(3): 0.25, np.True_: 0.25})";
    expect(importDmx(keys)).toMatchObject({ levels: ['a', 3, true], p: [0.5, 0.25, 0.25] });
    expect(importDmx(text)).toMatchObject({ components: [{ mu: 0.5, sigma2: 1 }], w: [0.25, 0.75] });
  });

  it.each([
    // From NumPy 2.4.6: float(np.float32(0.1)), float(np.float16(0.1)), …
    ['np.float32(0.1)', 0.10000000149011612],
    ['np.float32(16777217)', 16777216],
    ['np.float16(0.1)', 0.0999755859375],
    ['np.float16(2049)', 2048],
    ['np.float16(2051)', 2052],
    ['np.float16(65519.99)', 65504],
    ['np.float16(1e-7)', 1.1920928955078125e-7],
    ['np.float16(-3e-8)', -(2 ** -24)],
    ['np.float64(0.1)', 0.1],
    ['np.longdouble("0.1")', 0.1],
    ['int(3.7)', 3],
    ['int(-3.7)', -3],
    ['np.int64(2.9)', 2],
    ['int("42")', 42],
    ['int(True)', 1],
    ['float("1e-3")', 0.001],
    ['float("-Infinity")', -Infinity],
    ['float(18446744073709551616)', 2 ** 64],
    ['-18446744073709551616', -(2 ** 64)],
    ['array(0.1, dtype=float32)', 0.10000000149011612],
  ])('reads %s as Python does', (text, expected) => {
    expect(Object.is(importDmx(`GaussianDistribution(${text}, 1)`).mu, expected)).toBe(true);
  });

  it('rounds the numbers of an array to its type', () => {
    const text = 'DiagonalGaussianDistribution(array([0.1, 0.3], dtype=float32), np.array([1.5, 2], dtype=np.int64))';
    expect(importDmx(text)).toStrictEqual({
      type: 'DiagonalGaussian',
      mu: [0.10000000149011612, 0.30000001192092896],
      sigma2: [1, 2],
    });
    const matrix = 'MultivariateGaussianDistribution([0], array([[0.1]], dtype=float32))';
    expect(importDmx(matrix).covariance).toEqual([[0.10000000149011612]]);
  });

  it('reads a string of a million characters and of a million escapes', () => {
    const levels = importDmx(
      `CategoricalDistribution({'${'a'.repeat(1e6)}': 0.5, '${'\\n'.repeat(1e6)}': 0.5})`,
    ).levels;
    expect((levels as string[]).map((level) => level.length)).toEqual([1e6, 1e6]);
  });

  it('keeps every message within a screen', () => {
    const long = 'x'.repeat(5000);
    const texts = [
      `${long}()`,
      `GaussianDistribution(${long}=1)`,
      `GaussianDistribution(mu='${long}', sigma2=1)`,
      `GaussianDistribution(${long}, 1)`,
      `CategoricalDistribution({f${long}'a': 1})`,
      `CategoricalDistribution({'${long}': PoissonDistribution('${long}')})`,
      `GaussianDistribution(int('${long}'), 1)`,
      `f(${long}=1, ${long}=2)`,
      `[${Array.from({ length: 1000 }, (_, i) => `Family${i}Distribution()`).join()}]`,
      '\n'.repeat(3000) + long,
    ];
    for (const text of texts) expect(refusalOf(text).message.length).toBeLessThan(1500);
  });

  it('reads mixtures with labels and of pairs', () => {
    const gaussian = 'GaussianDistribution(mu=0.0, sigma2=1.0)';
    const dist = { type: 'Gaussian', mu: 0, sigma2: 1 };
    expect(
      importDmx(`SemiSupervisedMixtureDistribution([${gaussian}], [1.0], name=None, keys=(None, None))`),
    ).toStrictEqual({ type: 'SemiSupervisedMixture', components: [dist], w: [1] });
    const tables = 'w1=[1.0], w2=[0.5, 0.5], taus12=[[0.25, 0.75]], taus21=[[1.0, 1.0]]';
    expect(
      importDmx(
        `JointMixtureDistribution([${gaussian}], [${gaussian}, ${gaussian}], ${tables}, keys=(None, None, None))`,
      ),
    ).toStrictEqual({
      type: 'JointMixture',
      components1: [dist],
      components2: [dist, dist],
      w1: [1],
      w2: [0.5, 0.5],
      tau12: [[0.25, 0.75]],
      tau21: [[1, 1]],
    });
  });

  it('reads latent Dirichlet allocation', () => {
    const topic = "CategoricalDistribution({'a': 1.0})";
    expect(importDmx(`LDADistribution([${topic}], [0.5], len_dist=NullDistribution())`)).toStrictEqual({
      type: 'LatentDirichletAllocation',
      topics: [{ type: 'Categorical', levels: ['a'], p: [1], unseen: 0 }],
      alpha: [0.5],
      length: { type: 'Null' },
      gammaThreshold: 1e-8,
    });
  });

  it('reads probabilistic latent semantic indexing, whose words are by column there', () => {
    const tables = 'state_word_mat=[[0.5, 0.0], [0.25, 0.5], [0.25, 0.5]], doc_state_mat=[[0.75, 0.25]], doc_vec=[1.0]';
    expect(importDmx(`IntegerPLSIDistribution(${tables}, name=None, keys=(None, None, None))`)).toStrictEqual({
      type: 'IntegerPlsi',
      words: [
        [0.5, 0.25, 0.25],
        [0, 0.5, 0.5],
      ],
      states: [[0.75, 0.25]],
      documents: [1],
      length: { type: 'Null' },
    });
  });

  it('reads hidden associations', () => {
    const table =
      "ConditionalDistribution({'a': CategoricalDistribution({'x': 1.0})}, default_dist=NullDistribution())";
    const text = `HiddenAssociationDistribution(${table}, given_dist=NullDistribution(), len_dist=PoissonDistribution(2.0), keys=None)`;
    expect(importDmx(text)).toStrictEqual({
      type: 'HiddenAssociation',
      conditional: {
        type: 'Conditional',
        levels: ['a'],
        dists: [{ type: 'Categorical', levels: ['x'], p: [1], unseen: 0 }],
        otherwise: null,
        given: { type: 'Null' },
      },
      given: { type: 'Null' },
      length: { type: 'Poisson', lambda: 2 },
    });
  });

  it('reads hidden associations of integers', () => {
    const tables = 'state_prob_mat=[[0.5, 0.25, 0.25]], cond_weights=[[1.0], [1.0]]';
    const text = `IntegerHiddenAssociationDistribution(${tables}, alpha=0.125, len_dist=PoissonDistribution(2.0), use_numba=False)`;
    expect(importDmx(text)).toStrictEqual({
      type: 'IntegerHiddenAssociation',
      states: [[1], [1]],
      targets: [[0.5, 0.25, 0.25]],
      background: 0.125,
      given: { type: 'Null' },
      length: { type: 'Poisson', lambda: 2 },
    });
  });

  it('reads sparse Markov associations, whose table is printed by its entries', () => {
    const sparse = (table: string) =>
      importDmx(`SparseMarkovAssociationDistribution([0.5,0.5], ${table}, alpha=0.125, len_dist=None)`);
    expect(sparse('([0.25,0.75,1.0], ([0,0,1],[0,1,1]))')).toStrictEqual({
      type: 'SparseMarkovAssociation',
      initial: [0.5, 0.5],
      transitions: { from: [0, 0, 1], to: [0, 1, 1], p: [0.25, 0.75, 1] },
      background: 0.125,
      length: { type: 'Null' },
    });
    expect(sparse('([], ([],[]))')).toMatchObject({ transitions: { from: [], to: [], p: [] } });
    for (const table of ['[[0.5, 0.5], [1, 0]]', '3', '([1], ([0]))', "(['a'], ([0],[0]))"]) {
      expect(() => sparse(table)).toThrow('cond_prob_mat must be the values of a sparse matrix');
    }
  });

  it('names every family that has no counterpart', () => {
    const text =
      'CompositeDistribution([CauchyDistribution([1]), GaussianDistribution(0, 1), LassoDistribution(1), CauchyDistribution([2])])';
    const refusal = refusalOf(text);
    expect(refusal.code).toBe('ERR_UNKNOWN_TYPE');
    expect(refusal.message).toContain('no counterpart of CauchyDistribution, LassoDistribution.');
    expect(refusal.message).toContain('GaussianDistribution');
  });

  it.each([
    ['GaussianDistribution(mu=0.0)', 'ERR_DMX_VALUE', 'sigma2 must be a number, found nothing'],
    ['GaussianDistribution(mu="0", sigma2=1)', 'ERR_DMX_VALUE', 'mu must be a number, found 0'],
    ['GaussianDistribution(0, 1, None, None, 5)', 'ERR_DMX_VALUE', 'at most 4 arguments, found 5'],
    ['GaussianDistribution(0, mu=1)', 'ERR_DMX_VALUE', 'argument "mu" is given twice'],
    ['GaussianDistribution(mean=1)', 'ERR_DMX_VALUE', 'no argument "mean". Its arguments: mu, sigma2'],
    ['CompositeDistribution([1])', 'ERR_DMX_VALUE', 'dists must be a list of models'],
    ["CategoricalDistribution({'a': 'b'})", 'ERR_DMX_VALUE', 'pmap must be a dictionary of numbers'],
    ['[GaussianDistribution(0, 1)]', 'ERR_DMX_VALUE', 'expected a model'],
    ['ICLTreeDistribution([None, 0], [[0.0]])', 'ERR_DMX_VALUE', 'a list of 2 tables'],
    ['ICLTreeDistribution([None, 0], [[0.0], [0.0]], [0, 0])', 'ERR_DMX_VALUE', 'a list of 0 … 1'],
    ['ICLTreeDistribution([None], ["a"])', 'ERR_DMX_VALUE', 'a list of 1 tables'],
    ['IntegerBernoulliEditDistribution([[0.0]])', 'ERR_DMX_VALUE', 'a list of lists of 2 or of 4 numbers'],
    ['float("nan")', 'ERR_DMX_VALUE', 'expected a model'],
    ['', 'ERR_DMX_SYNTAX', 'expected a value, found the end'],
    ['GaussianDistribution(mu=0.0, sigma2=1.0', 'ERR_DMX_SYNTAX', 'found the end'],
    ['GaussianDistribution(0, 1))', 'ERR_DMX_SYNTAX', 'expected the end'],
    ['GaussianDistribution(mu=0, 1)', 'ERR_DMX_SYNTAX', 'after a named argument'],
    ['GaussianDistribution(mu=0, mu=1)', 'ERR_DMX_SYNTAX', 'occurs twice'],
    ['GaussianDistribution(0 1)', 'ERR_DMX_SYNTAX', 'expected ","'],
    ['GaussianDistribution(1+1, 1)', 'ERR_DMX_SYNTAX', 'expected ","'],
    ['__import__("os").system("true")', 'ERR_DMX_SYNTAX', 'expected the end'],
    ['CategoricalDistribution({1: 0.5, np.int64(1): 0.5})', 'ERR_DMX_VALUE', 'a key occurs twice'],
    ['CategoricalDistribution({np.str_(1): 1.0})', 'ERR_DMX_VALUE', 'str_(…) must hold a string'],
    ['DirichletDistribution(array([1., 2., ..., 9.]))', 'ERR_DMX_SYNTAX', 'NumPy left numbers out'],
    ['GaussianMixtureDistribution([0.0, 1.0], [1.0], [0.5, 0.5])', 'ERR_DMX_VALUE', 'a list of 2 numbers'],
    ['[x for x in ()]', 'ERR_DMX_SYNTAX', 'the name "x" has no value'],
    ['lambda: 1', 'ERR_DMX_SYNTAX', 'the name "lambda" has no value'],
    ['__import__("os")', 'ERR_UNKNOWN_TYPE', 'no counterpart of __import__'],
    ['CategoricalDistribution({1: 0.5, 1: 0.5})', 'ERR_DMX_SYNTAX', 'occurs twice'],
    ["CategoricalDistribution({'a: 1})", 'ERR_DMX_SYNTAX', 'closing quote'],
    ["CategoricalDistribution({f'a': 1})", 'ERR_DMX_SYNTAX', 'prefix f'],
    ["CategoricalDistribution({'\\N{BULLET}': 1})", 'ERR_DMX_SYNTAX', 'characters by name'],
    ["CategoricalDistribution({b'a': 1})", 'ERR_DMX_SYNTAX', 'bytes have no counterpart'],
    ["CategoricalDistribution({('a', 1): 1})", 'ERR_DMX_VALUE', 'a tuple or list cannot be a level'],
    ['CategoricalDistribution({frozenset({1}): 1})', 'ERR_DMX_VALUE', 'a set cannot be a level'],
    ["MarkovChainDistribution({'a': 1}, {'a': {(1,): 1}})", 'ERR_DMX_VALUE', 'a tuple or list cannot be a level'],
    ['ConditionalDistribution({(1, 2): NullDistribution()})', 'ERR_DMX_VALUE', 'a tuple or list cannot be a level'],
    [
      'BinomialDistribution(0.5, 10, min_val=-2)',
      'ERR_DMX_VALUE',
      'min_val must be an integer >= 0, or None, found -2',
    ],
    ['GaussianDistribution(np.uint8(256), 1)', 'ERR_DMX_VALUE', 'uint8(…) must hold a number in its range, found 256'],
    ['GaussianDistribution(np.int8(-129), 1)', 'ERR_DMX_VALUE', 'int8(…) must hold a number in its range, found -129'],
    ['GaussianDistribution(int("3.7"), 1)', 'ERR_DMX_VALUE', 'int(…) must hold a number in its range, found 3.7'],
    ['GaussianDistribution(int(nan), 1)', 'ERR_DMX_VALUE', 'int(…) must hold a number in its range, found NaN'],
    ['GaussianDistribution(float([1]), 1)', 'ERR_DMX_VALUE', 'float(…) must hold a number, found a list of 1'],
    ["DirichletDistribution(array(['a'], dtype=float64))", 'ERR_DMX_VALUE', 'an array of float64 cannot hold a'],
    [`${'['.repeat(100_000)}`, 'ERR_LIMIT', 'maxDepth'],
    [`${'-'.repeat(100_000)}1`, 'ERR_LIMIT', ''],
    [`GaussianDistribution(${'9'.repeat(1_000_000)}, 1)`, 'ERR_LIMIT', 'maxBigIntBytes'],
  ])('refuses %s', (text, code, message) => {
    expect(refusalOf(text)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('names the place of a wrong argument', () => {
    const text = 'MixtureDistribution([\n  GaussianDistribution(0, 1),\n  GaussianDistribution(0, None)], [1, 0])';
    expect(refusalOf(text)).toMatchObject({ path: 'components[1]' });
    expect(refusalOf(text).message).toContain('line 3, column 3');
  });

  it('reads a text of many models in a time that grows with its length', () => {
    const text = `CompositeDistribution([${'NullDistribution(),\n'.repeat(50_000)}])`;
    const started = performance.now();
    expect(importDmx(text).dists).toHaveLength(50_000);
    // Counting the lines before each of them took minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  const gaussian = 'GaussianDistribution(0.0, 1.0)';
  it.each([
    [
      `MultinomialDistribution(${gaussian}, len_dist=PoissonDistribution(4.0), len_normalized=True, name=None, keys=None)`,
      {
        type: 'Multinomial',
        dist: { type: 'Gaussian', mu: 0, sigma2: 1 },
        length: { type: 'Poisson', lambda: 4 },
        lengthNormalized: true,
      },
    ],
    [
      'IntegerMultinomialDistribution(-1, [0.25, 0.75], len_dist=None, name=None, keys=None)',
      {
        type: 'Multinomial',
        dist: { type: 'IntegerCategorical', min: -1, p: [0.25, 0.75] },
        length: { type: 'Null' },
        lengthNormalized: false,
      },
    ],
    [
      'SpikeAndSlabDistribution(5, 10, 0.75, min_val=3, name=None, keys=None)',
      { type: 'SpikeAndSlab', min: 3, max: 12, spike: 5, p: 0.75 },
    ],
    [
      'DiracMixtureDistribution(PoissonDistribution(3.0), p=0.75, v=1, name=None, keys=(None, None))',
      {
        type: 'Mixture',
        components: [
          { type: 'Poisson', lambda: 3 },
          { type: 'Dirac', value: 1 },
        ],
        w: [0.75, 0.25],
      },
    ],
    [
      'VonMisesFisherDistribution(array([0.6, 0.8]), 4.0, name=None, keys=None)',
      { type: 'VonMisesFisher', mu: [0.6, 0.8], kappa: 4 },
    ],
    ['PoissonDistribution(3.0, name=None)', { type: 'Poisson', lambda: 3 }],
    [
      'GaussianMixtureDistribution([0.0, 3.0], [1.0, 2.0], [0.25, 0.75], tied=False, name=None, keys=(None, None))',
      {
        type: 'Mixture',
        components: [
          { type: 'Gaussian', mu: 0, sigma2: 1 },
          { type: 'Gaussian', mu: 3, sigma2: 2 },
        ],
        w: [0.25, 0.75],
      },
    ],
    [
      'GaussianMixtureDistribution([0.0], 2.0, [1.0], tied=True)',
      { type: 'Mixture', components: [{ type: 'Gaussian', mu: 0, sigma2: 2 }], w: [1] },
    ],
    [
      'DiagonalGaussianMixtureDistribution([[0.0, 1.0]], [[1.0, 2.0]], [1.0])',
      { type: 'Mixture', components: [{ type: 'DiagonalGaussian', mu: [0, 1], sigma2: [1, 2] }], w: [1] },
    ],
    ['ExponentialDistribution(2.0)', { type: 'Exponential', mean: 2 }],
    ['GammaDistribution(2.0, 0.5, name=None, keys=None)', { type: 'Gamma', shape: 2, scale: 0.5 }],
    [
      "BernoulliSetDistribution({'a': 0.5, 'b': 1.0}, min_prob=1e-06, name=None, keys=None)",
      { type: 'BernoulliSet', levels: ['a', 'b'], p: [0.5, 1], minP: 1e-6 },
    ],
    ['BernoulliSetDistribution({1: 0.5})', { type: 'BernoulliSet', levels: [1], p: [0.5], minP: 1e-128 }],
    [
      'IntegerBernoulliSetDistribution([0.0, -inf], log_nvec=None, name=None, keys=None)',
      { type: 'IntegerBernoulliSet', p: [1, 0], minP: 0 },
    ],
    [
      `IntegerBernoulliSetDistribution([0.0, ${Math.log(0.25)}], [-80.0, ${Math.log(0.75)}])`,
      { type: 'IntegerBernoulliSet', p: [1, 0.25], minP: Math.exp(-80) },
    ],
    [
      `IntegerBernoulliEditDistribution([[-inf, 0.0], [${Math.log(0.25)}, ${Math.log(0.5)}]], init_dist=None, name=None)`,
      { type: 'IntegerBernoulliEdit', added: [0, 0.25], kept: [1, 0.5], minP: 0, initial: { type: 'Null' } },
    ],
    [
      `IntegerStepBernoulliEditDistribution(array([[0.0, -80.0, -80.0, 0.0]]), IntegerBernoulliSetDistribution([0.0]))`,
      {
        type: 'IntegerBernoulliEdit',
        added: [Math.exp(-80)],
        kept: [1],
        minP: Math.exp(-80),
        initial: { type: 'IntegerBernoulliSet', p: [1], minP: 0 },
      },
    ],
    [
      'SpearmanRankingDistribution(array([1, 0]), rho=0.5, name=None, keys=None)',
      { type: 'SpearmanRanking', sigma: [1, 0], rho: 0.5 },
    ],
    [
      'ICLTreeDistribution([None, 2, 2], [array([0.0, -inf]), array([[-inf, 0.0], [0.0, -inf]]), [[0.0], [0.0]]], [2, 0, 1])',
      {
        type: 'IntegerChowLiuTree',
        parents: [2, 2, null],
        conditional: [
          [
            [0, 1],
            [1, 0],
          ],
          [[1], [1]],
          [[1, 0]],
        ],
      },
    ],
    ['GeometricDistribution(0.5)', { type: 'Geometric', p: 0.5 }],
    [
      'BinomialDistribution(p=0.4, n=9, min_val=None, name=None, keys=None)',
      { type: 'Binomial', n: 9, p: 0.4, min: 0 },
    ],
    ['IntegerCategoricalDistribution(-1, [0.5, 0.5])', { type: 'IntegerCategorical', min: -1, p: [0.5, 0.5] }],
    ['LogGaussianDistribution(mu=0.0, sigma2=1.0)', { type: 'LogGaussian', mu: 0, sigma2: 1 }],
    ['DiagonalGaussianDistribution([0.0], [2.0])', { type: 'DiagonalGaussian', mu: [0], sigma2: [2] }],
    [
      'MultivariateGaussianDistribution(mu=[0.0], covar=[[2.0]])',
      { type: 'MultivariateGaussian', mu: [0], covariance: [[2]] },
    ],
    [
      `SequenceDistribution(${gaussian}, len_dist=NullDistribution(name=None), len_normalized=False)`,
      {
        type: 'Sequence',
        dist: { type: 'Gaussian', mu: 0, sigma2: 1 },
        length: { type: 'Null' },
        lengthNormalized: false,
      },
    ],
    [
      "MarkovChainDistribution({'a': 1.0}, {'a': {'a': 0.5, 'b': 0.5}}, len_dist=PoissonDistribution(3.0), default_value=0.0)",
      {
        type: 'MarkovChain',
        initial: [['a', 1]],
        transitions: [
          [
            'a',
            [
              ['a', 0.5],
              ['b', 0.5],
            ],
          ],
        ],
        length: { type: 'Poisson', lambda: 3 },
        unseen: 0,
      },
    ],
    [
      `HiddenMarkovModelDistribution([PoissonDistribution(1.0),PoissonDistribution(2.0)], [1.0, 0.0], [[1.0, 0.0], [0.5, 0.5]], None, len_dist=None, name=None, terminal_values={1}, use_numba=False, keys=(None, None, None))`,
      {
        type: 'HiddenMarkov',
        emissions: [
          { type: 'Poisson', lambda: 1 },
          { type: 'Poisson', lambda: 2 },
        ],
        w: [1, 0],
        transitions: [
          [1, 0],
          [0.5, 0.5],
        ],
        length: { type: 'Null' },
        terminalValues: [1],
      },
    ],
    [
      'IntegerHiddenMarkovModelDistribution([[0.9, 0.2], [0.1, 0.3], [0.0, 0.5]], [0.6, 0.4], [[0.7, 0.3], [0.1, 0.9]], PoissonDistribution(4.0))',
      {
        type: 'HiddenMarkov',
        emissions: [
          { type: 'IntegerCategorical', min: 0, p: [0.9, 0.1, 0] },
          { type: 'IntegerCategorical', min: 0, p: [0.2, 0.3, 0.5] },
        ],
        w: [0.6, 0.4],
        transitions: [
          [0.7, 0.3],
          [0.1, 0.9],
        ],
        length: { type: 'Poisson', lambda: 4 },
        terminalValues: [],
      },
    ],
    // Printed by dmx-learn 1.0, whose print gives each table the keyword of the next one.
    [
      'IntegerHiddenMarkovModelDistribution(pmat=pmat, w=[[0.9, 0.2], [0.1, 0.3], [0.0, 0.5]], transitions=[0.6, 0.4], taus=[[0.7, 0.3], [0.1, 0.9]], len_dist=PoissonDistribution(4.0, name=None, keys=None), name=None, terminal_values=None, keys=(None, None, None))',
      {
        type: 'HiddenMarkov',
        emissions: [
          { type: 'IntegerCategorical', min: 0, p: [0.9, 0.1, 0] },
          { type: 'IntegerCategorical', min: 0, p: [0.2, 0.3, 0.5] },
        ],
        w: [0.6, 0.4],
        transitions: [
          [0.7, 0.3],
          [0.1, 0.9],
        ],
        length: { type: 'Poisson', lambda: 4 },
        terminalValues: [],
      },
    ],
    [
      `LookbackHiddenMarkovDistribution([IgnoredDistribution(NullDistribution())], [1.0], [[1.0]], lag=2, init_dist=[SequenceDistribution(PoissonDistribution(1.0), len_dist=NullDistribution())], len_dist=PoissonDistribution(4.0), name=None)`,
      {
        type: 'LookbackHiddenMarkov',
        emissions: [{ type: 'Ignored', dist: { type: 'Null' } }],
        initialEmissions: [
          { type: 'Sequence', dist: { type: 'Poisson', lambda: 1 }, length: { type: 'Null' }, lengthNormalized: false },
        ],
        w: [1],
        transitions: [[1]],
        lag: 2,
        length: { type: 'Poisson', lambda: 4 },
      },
    ],
    [
      'LookbackHiddenMarkovDistribution([NullDistribution(), NullDistribution()], [1.0, 0.0], [[1.0, 0.0], [0.5, 0.5]])',
      {
        type: 'LookbackHiddenMarkov',
        emissions: [{ type: 'Null' }, { type: 'Null' }],
        initialEmissions: [{ type: 'Null' }, { type: 'Null' }],
        w: [1, 0],
        transitions: [
          [1, 0],
          [0.5, 0.5],
        ],
        lag: 0,
        length: { type: 'Null' },
      },
    ],
    [
      `TreeHiddenMarkovModelDistribution(topics=[PoissonDistribution(1.0),PoissonDistribution(2.0)], w=[1.0, 0.0], transitions=[[1.0, 0.0], [0.5, 0.5]], len_dist=GeometricDistribution(0.5), name=None, use_numba=False)`,
      {
        type: 'TreeHiddenMarkov',
        emissions: [
          { type: 'Poisson', lambda: 1 },
          { type: 'Poisson', lambda: 2 },
        ],
        w: [1, 0],
        transitions: [
          [1, 0],
          [0.5, 0.5],
        ],
        childCount: { type: 'Geometric', p: 0.5 },
        maxDepth: 10,
      },
    ],
    [
      'ConditionalDistribution({1: PoissonDistribution(1.0)}, default_dist=NullDistribution(), given_dist=None)',
      {
        type: 'Conditional',
        levels: [1],
        dists: [{ type: 'Poisson', lambda: 1 }],
        otherwise: null,
        given: { type: 'Null' },
      },
    ],
  ])('reads %s', (text, expected) => {
    expect(importDmx(text)).toStrictEqual(expected);
  });
});
