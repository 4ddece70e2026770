/**
 * Estimators with rows that suit them, for fits that must not depend on the number of ranks. One table with an entry for each family,
 * so one file.
 */
import {
  type AnyDistribution,
  type AnyEstimator,
  BernoulliEstimator,
  BernoulliSetEstimator,
  BetaEstimator,
  BinomialEstimator,
  CategoricalDistribution,
  CategoricalEstimator,
  CompositeDistribution,
  CompositeEstimator,
  ConditionalEstimator,
  copies,
  DiagonalGaussianEstimator,
  DirichletDistribution,
  DirichletEstimator,
  DirichletProcessMixtureEstimator,
  diracMixtureEstimator,
  ExponentialEstimator,
  GammaEstimator,
  GaussianDistribution,
  GaussianEstimator,
  GeometricEstimator,
  HiddenAssociationEstimator,
  HiddenMarkovEstimator,
  HiddenSemiMarkovEstimator,
  HierarchicalMixtureEstimator,
  IgnoredEstimator,
  IntegerBernoulliEditEstimator,
  IntegerBernoulliSetEstimator,
  IntegerCategoricalEstimator,
  IntegerChowLiuTreeEstimator,
  IntegerHiddenAssociationEstimator,
  IntegerMarkovChainEstimator,
  IntegerPlsiEstimator,
  IntegerStepBernoulliEditEstimator,
  integerMultinomialEstimator,
  JointMixtureEstimator,
  LatentDirichletAllocationEstimator,
  LevelDirichletDistribution,
  LogGaussianEstimator,
  LookbackHiddenMarkovEstimator,
  MarkovChainEstimator,
  MixtureDistribution,
  MixtureEstimator,
  MultinomialEstimator,
  MultivariateGaussianEstimator,
  multivariateGaussianMixtureEstimator,
  NegativeBinomialEstimator,
  NormalGammaDistribution,
  NullDistribution,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  SelectEstimator,
  SemiSupervisedMixtureEstimator,
  SequenceEstimator,
  SparseMarkovAssociationEstimator,
  SpearmanRankingEstimator,
  SpikeAndSlabEstimator,
  StudentTEstimator,
  TreeHiddenMarkovEstimator,
  UniformEstimator,
  VonMisesFisherEstimator,
  variational,
  WeibullEstimator,
  WeightedEstimator,
} from '@dml/stats';
import { ObjectEstimator } from './objectEstimator.js';

/** One model to fit. */
export interface ModelCase {
  readonly estimator: AnyEstimator;
  readonly rows: readonly unknown[];
}

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });

/** The mixture of the first job. */
export const truth = new MixtureDistribution(
  [
    new CompositeDistribution([gaussian(0), new CategoricalDistribution({ a: 0.3, b: 0.7 })]),
    new CompositeDistribution([gaussian(3), new CategoricalDistribution({ a: 0.7, b: 0.3 })]),
  ],
  { w: [0.25, 0.75] },
);

export const component = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator<'a' | 'b'>()]);

const pairs = truth.sampler(1).sample(1000);

/** Sources below 3 and targets below 6, with counts. */
const integerLinks = Array.from({ length: 150 }, (_, i) => [
  pairs.slice(5 * i, 5 * i + 1 + (i % 4)).map(([, level], j) => [level === 'a' ? j % 2 : 2, 1 + (j % 2)]),
  pairs.slice(5 * i, 5 * i + (i % 5)).map(([, level], j) => [(level === 'a' ? 0 : 3) + ((i + j) % 3), 1 + (j % 3)]),
]);
const numbers = pairs.map(([x]) => x);

function draws(model: AnyDistribution, seed: number, count: number): readonly unknown[] {
  return model.sampler(seed).sample(count);
}

const sequences = Array.from({ length: 120 }, (_, i) => numbers.slice(5 * i, 5 * i + 1 + (i % 9)));

const normal = (mu: number) =>
  new GaussianEstimator({ prior: new NormalGammaDistribution({ mu, lambda: 0.1, alpha: 2, beta: 1 }) });

/** Every model has its own rows; none has so many that a test takes long. */
export const models: Readonly<Record<string, ModelCase>> = {
  'a component at its floor': {
    estimator: new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]),
    rows: numbers.map((x, i) => (i % 3 === 0 ? 7 : x)),
  },
  'mixture of composites': { estimator: new MixtureEstimator([component, component]), rows: pairs },
  'more rows than a start looks at': {
    estimator: new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]),
    rows: draws(new MixtureDistribution([gaussian(0), gaussian(5, 2)], { w: [0.5, 0.5] }), 4, 20_000),
  },
  'fewer rows than ranks': { estimator: new GaussianEstimator(), rows: [1, 2, 4] },
  'records with missing values and rare levels': {
    estimator: new MixtureEstimator(
      [0, 1, 2].map(() => {
        return new RecordEstimator({
          size: new OptionalEstimator(
            new GaussianEstimator({ prior: { mu: 1, muCount: 1, sigma2: 1, sigma2Count: 1 } }),
          ),
          kind: new CategoricalEstimator<string>({ pseudoCount: 1 }),
          visits: new PoissonEstimator(),
        });
      }),
    ),
    rows: pairs.slice(0, 400).map(([x, kind], i) => ({
      size: i % 7 === 0 ? null : x,
      kind: i % 31 === 0 ? `rare ${i}` : kind,
      visits: i % 5,
    })),
  },
  'tied components': {
    estimator: new MixtureEstimator(
      [0, 1, 2].map(
        () =>
          new CompositeEstimator([
            new GaussianEstimator(),
            new CategoricalEstimator<'a' | 'b'>({ key: 'kind', pseudoCount: 5 }),
          ]),
      ),
    ),
    rows: pairs.slice(0, 300),
  },
  'many leaf families at once': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () =>
          new CompositeEstimator([
            new ExponentialEstimator(),
            new GammaEstimator(),
            new LogGaussianEstimator(),
            new WeibullEstimator(),
            new GeometricEstimator(),
            new BinomialEstimator({ max: 20 }),
            new IntegerCategoricalEstimator(),
            new BernoulliEstimator(),
            new DiagonalGaussianEstimator(),
          ]),
      ),
    ),
    rows: numbers.slice(0, 300).map((x, i) => {
      const positive = 0.1 + Math.abs(x);
      return [positive, positive, positive, positive, 1 + (i % 4), i % 17, i % 3, i % 5 < 2, [x, positive]];
    }),
  },
  'weighted, ignored and conditional parts': {
    estimator: new CompositeEstimator([
      new WeightedEstimator(new GaussianEstimator()),
      new IgnoredEstimator(new NullDistribution()),
      new ConditionalEstimator([
        ['a', new GaussianEstimator()],
        ['b', new GaussianEstimator()],
      ]),
    ]),
    rows: pairs.slice(0, 300).map(([x, level], i) => [[x, 1 + (i % 3)], null, [level, x]]),
  },
  'full covariance': {
    estimator: new MixtureEstimator([new MultivariateGaussianEstimator(), new MultivariateGaussianEstimator()]),
    rows: numbers.slice(0, 500).map((x, i) => [x, numbers[i + 500]! + 0.5 * x]),
  },
  'vectors with missing coordinates, and with shared parameters': {
    estimator: new CompositeEstimator([
      new MixtureEstimator(copies(2, new MultivariateGaussianEstimator({ missing: null }))),
      new MixtureEstimator(copies(2, new DiagonalGaussianEstimator({ missing: Number.NaN }))),
      new MixtureEstimator(copies(2, new MultivariateGaussianEstimator({ keys: { mu: 'm' }, missing: Number.NaN }))),
      new MixtureEstimator(copies(2, new MultivariateGaussianEstimator({ keys: { covariance: 'v' } }))),
    ]),
    rows: numbers.slice(0, 500).map((x, i) => {
      const row = [x, numbers[i + 500]! + 0.5 * x, 2 * x + numbers[i + 300]!];
      const isGone = (j: number) => (i * (j + 3)) % 7 < 2;
      return [
        i > 250 ? row : row.map((value, j) => (isGone(j) ? null : value)),
        Float64Array.from(row, (value, j) => (isGone(j + 1) ? Number.NaN : value)),
        Float64Array.from(row, (value, j) => (isGone(j + 2) ? Number.NaN : value)),
        row,
      ];
    }),
  },
  'covariances of common axes, and of one shape': {
    estimator: new CompositeEstimator([
      multivariateGaussianMixtureEstimator(2, { covariance: 'VVE' }),
      multivariateGaussianMixtureEstimator(2, { covariance: 'VEV', ridge: 1e-3 }),
    ]),
    rows: numbers.slice(0, 300).map((x, i) => [
      [x, numbers[i + 500]! + 0.5 * x],
      [numbers[i + 300]!, x + 0.1 * i],
    ]),
  },
  'ragged sequences': {
    estimator: new SequenceEstimator(new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]), {
      length: new IntegerCategoricalEstimator(),
    }),
    rows: sequences,
  },
  'hidden Markov model': {
    estimator: new HiddenMarkovEstimator([new GaussianEstimator(), new GaussianEstimator()], {
      length: new PoissonEstimator(),
    }),
    rows: sequences,
  },
  'hidden Markov model whose states end lists': {
    estimator: new HiddenMarkovEstimator([new GaussianEstimator(), new GaussianEstimator()], { ends: true }),
    rows: sequences,
  },
  'hidden semi-Markov model': {
    estimator: new HiddenSemiMarkovEstimator(
      [new GaussianEstimator(), new GaussianEstimator()],
      [new PoissonEstimator(), new GeometricEstimator()],
      { maxDuration: 8, shift: [1, 0] },
    ),
    rows: sequences,
  },
  'mixture of Markov chains': {
    estimator: new MixtureEstimator([new MarkovChainEstimator(), new MarkovChainEstimator()]),
    rows: Array.from({ length: 100 }, (_, i) => pairs.slice(7 * i, 7 * i + 1 + (i % 6)).map(([, level]) => level)),
  },
  'mixture of integer Markov chains of lag 2': {
    estimator: new MixtureEstimator(
      [0, 1].map(() => new IntegerMarkovChainEstimator({ valueCount: 2, lag: 2, length: new PoissonEstimator() })),
    ),
    rows: Array.from({ length: 60 }, (_, i) => numbers.slice(7 * i, 7 * i + 1 + (i % 8)).map((x) => (x > 0 ? 1 : 0))),
  },
  'topics of numbers, one of them at its floor': {
    estimator: new LatentDirichletAllocationEstimator([new GaussianEstimator(), new GaussianEstimator()]),
    rows: Array.from({ length: 60 }, (_, i) =>
      numbers.slice(5 * i, 5 * i + 5).map((x, n) => [i % 3 === 0 ? 7 : x, 1 + (n % 2)]),
    ),
  },
  'Dirichlet-process mixture with priors in all fields': {
    estimator: new DirichletProcessMixtureEstimator(
      new CompositeEstimator([
        new GaussianEstimator({ prior: new NormalGammaDistribution({ mu: 0, lambda: 0.1, alpha: 2, beta: 1 }) }),
        new CategoricalEstimator<string>({ prior: new LevelDirichletDistribution<string>({}, { other: 1.5 }) }),
      ]),
      { truncation: 4 },
    ),
    rows: pairs,
  },
  'variational mixture with a prior of its weights': {
    estimator: variational(
      new MixtureEstimator(
        [1, 2, 3].map(
          (alpha) =>
            new CompositeEstimator([
              new GaussianEstimator({
                prior: new NormalGammaDistribution({ mu: alpha, lambda: 0.1, alpha: 2, beta: 1 }),
              }),
              new CategoricalEstimator<string>({ prior: new LevelDirichletDistribution<string>({}, { other: 1.5 }) }),
            ]),
        ),
        { prior: new DirichletDistribution({ alpha: [0.5, 0.5, 0.5] }) },
      ),
    ),
    rows: pairs,
  },
  'variational hidden Markov model': {
    estimator: variational(
      new HiddenMarkovEstimator(
        [0, 1].map(
          (mu) => new GaussianEstimator({ prior: new NormalGammaDistribution({ mu, lambda: 0.1, alpha: 2, beta: 1 }) }),
        ),
        { pseudoCount: { transitions: 2 } },
      ),
    ),
    rows: sequences,
  },
  'variational hidden Markov tree': {
    estimator: variational(
      new TreeHiddenMarkovEstimator([normal(0), normal(1)], {
        childCount: new PoissonEstimator(),
        pseudoCount: { transitions: 2 },
      }),
    ),
    rows: sequences.map((items) => items.map((x, t) => [[t, t === 0 ? -1 : Math.floor((t - 1) / 2)], x])),
  },
  'variational states that look back, and that end lists': {
    estimator: variational(
      new CompositeEstimator([
        new LookbackHiddenMarkovEstimator(
          [0, 1].map((mu) => new CompositeEstimator([new IgnoredEstimator(gaussian(0, 4)), normal(mu)])),
          { lag: 1 },
        ),
        new HiddenMarkovEstimator([normal(0), normal(1)], { ends: true, pseudoCount: { end: 2 } }),
      ]),
    ),
    rows: sequences.map((items, i) => [items, sequences[119 - i]]),
  },
  'variational bags': {
    estimator: variational(
      new HierarchicalMixtureEstimator([normal(0), normal(1)], {
        mixtureCount: 2,
        prior: { w: new DirichletDistribution({ alpha: [1, 2] }) },
      }),
    ),
    rows: sequences,
  },
  'variational joint mixture, and mixture with labels': {
    estimator: variational(
      new CompositeEstimator([
        new JointMixtureEstimator([normal(0), normal(1)], [normal(0), normal(2)], {
          prior: new DirichletDistribution({ alpha: [1, 2, 1, 0.5] }),
        }),
        new SemiSupervisedMixtureEstimator([normal(0), normal(1)]),
      ]),
    ),
    rows: numbers.slice(0, 200).map((x, i) => [
      [x, numbers[199 - i]!],
      [x, i % 5 === 0 ? 0 : null],
    ]),
  },
  'hierarchical mixture': {
    estimator: new HierarchicalMixtureEstimator(
      [0, 1, 2].map(() => new CategoricalEstimator<string>({ pseudoCount: 1 })),
      { mixtureCount: 2, length: new PoissonEstimator() },
    ),
    rows: Array.from({ length: 90 }, (_, i) =>
      pairs.slice(9 * i, 9 * i + (i % 9)).map(([, level], j) => level + (j % 3)),
    ),
  },
  'mixture of counts of integers and of levels': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () =>
          new CompositeEstimator([
            integerMultinomialEstimator({ length: new PoissonEstimator() }),
            new MultinomialEstimator(new CategoricalEstimator<string>({ key: 'levels' }), { lengthNormalized: true }),
          ]),
      ),
    ),
    rows: numbers
      .slice(0, 200)
      .map((x, i) => [
        pairs.slice(i, i + (i % 4)).map(([y], j) => [Math.round(y - x), 1 + ((i + j) % 3)]),
        pairs.slice(i, i + 1 + (i % 3)).map(([, level], j) => [level + (i % 5), j + 0.5]),
      ]),
  },
  'latent Dirichlet allocation': {
    estimator: new LatentDirichletAllocationEstimator(
      [0, 1, 2].map(() => new CategoricalEstimator<string>({ pseudoCount: 1 })),
      { length: new PoissonEstimator(), gammaThreshold: 1e-5 },
    ),
    rows: Array.from({ length: 90 }, (_, i) =>
      pairs.slice(9 * i, 9 * i + (i % 9)).map(([, level], j) => [level + (j % 3), 1 + (j % 2)]),
    ),
  },
  'mixture of latent Dirichlet allocations whose topics share their words': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () =>
          new LatentDirichletAllocationEstimator(
            [0, 1].map((k) => new IntegerCategoricalEstimator({ min: 0, max: 9, pseudoCount: 1, key: `words ${k}` })),
          ),
      ),
    ),
    rows: Array.from({ length: 90 }, (_, i) =>
      [0, 3, 4, 7, 8].map((word, j) => [(word * (i % 3)) % 10, 1 + ((i + j) % 3)]).slice(0, i % 6),
    ),
  },
  'words of known documents': {
    estimator: new IntegerPlsiEstimator({
      stateCount: 2,
      valueCount: 5,
      documentCount: 3,
      length: new PoissonEstimator(),
    }),
    rows: Array.from({ length: 120 }, (_, i) => [
      i % 3,
      pairs.slice(5 * i, 5 * i + (i % 5)).map(([, level], j) => [(level === 'a' ? 0 : 2) + ((i + j) % 3), 1 + (j % 2)]),
    ]),
  },
  'mixture of hidden associations': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () =>
          new HiddenAssociationEstimator(
            new ConditionalEstimator(
              ['a', 'b'].map((from) => [from, new CategoricalEstimator<string>()] as const),
              {
                otherwise: new CategoricalEstimator<string>({ key: 'others' }),
              },
            ),
            { given: new MultinomialEstimator(new CategoricalEstimator<string>()), length: new PoissonEstimator() },
          ),
      ),
    ),
    rows: Array.from({ length: 150 }, (_, i) => [
      pairs.slice(5 * i, 5 * i + 1 + (i % 4)).map(([, from], j) => [j === 3 ? 'c' : from, 1 + (j % 2)]),
      pairs.slice(5 * i, 5 * i + (i % 5)).map(([, from], j) => [from + ((i + j) % 3), 1 + (j % 3)]),
    ]),
  },
  'hidden association of integers': {
    estimator: new IntegerHiddenAssociationEstimator({
      sourceCount: 3,
      targetCount: 6,
      stateCount: 2,
      background: 0.05,
      given: integerMultinomialEstimator({ length: new PoissonEstimator() }),
      length: new PoissonEstimator(),
    }),
    rows: integerLinks,
  },
  'mixture of sparse Markov associations': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () =>
          new SparseMarkovAssociationEstimator({
            valueCount: 1000,
            background: 0.05,
            length: new CompositeEstimator([new PoissonEstimator(), new PoissonEstimator()]),
          }),
      ),
    ),
    rows: integerLinks.map((lists, i) =>
      lists.map((list) => list.map(([value, count]) => [(37 * value! + (i % 3)) % 1000, count])),
    ),
  },
  'mixture with some labels': {
    estimator: new SemiSupervisedMixtureEstimator([component, component]),
    rows: pairs.slice(0, 400).map((pair, i) => [
      pair,
      [
        null,
        null,
        i % 2,
        [
          [0, 1],
          [1, 3],
        ],
      ][i % 4],
    ]),
  },
  'joint mixture': {
    estimator: new JointMixtureEstimator(
      [new GaussianEstimator(), new GaussianEstimator()],
      [0, 1, 2].map(() => new CategoricalEstimator<'a' | 'b'>()),
    ),
    rows: pairs.slice(0, 400),
  },
  'integers with a spike, and with extra zeros': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () => new CompositeEstimator([new SpikeAndSlabEstimator(), diracMixtureEstimator(new PoissonEstimator())]),
      ),
    ),
    rows: numbers.slice(0, 300).map((x, i) => [i % 2 === 0 ? 7 : Math.round(3 * x), Math.max(0, Math.round(x))]),
  },
  'mixture of directions': {
    estimator: new MixtureEstimator([new VonMisesFisherEstimator(), new VonMisesFisherEstimator()]),
    rows: numbers.slice(0, 300).map((x, i) => {
      const length = Math.sqrt(x * x + 4 + (i % 3) ** 2);
      return [x / length, 2 / length, (i % 3) / length];
    }),
  },
  'mixture of different families': {
    estimator: new MixtureEstimator([new GaussianEstimator(), new ExponentialEstimator()]),
    rows: numbers.slice(0, 300),
  },
  'rows of several kinds': {
    estimator: new SelectEstimator([new CategoricalEstimator<string>(), new GaussianEstimator()], {
      choose: (row: unknown) => (typeof row === 'string' ? 0 : 1),
    }),
    rows: pairs.slice(0, 300).map(([x, level], i) => (i % 3 === 0 ? level : x)),
  },
  'leaves that iterate inside an M step': {
    estimator: new MixtureEstimator(
      [0, 1].map(
        () =>
          new CompositeEstimator([
            new StudentTEstimator(),
            new BetaEstimator(),
            new DirichletEstimator(),
            new NegativeBinomialEstimator(),
          ]),
      ),
    ),
    rows: numbers.slice(0, 200).map((x, i) => {
      const share = 1 / (1 + Math.exp(-x));
      return [x, share, [share / 2, 1 - share, share / 2], i % 11];
    }),
  },
  'mixture of sets': {
    estimator: new MixtureEstimator(
      [0, 1].map(() => {
        return new CompositeEstimator([
          new BernoulliSetEstimator({ key: 'labels', pseudoCount: 1 }),
          new IntegerBernoulliSetEstimator(),
        ]);
      }),
    ),
    rows: pairs.slice(0, 300).map(([x, level], i) => {
      return [
        i % 29 === 0 ? [level, `rare ${i}`] : x > 1 ? [level] : [],
        [i % 40, 40 + (i % 7), ...(x > 2 ? [60] : [])],
      ];
    }),
  },
  'records of rankings, counts and sets': {
    estimator: new MixtureEstimator(
      [0, 1].map(() => {
        return new RecordEstimator({
          ranking: new SpearmanRankingEstimator(),
          visits: new PoissonEstimator(),
          tags: new BernoulliSetEstimator({ key: 'tags' }),
        });
      }),
    ),
    rows: pairs.slice(0, 300).map(([x, level], i) => ({
      ranking: x > 1.5 ? [0, 1, 2, 3] : x > 0 ? [1, 0, 3, 2] : [3, 1, 2, 0],
      visits: i % 7,
      tags: new Set(x > 1 ? [level, 'c'] : [level]),
    })),
  },
  'mixture of trees over integers': {
    estimator: new MixtureEstimator([new IntegerChowLiuTreeEstimator(), new IntegerChowLiuTreeEstimator()]),
    rows: pairs.slice(0, 400).map(([x, level], i) => {
      const a = level === 'a' ? 0 : 1;
      return [a, i % 5 === 0 ? 1 - a : a, x > 1.5 ? 2 : i % 2, i === 399 ? 4 : x > 0 ? 1 : 0];
    }),
  },
  'sets that change': {
    estimator: new MixtureEstimator([
      new IntegerBernoulliEditEstimator({ initial: new IntegerBernoulliSetEstimator({ key: 'before' }) }),
      new IntegerStepBernoulliEditEstimator({
        initial: new IntegerBernoulliSetEstimator({ key: 'before' }),
        pseudoCount: 1,
      }),
    ]),
    rows: pairs.slice(0, 300).map(([x, level], i) => {
      const before = [i % 5, 5 + (i % 3), ...(x > 1 ? [8] : [])];
      return [
        before,
        before.filter((j) => (j + i) % 4 > 0).concat(level === 'a' ? [9] : [], i % 50 === 0 ? [10 + i] : []),
      ];
    }),
  },
  'lookback hidden Markov model, lists too short included': {
    estimator: new LookbackHiddenMarkovEstimator(
      [0, 1].map(() => {
        const letters = () => new CategoricalEstimator<'a' | 'b'>({ pseudoCount: 0.5 });
        return new ConditionalEstimator<CategoricalEstimator<'a' | 'b'>>({ a: letters(), b: letters() });
      }),
      {
        lag: 1,
        initialEmissions: [0, 1].map(() => new SequenceEstimator(new CategoricalEstimator<'a' | 'b'>())),
        length: new PoissonEstimator(),
      },
    ),
    rows: Array.from({ length: 100 }, (_, i) => pairs.slice(7 * i, 7 * i + (i % 9)).map(([, letter]) => letter)),
  },
  'mixture of hidden Markov trees, values missing': {
    estimator: new MixtureEstimator(
      [0, 1].map(() => {
        const value = new OptionalEstimator(new GaussianEstimator(), { ignoreMissing: true });
        return new TreeHiddenMarkovEstimator([value, value], { childCount: new PoissonEstimator() });
      }),
    ),
    // Nodes in an order of their own: a node hangs below the one of half its number.
    rows: Array.from({ length: 90 }, (_, i) =>
      pairs
        .slice(9 * i, 9 * i + 1 + ((5 * i) % 11))
        .map(([x], j) => [[j, j === 0 ? -1 : Math.floor(j / 2)], j % 4 === 3 ? null : x])
        .reverse(),
    ),
  },
  'hidden Markov model over sets': {
    estimator: new HiddenMarkovEstimator([new BernoulliSetEstimator(), new BernoulliSetEstimator()]),
    rows: Array.from({ length: 60 }, (_, i) =>
      pairs.slice(8 * i, 8 * i + 1 + (i % 7)).map(([x, level]) => (x > 1.5 ? [level, 'c'] : x > 0 ? ['c'] : [level])),
    ),
  },
  'a range': { estimator: new UniformEstimator(), rows: numbers.slice(0, 100) },
  'mixture of mixtures': {
    estimator: new MixtureEstimator(
      [0, 1].map(() => new MixtureEstimator([new GaussianEstimator({ key: 'shared' }), new GaussianEstimator()])),
    ),
    rows: numbers.slice(0, 400),
  },
  'statistics that are objects': {
    estimator: new MixtureEstimator([new ObjectEstimator(), new ObjectEstimator()]),
    rows: numbers.slice(0, 300),
  },
};
