/**
 * A model and rows for every type of model, as plain data: for tests that compare kernels, engines and machines to the bit.
 * Nothing is imported, so that a page can run it with a build of the package.
 */

type Random = () => number;

/** A starting model, and how its rows are drawn. */
export interface FamilyCase {
  readonly model: { readonly type: string; readonly [field: string]: unknown };
  readonly row: (random: Random, i: number) => unknown;
}

/** A small generator (mulberry32, Tommy Ettinger, public domain): numbers in [0, 1). */
export function numbersOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** About normal, without a transcendental function: the sum of four uniform numbers. */
const bell = (random: Random): number => 2 * (random() + random() + random() + random()) - 4;
const positive = (random: Random): number => 0.05 + 3 * random() * random();
const below = (random: Random, count: number): number => Math.floor(count * random());
const level = (random: Random): string => 'abc'[below(random, 3)]!;
const listOf = <T>(random: Random, item: (random: Random) => T): T[] =>
  Array.from({ length: 1 + below(random, 12) }, () => item(random));

const normal = { type: 'Gaussian', mu: 0.3, sigma2: 1.7 };
const other = { type: 'Gaussian', mu: -1, sigma2: 0.9 };
const categories = { type: 'Categorical', levels: ['a', 'b', 'c'], p: [0.5, 0.3, 0.2], unseen: 0 };
const lengths = { type: 'Poisson', lambda: 6.5 };
const nothing = { type: 'Null' };
const integers = { type: 'IntegerCategorical', min: 0, p: [0.2, 0.3, 0.5] };
const mixtureOf = (...components: readonly object[]): FamilyCase['model'] => ({
  type: 'Mixture',
  components,
  w: components.map(() => 1 / components.length),
});

/** Two lists of integers below 3 with counts. */
const integerLists = (random: Random): unknown => [
  listOf(random, (item) => [below(item, 3), 1 + below(item, 3)]),
  listOf(random, (item) => [below(item, 3), below(item, 3)]),
];

export const everyFamily: Readonly<Record<string, FamilyCase>> = {
  Bernoulli: { model: { type: 'Bernoulli', p: 0.3 }, row: (random) => random() < 0.4 },
  BernoulliSet: {
    model: { type: 'BernoulliSet', levels: ['a', 'b', 'c'], p: [0.5, 0.2, 0.7], minP: 0 },
    row: (random) => ['a', 'b', 'c'].filter(() => random() < 0.4),
  },
  Beta: { model: { type: 'Beta', alpha: 2, beta: 3 }, row: (random) => 0.01 + 0.98 * random() * random() },
  Binomial: { model: { type: 'Binomial', n: 9, p: 0.3, min: 0 }, row: (random) => below(random, 10) },
  Categorical: { model: categories, row: level },
  DiagonalGaussian: {
    model: { type: 'DiagonalGaussian', mu: [0, 1, 0], sigma2: [1, 2, 1] },
    row: (random) => [bell(random), 1 + bell(random), bell(random)],
  },
  Dirac: { model: { type: 'Dirac', value: 2 }, row: () => 2 },
  Dirichlet: {
    model: { type: 'Dirichlet', alpha: [2, 1.5, 3] },
    row: (random) => {
      const parts = [positive(random), positive(random), positive(random)];
      const sum = parts[0]! + parts[1]! + parts[2]!;
      return parts.map((part) => part / sum);
    },
  },
  Exponential: { model: { type: 'Exponential', mean: 2 }, row: positive },
  Gamma: { model: { type: 'Gamma', shape: 1.5, scale: 0.8 }, row: positive },
  Gaussian: { model: normal, row: bell },
  Geometric: { model: { type: 'Geometric', p: 0.3 }, row: (random) => 1 + below(random, 7) },
  IntegerCategorical: { model: integers, row: (random) => below(random, 3) },
  IntegerBernoulliSet: {
    model: { type: 'IntegerBernoulliSet', p: [0.5, 0.2, 0.7, 0.1], minP: 1e-9 },
    row: (random) => [3, 1, 0, 2].filter(() => random() < 0.4),
  },
  LogGaussian: { model: { type: 'LogGaussian', mu: 0.2, sigma2: 0.7 }, row: positive },
  MultivariateGaussian: {
    model: {
      type: 'MultivariateGaussian',
      mu: [0, 1],
      covariance: [
        [2, 0.5],
        [0.5, 1],
      ],
    },
    row: (random) => {
      const x = bell(random);
      return [x, 1 + 0.3 * x + bell(random)];
    },
  },
  NegativeBinomial: { model: { type: 'NegativeBinomial', mean: 4, size: 2.5 }, row: (random) => below(random, 6) ** 2 },
  Null: { model: nothing, row: () => null },
  Poisson: { model: { type: 'Poisson', lambda: 3 }, row: (random) => below(random, 9) },
  SpikeAndSlab: {
    model: { type: 'SpikeAndSlab', min: 0, max: 8, spike: 3, p: 0.4 },
    row: (random) => (random() < 0.5 ? 3 : below(random, 9)),
  },
  SpearmanRanking: {
    model: { type: 'SpearmanRanking', sigma: [1, 0, 3, 2], rho: 0.2 },
    row: (random) => {
      const ranks = [0, 1, 2, 3];
      for (let i = 3; i > 0; i--) {
        const j = below(random, i + 1);
        [ranks[i], ranks[j]] = [ranks[j]!, ranks[i]!];
      }
      return ranks;
    },
  },
  StudentT: {
    model: { type: 'StudentT', location: 0.1, scale: 1.2, degreesOfFreedom: 5 },
    row: (random) => bell(random) / (0.2 + random()),
  },
  Uniform: { model: { type: 'Uniform', min: -3, max: 9 }, row: (random) => 7 * random() - 1 },
  VonMisesFisher: {
    model: { type: 'VonMisesFisher', mu: [0.6, 0, -0.8], kappa: 7 },
    row: (random) => {
      const x = [0.5 + bell(random), bell(random), -1 + bell(random)];
      const length = Math.sqrt(x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2);
      return x.map((entry) => entry / length);
    },
  },
  Weibull: { model: { type: 'Weibull', shape: 1.4, scale: 0.9 }, row: positive },

  Composite: {
    model: { type: 'Composite', dists: [normal, categories] },
    row: (random) => [bell(random), level(random)],
  },
  Conditional: {
    model: {
      type: 'Conditional',
      levels: ['a', 'b', 'c'],
      dists: [normal, other, normal],
      otherwise: null,
      given: categories,
    },
    row: (random) => [level(random), bell(random)],
  },
  Ignored: { model: { type: 'Ignored', dist: normal }, row: bell },
  Multinomial: {
    model: { type: 'Multinomial', dist: categories, length: { type: 'Poisson', lambda: 9 }, lengthNormalized: false },
    row: (random) => listOf(random, (item) => [level(item), below(item, 4)]),
  },
  Optional: {
    model: { type: 'Optional', dist: normal, p: 0.2, missing: null },
    row: (random) => (random() < 0.2 ? null : bell(random)),
  },
  Record: {
    model: { type: 'Record', fields: { x: normal, y: { type: 'Poisson', lambda: 2 } } },
    row: (random) => ({ x: bell(random), y: below(random, 5) }),
  },
  Sequence: {
    model: { type: 'Sequence', dist: normal, length: lengths, lengthNormalized: false },
    row: (random) => listOf(random, bell),
  },
  Weighted: { model: { type: 'Weighted', dist: normal }, row: (random) => [bell(random), 2 * random()] },

  HiddenAssociation: {
    model: {
      type: 'HiddenAssociation',
      conditional: {
        type: 'Conditional',
        levels: ['a', 'b', 'c'],
        dists: [normal, other, normal],
        otherwise: null,
        given: nothing,
      },
      given: { type: 'Multinomial', dist: categories, length: { type: 'Poisson', lambda: 3 }, lengthNormalized: false },
      length: lengths,
    },
    row: (random) => [
      listOf(random, (item) => [level(item), 1 + below(item, 3)]),
      listOf(random, (item) => [bell(item), 1]),
    ],
  },
  HiddenMarkov: {
    model: {
      type: 'HiddenMarkov',
      emissions: [normal, other],
      w: [0.6, 0.4],
      transitions: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
      length: lengths,
      terminalValues: [],
    },
    row: (random) => listOf(random, bell),
  },
  LookbackHiddenMarkov: {
    model: {
      type: 'LookbackHiddenMarkov',
      emissions: [0.8, 0.3].map((p) => ({
        type: 'Conditional',
        levels: ['a', 'b', 'c'],
        dists: ['a', 'b', 'c'].map((_, i) => ({
          ...categories,
          p: [p, ((1 - p) * (i + 1)) / 4, ((1 - p) * (3 - i)) / 4],
        })),
        otherwise: null,
        given: nothing,
      })),
      initialEmissions: [0, 1].map(() => ({
        type: 'Sequence',
        dist: categories,
        length: nothing,
        lengthNormalized: false,
      })),
      w: [0.6, 0.4],
      transitions: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
      lag: 1,
      length: lengths,
    },
    row: (random) => listOf(random, level),
  },
  HiddenSemiMarkov: {
    model: {
      type: 'HiddenSemiMarkov',
      emissions: [normal, other],
      durations: [
        { type: 'Geometric', p: 0.4 },
        { type: 'Poisson', lambda: 2 },
      ],
      w: [0.6, 0.4],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 12,
      shift: [0, 1],
      length: lengths,
    },
    row: (random) => listOf(random, bell),
  },
  TreeHiddenMarkov: {
    model: {
      type: 'TreeHiddenMarkov',
      emissions: [normal, other],
      w: [0.6, 0.4],
      transitions: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
      childCount: { type: 'Poisson', lambda: 1.2 },
      maxDepth: 10,
    },
    row: (random) => listOf(random, bell).map((value, i) => [[i, i === 0 ? -1 : below(random, i)], value]),
  },
  DirichletProcessMixture: {
    model: {
      type: 'DirichletProcessMixture',
      components: [normal, other],
      sticks: [{ type: 'Beta', alpha: 3, beta: 2 }],
      concentration: { type: 'Gamma', shape: 2, scale: 1 },
      posteriors: [normal, other],
    },
    row: bell,
  },
  HierarchicalMixture: {
    model: {
      type: 'HierarchicalMixture',
      topics: [normal, other],
      w: [0.5, 0.5],
      tau: [
        [0.7, 0.3],
        [0.2, 0.8],
      ],
      length: lengths,
    },
    row: (random) => listOf(random, bell),
  },
  IntegerHiddenAssociation: {
    model: {
      type: 'IntegerHiddenAssociation',
      states: [
        [0.7, 0.3],
        [0.2, 0.8],
        [0.5, 0.5],
      ],
      targets: [
        [0.5, 0.3, 0.2],
        [0.2, 0.2, 0.6],
      ],
      background: 0.1,
      given: { type: 'Multinomial', dist: integers, length: { type: 'Poisson', lambda: 3 }, lengthNormalized: false },
      length: lengths,
    },
    row: integerLists,
  },
  IntegerPlsi: {
    model: {
      type: 'IntegerPlsi',
      words: [
        [0.5, 0.3, 0.2],
        [0.2, 0.2, 0.6],
      ],
      states: [
        [0.7, 0.3],
        [0.2, 0.8],
      ],
      documents: [0.5, 0.5],
      length: lengths,
    },
    row: (random) => [below(random, 2), listOf(random, (item) => [below(item, 3), 1 + below(item, 2)])],
  },
  JointMixture: {
    model: {
      type: 'JointMixture',
      components1: [normal, other],
      components2: [categories, { ...categories, p: [0.2, 0.3, 0.5] }],
      w1: [0.6, 0.4],
      w2: [0.5, 0.5],
      tau12: [
        [0.7, 0.3],
        [0.2, 0.8],
      ],
      tau21: [
        [0.84, 0.36],
        [0.16, 0.64],
      ],
    },
    row: (random) => [bell(random), level(random)],
  },
  LatentDirichletAllocation: {
    model: {
      type: 'LatentDirichletAllocation',
      topics: [integers, { ...integers, p: [0.6, 0.3, 0.1] }, { ...integers, p: [0.1, 0.8, 0.1] }],
      alpha: [0.5, 0.25, 1],
      length: lengths,
      gammaThreshold: 1e-6,
    },
    row: (random) => listOf(random, (item) => [below(item, 3), 1 + below(item, 2)]).slice(0, 4),
  },
  IntegerMarkovChain: {
    model: {
      type: 'IntegerMarkovChain',
      conditional: [
        [0.5, 0.3, 0.2],
        [0.2, 0.6, 0.2],
        [0.3, 0.3, 0.4],
      ],
      lag: 1,
      initial: nothing,
      length: lengths,
    },
    row: (random) => listOf(random, (item) => below(item, 3)),
  },
  MarkovChain: {
    model: {
      type: 'MarkovChain',
      initial: [
        ['a', 0.5],
        ['b', 0.3],
        ['c', 0.2],
      ],
      transitions: ['a', 'b', 'c'].map((state) => [
        state,
        [
          ['a', 0.4],
          ['b', 0.4],
          ['c', 0.2],
        ],
      ]),
      length: lengths,
      unseen: 0,
    },
    row: (random) => listOf(random, level),
  },
  IntegerChowLiuTree: {
    model: {
      type: 'IntegerChowLiuTree',
      parents: [null, 0, 0],
      conditional: [
        [[0.3, 0.7]],
        [
          [0.6, 0.4],
          [0.2, 0.8],
        ],
        [
          [0.5, 0.5],
          [0.9, 0.1],
        ],
      ],
    },
    row: (random) => {
      const first = below(random, 2);
      return [first, random() < 0.3 ? below(random, 2) : first, below(random, 2)];
    },
  },
  IntegerBernoulliEdit: {
    model: {
      type: 'IntegerBernoulliEdit',
      added: [0.2, 0.5, 0.1],
      kept: [0.9, 0.5, 0.3],
      minP: 0,
      initial: { type: 'IntegerBernoulliSet', p: [0.5, 0.3, 0.6], minP: 0 },
    },
    row: (random) => [0, 1].map(() => [0, 1, 2].filter(() => random() < 0.4)),
  },
  'Mixture of sets': {
    model: mixtureOf(
      { type: 'IntegerBernoulliSet', p: [0.5, 0.2, 0.7, 0.1], minP: 0 },
      { type: 'IntegerBernoulliSet', p: [0.2, 0.6, 0.3, 0.5], minP: 0 },
    ),
    row: (random) => [0, 1, 2, 3].filter(() => random() < 0.4),
  },
  Mixture: { model: mixtureOf(normal, other, { type: 'Gaussian', mu: 2, sigma2: 0.5 }), row: bell },
  SparseMarkovAssociation: {
    model: {
      type: 'SparseMarkovAssociation',
      initial: [0.5, 0.25, 0.25],
      transitions: { from: [0, 0, 1, 2], to: [1, 2, 0, 2], p: [0.7, 0.3, 1, 1] },
      background: 0.1,
      length: { type: 'Composite', dists: [{ type: 'Poisson', lambda: 30 }, lengths] },
    },
    row: integerLists,
  },
  SemiSupervisedMixture: {
    model: { type: 'SemiSupervisedMixture', components: [normal, other], w: [0.5, 0.5] },
    row: (random, i) => {
      const soft = [
        [0, 0.25],
        [1, 0.75],
      ];
      return [bell(random), [null, null, below(random, 2), soft][i % 4]];
    },
  },
  'Mixture with a single number': {
    model: mixtureOf({ type: 'Geometric', p: 0.3 }, { type: 'Dirac', value: 0 }),
    row: (random) => below(random, 4) * below(random, 5),
  },
  'Mixture of positive families': {
    model: mixtureOf(
      { type: 'LogGaussian', mu: 0.2, sigma2: 0.7 },
      { type: 'Gamma', shape: 1.5, scale: 0.8 },
      { type: 'Weibull', shape: 1.4, scale: 0.9 },
      { type: 'Exponential', mean: 1 },
    ),
    row: positive,
  },
  'Mixture of heavy tails': {
    model: mixtureOf(
      { type: 'StudentT', location: 0.1, scale: 1.2, degreesOfFreedom: 5 },
      { type: 'StudentT', location: -1, scale: 0.5, degreesOfFreedom: 3 },
    ),
    row: (random) => bell(random) / (0.2 + random()),
  },
};

/** What is needed of the package. */
interface Library {
  modelFromJSON(json: unknown): Model;
  optimize(rows: never[], estimator: never, options: never): { readonly model: Model; readonly logLikelihood: number };
}

interface Model {
  sampler(seed: number): { sample(count: number): unknown[] };
  estimator(): unknown;
  encoder(): { encode(rows: never[]): { readonly rowCount: number } };
  logDensity(row: never): number;
  seqLogDensity(columns: never, start: number, end: number, out: Float64Array): void;
}

const ROWS = 2500;
const DRAWS = 200;

/** The bits of numbers. */
function bitsOf(numbers: ArrayLike<number>): string {
  const bits = new Uint32Array(Float64Array.from(numbers).buffer);
  return Array.from(bits, (half) => half.toString(16).padStart(8, '0')).join('');
}

/** Rows that the model draws, as text with all digits; or that it has nothing to draw some part from. */
function drawsOf(model: Model): string {
  try {
    return JSON.stringify(model.sampler(7).sample(DRAWS), (_, value: unknown) => (value === null ? 'gap' : value));
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'PARAMETER') throw error;
    return 'not drawn';
  }
}

/** Scores of the start, its draws, and three iterations from it: whatever differs in a bit gives another text. */
export function traceOf(
  { modelFromJSON, optimize }: Library,
  name: string,
  { model: json, row }: FamilyCase = everyFamily[name]!,
): string {
  const random = numbersOf(name.length);
  const rows = Array.from({ length: ROWS }, (_, i) => row(random, i)) as never[];
  const start = modelFromJSON(json);
  const scores = new Float64Array(ROWS);
  start.seqLogDensity(start.encoder().encode(rows) as never, 0, ROWS, scores);
  const scalars = rows.slice(0, 100).map((each) => start.logDensity(each));
  const options = { initialModel: start, maxIterations: 3, delta: null };
  const { model, logLikelihood } = optimize(rows, start.estimator() as never, options as never);
  let checksum = 0;
  for (const half of new Uint32Array(scores.buffer)) checksum = (Math.imul(checksum, 31) + half) | 0;
  return `${JSON.stringify(model)} ${bitsOf([logLikelihood])} ${bitsOf(scalars)} ${checksum} ${drawsOf(start)}`;
}
