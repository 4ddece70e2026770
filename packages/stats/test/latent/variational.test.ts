/** Variational Bayes of any composition: the bound, and what is known of the parameters. */
import { describe, expect, it } from 'vitest';
import { given } from '../../src/ask/given.js';
import { impute } from '../../src/ask/impute.js';
import { marginal } from '../../src/ask/marginal.js';
import { predict } from '../../src/ask/predict.js';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import type { AnyEstimator } from '../../src/contract.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  CategoricalEstimator,
  CompositeEstimator,
  DirichletDistribution,
  GammaDistribution,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovEstimator,
  HierarchicalMixtureEstimator,
  JointMixtureEstimator,
  LatentDirichletAllocationEstimator,
  LookbackHiddenMarkovEstimator,
  MixtureDistribution,
  MixtureEstimator,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  SemiSupervisedMixtureEstimator,
  SequenceEstimator,
  StudentTEstimator,
  TreeHiddenMarkovEstimator,
  VariationalDistribution,
  variational,
} from '../../src/models/models.js';
import { modelTypes } from '../../src/models/modelTypes.js';
import { checkFamily } from '../../src/testing/index.js';
import { type Subject, subjects } from '../bayes/subjects.js';
import { MIXTURE } from '../offers.js';
import fc from '../property.js';

const gamma = new GammaDistribution({ shape: 2, scale: 1.5 });
const poisson = new PoissonEstimator({ prior: gamma });
const normalGamma = new NormalGammaDistribution({ mu: 0, lambda: 0.01, alpha: 2, beta: 2 });
const each = new GaussianEstimator({ prior: normalGamma });

function withKnown(spread: number) {
  const means = [-spread, spread];
  const components = means.map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
  return new VariationalDistribution(new MixtureDistribution(components, { w: [0.4, 0.6] }), {
    known: {
      w: new DirichletDistribution({ alpha: [5, 7] }),
      components: means.map((mu) => new NormalGammaDistribution({ mu, lambda: 9, alpha: 5, beta: 5 })),
    },
  });
}

/** Laws of maximum likelihood: here the E step has expected scores, and what rises is the bound. */
const OF_LIKELIHOOD = [
  'scores in the E step as seqLogDensity does',
  'sums the scores of the E step',
  'never lowers the likelihood in an EM iteration',
  'is scored and fitted as a component of a mixture',
  'holds a component of one row at the floor that all rows give', // the prior is the floor
  'says when imaginary rows enter its estimate',
  'makes an estimator of its own shape, with its pseudo counts', // that of the model: priors are no part of a model
];

describe('the law', () => {
  const laws = checkFamily({
    offers: [...MIXTURE, 'hasPrior', 'logPrior', 'pooling'],
    notShown: ['rowCodes', 'isUnbounded', 'kind'],
    distributions: [withKnown(3), withKnown(4)],
    estimator: variational(new MixtureEstimator([each, each], { prior: new DirichletDistribution({ alpha: [2, 2] }) })),
    rows: [0.5],
    refused: ['x', null],
    types: modelTypes,
  });
  for (const { law, run } of laws) if (!OF_LIKELIHOOD.includes(law)) it(law, run);
});

/** The bound of each iterate of plain coordinate ascent. */
function boundsOf(estimator: AnyEstimator, rows: readonly unknown[], seed: number): number[] {
  const inner = variational(estimator);
  const algorithm = em(inner);
  const columns = algorithm.encode(rows);
  const steps = algorithm.steps(columns);
  let model = algorithm.start(columns, { seed, method: 'random' });
  const bounds: number[] = [];
  for (let t = 0; t < 8; t++) {
    const statistic = steps.expectation(model, columns, 0, columns.rowCount);
    bounds.push(steps.likelihood(statistic).logLikelihood + inner.logPrior(model));
    model = steps.maximization(model, statistic).model;
  }
  steps.release();
  return bounds;
}

/** An estimator over rows of a subject, with hidden variables; and rows of it. */
interface Composition extends Subject {
  readonly isHidden: boolean;
}

/** Layers that are put around compositions. */
const layers: ((inner: Composition, other: Composition) => Composition)[] = [
  ({ name, estimator, row }) => ({
    name: `mixture of ${name}`,
    estimator: new MixtureEstimator([estimator, estimator, estimator], {
      prior: new DirichletDistribution({ alpha: [0.5, 1, 2] }),
    }),
    row,
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `mixture with point weights of ${name}`,
    estimator: new MixtureEstimator([estimator, estimator]),
    row,
    isHidden: true,
  }),
  (a, b) => ({
    name: `(${a.name}, ${b.name})`,
    estimator: new CompositeEstimator([a.estimator, b.estimator]),
    row: fc.tuple(a.row, b.row),
    isHidden: a.isHidden || b.isHidden,
  }),
  ({ name, estimator, row, isHidden }) => ({
    name: `list of ${name}`,
    estimator: new SequenceEstimator(estimator, { length: poisson }),
    row: fc.array(row, { maxLength: 3 }),
    isHidden,
  }),
  ({ name, estimator, row, isHidden }) => ({
    name: `gap or ${name}`,
    estimator: new OptionalEstimator(estimator),
    row: fc.option(row),
    isHidden,
  }),
  ({ name, estimator, row }) => ({
    name: `topics of ${name}`,
    estimator: new LatentDirichletAllocationEstimator([estimator, estimator], { fixedAlpha: [0.7, 0.4] }),
    row: fc.array(fc.tuple(row, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 }),
    isHidden: true,
  }),
];

layers.push(
  ({ name, estimator, row }) => ({
    name: `states of ${name}`,
    estimator: new HiddenMarkovEstimator([estimator, estimator, estimator], { length: poisson }),
    row: fc.array(row, { maxLength: 5 }),
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `states with imaginary steps of ${name}`,
    estimator: new HiddenMarkovEstimator([estimator, estimator], {
      pseudoCount: {
        initial: 1,
        transitions: [
          [3, 0.5],
          [1, 2],
        ],
      },
      fixedInitial: [0.25, 0.75],
      allowed: {
        transitions: [
          [true, true],
          [false, true],
        ],
      },
    }),
    row: fc.array(row, { minLength: 1, maxLength: 5 }),
    isHidden: true,
  }),
);

const asTree = (row: fc.Arbitrary<unknown>) =>
  fc
    .array(row, { minLength: 1, maxLength: 5 })
    .map((items) => items.map((x, t) => [[t, t === 0 ? -1 : Math.floor((t - 1) / 2)], x] as const));

layers.push(
  ({ name, estimator, row }) => ({
    name: `mixture with imaginary rows of ${name}`,
    estimator: new MixtureEstimator([estimator, estimator], { pseudoCount: 5, prior: [0.9, 0.1] }),
    row,
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `lists that states of ${name} end`,
    estimator: new HiddenMarkovEstimator([estimator, estimator], { ends: true, pseudoCount: { end: 2 } }),
    row: fc.array(row, { minLength: 1, maxLength: 4 }),
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `trees of ${name}`,
    estimator: new TreeHiddenMarkovEstimator([estimator, estimator], { childCount: poisson }),
    row: asTree(row),
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `states that look back at ${name}`,
    estimator: new LookbackHiddenMarkovEstimator(
      [0, 1].map(() => new CompositeEstimator([estimator, estimator])),
      { lag: 1, initialEmissions: [0, 1].map(() => new CompositeEstimator([estimator])) },
    ),
    row: fc.array(row, { maxLength: 4 }),
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `bags of ${name}`,
    estimator: new HierarchicalMixtureEstimator([estimator, estimator], {
      mixtureCount: 2,
      length: poisson,
      prior: { tau: [0, 1].map(() => new DirichletDistribution({ alpha: [0.5, 2] })) },
    }),
    row: fc.array(row, { maxLength: 3 }),
    isHidden: true,
  }),
  ({ name, estimator, row }) => ({
    name: `bags with imaginary items of ${name}`,
    estimator: new HierarchicalMixtureEstimator([estimator, estimator], { mixtureCount: 2, pseudoCount: 3 }),
    row: fc.array(row, { maxLength: 3 }),
    isHidden: true,
  }),
  (a, b) => ({
    name: `pairs of ${a.name} and ${b.name}`,
    estimator: new JointMixtureEstimator([a.estimator, a.estimator], [b.estimator, b.estimator], {
      prior: new DirichletDistribution({ alpha: [1, 0.5, 2, 1] }),
    }),
    row: fc.tuple(a.row, b.row),
    isHidden: true,
  }),
);

layers.push(({ name, estimator, row }) => ({
  name: `topics with imaginary documents of ${name}`,
  estimator: new LatentDirichletAllocationEstimator([estimator, estimator], { pseudoCount: 4, prior: [3, 0.5] }),
  row: fc.array(fc.tuple(row, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 }),
  isHidden: true,
}));

layers.push(({ name, estimator, row }) => ({
  name: `${name} with labels`,
  estimator: new SemiSupervisedMixtureEstimator([estimator, estimator], {
    prior: new DirichletDistribution({ alpha: [2, 0.5] }),
  }),
  row: fc.tuple(
    row,
    fc.constantFrom(null, 0, 1, [
      [0, 0.5],
      [1, 2],
    ]),
  ),
  isHidden: true,
}));

const leaves: readonly Composition[] = subjects.map((subject) => ({ ...subject, isHidden: false }));
const composition: fc.Arbitrary<Composition> = fc
  .tuple(
    fc.constantFrom(...leaves),
    fc.constantFrom(...leaves),
    fc.array(fc.constantFrom(...layers), { minLength: 1, maxLength: 2 }),
  )
  .map(([leaf, other, around]) => around.reduce((inner, layer) => layer(inner, other), leaf))
  .filter(({ isHidden }) => isHidden);

describe('the bound', () => {
  it('never falls, in 100 random compositions', () => {
    fc.assert(
      fc.property(composition, fc.nat(1e6), ({ name, estimator, row }, seed) => {
        const rows = fc.sample(row, { numRuns: 12, seed });
        const bounds = boundsOf(estimator, rows, seed);
        for (let t = 1; t < bounds.length; t++) {
          // Sums of some hundred terms; proportions of documents are solved to 1e-8 of themselves.
          const rounding = name.includes('topics') ? 1e-6 : 1e-10;
          const least = bounds[t - 1]! - rounding * (1 + Math.abs(bounds[t]!));
          expect(bounds[t], `${name}, seed ${seed}, iteration ${t}`).toBeGreaterThanOrEqual(least);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is the evidence where nothing is hidden', () => {
    // log ∫ Π Poisson(x; λ) Gamma(λ; k, θ) dλ, by the chain rule of predictive densities.
    const rows = [3, 0, 5, 2];
    let bayes = poisson.bayes!;
    let evidence = 0;
    for (const [i, x] of rows.entries()) {
      evidence += bayes.predictiveLogDensity!(bayes.prior, x);
      const seen = rows.slice(0, i + 1);
      const known = poisson.bayes!.posterior({ count: seen.length, sum: seen.reduce((a, b) => a + b, 0) });
      bayes = new PoissonEstimator({ prior: known }).bayes!;
    }
    expect(boundsOf(poisson, rows, 1).at(-1)).toBeCloseTo(evidence, 10);
  });
});

const truth = [
  ...new GaussianDistribution({ mu: -4, sigma2: 1 }).sampler(1).sample(120),
  ...new GaussianDistribution({ mu: 4, sigma2: 1 }).sampler(2).sample(60),
];

describe('a variational mixture', () => {
  const prior = new DirichletDistribution({ alpha: [0.01, 0.01, 0.01, 0.01] });
  const estimator = variational(new MixtureEstimator([each, each, each, each], { prior }));
  const { model } = optimize(truth, estimator, { seed: 2, maxIterations: 400 });

  it('leaves components empty that the rows do not need', () => {
    const { w, components } = model.known;
    expect(w).toBeInstanceOf(DirichletDistribution);
    const sizes = (w as DirichletDistribution).alpha.map((a) => a - 0.01).sort((a, b) => b - a);
    expect(sizes.filter((size) => size > 1)).toHaveLength(2);
    expect(sizes[0]).toBeCloseTo(120, 0);
    const empty = components.filter((_, k) => (w as DirichletDistribution).alpha[k]! < 0.02);
    for (const { lambda } of empty) expect(lambda).toBeCloseTo(0.01, 3); // the prior
  });

  it('has the most probable parameters as a distribution', () => {
    const largest = [...model.model.w.keys()].sort((a, b) => model.model.w[b]! - model.model.w[a]!)[0]!;
    expect(model.model.components[largest]!.mu).toBe(model.known.components[largest]!.mu);
    expect(model.logDensity(1)).toBe(model.model.logDensity(1));
  });

  it('scores the next row by all parameters', () => {
    const { bayes } = new MixtureEstimator([each, each, each, each], { prior });
    const far = 40;
    expect(bayes!.predictiveLogDensity!(model.known, far)).toBeGreaterThan(model.logDensity(far) + 10);
    expect(bayes!.predictiveLogDensity!(model.known, 4)).toBeCloseTo(model.logDensity(4), 1);
  });
});

it('learns from a posterior as from any prior', () => {
  const levels = new LevelDirichletDistribution<string>({}, { other: 1 });
  const c = new CategoricalEstimator<string>({ prior: levels });
  const { model } = optimize(['a', 'b', 'b'], variational(c));
  const next = c.bayes!.withPrior(model.known) as typeof c;
  expect(optimize(['c', 'a'], variational(next)).model.known.concentrationOf('a')).toBe(3);
});

it('says which model can be asked', () => {
  const record = new RecordEstimator({ x: each, y: each });
  const rows = [0, 1, 8, 9].map((x) => ({ x, y: -x }));
  const { model } = optimize(rows, variational(new MixtureEstimator([record, record])), { seed: 1 });
  const asked: readonly ((m: never) => unknown)[] = [
    (m) => marginal(m, 'x' as never),
    (m) => given(m, { x: 1 } as never),
    (m) => predict(m, rows as never),
    (m) => impute(m, { x: 1, y: null } as never),
  ];
  for (const ask of asked) {
    expect(() => ask(model as never)).toThrow(/ask the `model` of the variational one/);
    expect(() => ask(model.model as never)).not.toThrow();
  }
});

it('needs a prior somewhere', () => {
  expect(() => variational(new StudentTEstimator())).toThrow(/prior that is a distribution/);
  expect(() => variational(new CompositeEstimator([new StudentTEstimator(), poisson]))).not.toThrow();
});

it('learns the chain of a hidden Markov model as a distribution', () => {
  const pair = ['a', 'b'].map((level) => {
    const other = level === 'a' ? 'b' : 'a';
    const prior = new LevelDirichletDistribution<string>({ [level]: 30, [other]: 1 });
    return new CategoricalEstimator<string>({ prior });
  });
  const hidden = new HiddenMarkovEstimator([pair[0]!, pair[1]!]);
  const { model } = optimize(
    [
      ['a', 'a', 'a', 'b', 'b'],
      ['a', 'a', 'b', 'b'],
    ],
    variational(hidden),
    { seed: 3 },
  );
  const { initial, transitions } = model.known;
  if (!('alpha' in initial && 'rows' in transitions)) throw new Error('tables are not known as distributions');
  // Two lists start in the state that emits a; five steps stay or leave it, and two more stay in the other. One in each cell before.
  const sum = (row: ReadonlyMap<number, number>) => [...row.values()].reduce((all, a) => all + a, 0);
  expect(sum(initial.alpha)).toBeCloseTo(4, 10);
  expect(sum(transitions.rowOf(0).alpha) + sum(transitions.rowOf(1).alpha)).toBeCloseTo(4 + 7, 10);
  expect(model.model.w.reduce((all, p) => all + p, 0)).toBeCloseTo(1, 12);
  const again = hidden.bayes!.withPrior(model.known);
  expect(again.bayes!.divergence(again.bayes!.prior)).toBeCloseTo(0, 10);
});
