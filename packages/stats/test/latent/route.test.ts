import { describe, expect, it } from 'vitest';
import { concatColumns, sameEncoder, sliceColumns, takeColumns } from '../../src/columns/columns.js';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { ConditionalDistribution, ConditionalEstimator } from '../../src/combinators/conditional.js';
import { IgnoredEstimator } from '../../src/combinators/ignored.js';
import { NullEstimator } from '../../src/combinators/null.js';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import { SelectEstimator } from '../../src/combinators/select.js';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import { WeightedEstimator } from '../../src/combinators/weighted.js';
import type { AnyDistribution, AnyEstimator } from '../../src/contract.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../src/families/diagonalGaussian.js';
import { ExponentialDistribution, ExponentialEstimator } from '../../src/families/exponential.js';
import { GammaDistribution, GammaEstimator } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { GeometricDistribution } from '../../src/families/geometric.js';
import { IntegerCategoricalDistribution } from '../../src/families/integerCategorical.js';
import { LogGaussianDistribution, LogGaussianEstimator } from '../../src/families/logGaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { StudentTDistribution } from '../../src/families/studentT.js';
import { UniformDistribution } from '../../src/families/uniform.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import {
  HierarchicalMixtureDistribution,
  HierarchicalMixtureEstimator,
} from '../../src/latent/hierarchicalMixture/hierarchicalMixture.js';
import { IntegerMarkovChainEstimator } from '../../src/latent/markovChain/integerMarkovChain.js';
import { MarkovChainEstimator } from '../../src/latent/markovChain/markovChain.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { VectorEncoder } from '../../src/leaf/vectors/vectors.js';
import { checkFamily } from '../../src/testing/index.js';
import { MIXTURE, MIXTURE_QUERIES, PARENT } from '../offers.js';

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });
const exponential = new ExponentialDistribution({ mean: 0.5 });
const both = (mu: number) => new MixtureDistribution([gaussian(mu), exponential], { w: [0.5, 0.5] });
const estimator = new MixtureEstimator([new GaussianEstimator(), new ExponentialEstimator()]);

/** Scores of all rows by columns. */
function scores(model: AnyDistribution, rows: readonly unknown[]): number[] {
  const out = new Float64Array(rows.length);
  model.seqLogDensity(model.encoder().encode(rows), 0, rows.length, out);
  return [...out];
}

describe('a mixture of a Gaussian and an exponential obeys the law', () => {
  const laws = checkFamily({
    offers: [...MIXTURE, ...MIXTURE_QUERIES, 'pooling'],
    notShown: ['isUnbounded', 'kind', 'rowCodes'],
    distributions: [both(-3), both(6)],
    estimator,
    refused: [Number.NaN, 'x', null],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('a hidden Markov model with states of several families obeys the law', () => {
  const hmm = (mu: number) =>
    new HiddenMarkovDistribution([gaussian(mu), exponential, gaussian(mu + 9)], {
      w: [0.5, 0.25, 0.25],
      transitions: [
        [0.8, 0.1, 0.1],
        [0.3, 0.5, 0.2],
        [0.1, 0.1, 0.8],
      ],
      length: new PoissonDistribution({ lambda: 4 }),
    });
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
    notShown: ['isUnbounded', 'kind', 'pooling', 'marginalOf'],
    distributions: [hmm(-3), hmm(5)],
    estimator: new HiddenMarkovEstimator(
      [new GaussianEstimator(), new ExponentialEstimator(), new GaussianEstimator()],
      {
        length: new PoissonEstimator(),
      },
    ),
    refused: [5, ['x'], [Number.NaN]],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the columns of one component score as the component alone', () => {
  const families: Readonly<Record<string, AnyDistribution>> = {
    Gaussian: gaussian(3, 4),
    LogGaussian: new LogGaussianDistribution({ mu: 1, sigma2: 0.5 }),
    Gamma: new GammaDistribution({ shape: 3, scale: 1 }),
    StudentT: new StudentTDistribution({ location: 3, scale: 1, degreesOfFreedom: 4 }),
    Uniform: new UniformDistribution({ min: 1, max: 6 }),
    Poisson: new PoissonDistribution({ lambda: 3 }),
    Geometric: new GeometricDistribution({ p: 0.3 }),
    IntegerCategorical: new IntegerCategoricalDistribution({ min: 1, p: [0.2, 0.3, 0.5] }),
    Categorical: new CategoricalDistribution([
      [1, 0.5],
      [2, 0.5],
    ]),
  };
  const rows = [-2, -0.5, 0, 1, 1, 2, 2.5, 3, 7];
  for (const [first, f] of Object.entries(families)) {
    for (const [second, g] of Object.entries(families)) {
      it(`${first} beside ${second}`, () => {
        const d = new MixtureDistribution([f, g], { w: [0.4, 0.6] });
        const taken = rows.filter((x) => d.encoder().violation!(x) === undefined);
        const expected = taken.map((x) => Math.log(0.4 * f.density(x) + 0.6 * g.density(x)));
        const found = scores(d, taken);
        found.forEach((v, i) =>
          expected[i] === -Infinity ? expect(v).toBe(-Infinity) : expect(v).toBeCloseTo(expected[i]!, 11),
        );
      });
    }
  }
});

/** One EM step of a mixture of two families on numbers, from the separate scores and nothing else. */
function bruteForce(
  model: MixtureDistribution<readonly AnyDistribution[]>,
  parts: readonly AnyEstimator[],
  rows: readonly number[],
) {
  const shares = rows.map((x) => {
    const joint = model.components.map((f, k) => model.w[k]! * f.density(x));
    const total = joint.reduce((a, b) => a + b);
    return joint.map((v) => v / total);
  });
  const components = parts.map((part, k) => {
    const held = rows.flatMap((x, i) => (shares[i]![k]! > 0 ? [{ x, w: shares[i]![k]! }] : []));
    const columns = part.encoder().encode(held.map(({ x }) => x));
    const accumulator = part.accumulator(columns);
    accumulator.begin?.(model.components[k]! as never, columns, { float64: (n) => new Float64Array(n) });
    accumulator.seqUpdate(
      columns,
      0,
      held.length,
      Float64Array.from(held, ({ w }) => w),
      model.components[k]! as never,
    );
    return part.estimate(accumulator.value());
  });
  const w = parts.map((_, k) => shares.reduce((sum, share) => sum + share[k]!, 0) / rows.length);
  return new MixtureDistribution(components, { w });
}

describe('EM over several families is EM on the separate scores', () => {
  const rows = [
    ...gaussian(-2, 0.5).sampler(1).sample(80),
    ...new GammaDistribution({ shape: 4, scale: 1 }).sampler(2).sample(120),
  ];
  const cases: Readonly<Record<string, { parts: readonly AnyEstimator[]; start: readonly AnyDistribution[] }>> = {
    'Gaussian, LogGaussian': {
      parts: [new GaussianEstimator(), new LogGaussianEstimator()],
      start: [gaussian(-1), new LogGaussianDistribution({ mu: 1, sigma2: 1 })],
    },
    'Gaussian, Gamma': {
      parts: [new GaussianEstimator(), new GammaEstimator()],
      start: [gaussian(-1), new GammaDistribution({ shape: 1, scale: 1 })],
    },
    'Gaussian, StudentT, Uniform': {
      parts: [
        gaussian(0).estimator(),
        new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 5 }).estimator(),
        new UniformDistribution({ min: -9, max: 20 }).estimator(),
      ],
      start: [
        gaussian(-1),
        new StudentTDistribution({ location: 4, scale: 1, degreesOfFreedom: 5 }),
        new UniformDistribution({ min: -9, max: 20 }),
      ],
    },
  };
  for (const [name, { parts, start }] of Object.entries(cases)) {
    it(name, () => {
      const initialModel = new MixtureDistribution(start, { w: start.map(() => 1 / start.length) });
      let expected: MixtureDistribution<readonly AnyDistribution[]> = initialModel;
      for (let step = 0; step < 5; step++) expected = bruteForce(expected, parts, rows);
      const found = optimize(rows, new MixtureEstimator(parts), {
        initialModel,
        maxIterations: 5,
        delta: null,
        acceleration: 'none',
      }).model;
      found.w.forEach((w, k) => expect(w).toBeCloseTo(expected.w[k]!, 9));
      const probes = [-3, -1, 0.5, 2, 4, 9];
      for (const x of probes) expect(found.logDensity(x)).toBeCloseTo(expected.logDensity(x), 7);
    });
  }

  it('in the states of a hidden Markov model too', () => {
    // Lists of one item: the states are the components of a mixture with weights w.
    const start = [gaussian(-1), new LogGaussianDistribution({ mu: 1, sigma2: 1 })] as const;
    const parts = [new GaussianEstimator(), new LogGaussianEstimator()] as const;
    const even = [0.5, 0.5];
    const hmm = optimize(
      rows.map((x) => [x]),
      new HiddenMarkovEstimator(parts),
      {
        initialModel: new HiddenMarkovDistribution(start, { w: even, transitions: [even, even] }),
        maxIterations: 4,
        delta: null,
      },
    ).model;
    const mixture = optimize(rows, new MixtureEstimator(parts), {
      initialModel: new MixtureDistribution(start, { w: even }),
      maxIterations: 4,
      delta: null,
    }).model;
    hmm.w.forEach((w, k) => expect(w).toBeCloseTo(mixture.w[k]!, 9));
    expect(hmm.emissions[0].mu).toBeCloseTo(mixture.components[0].mu, 9);
    expect(hmm.emissions[1].sigma2).toBeCloseTo(mixture.components[1].sigma2, 9);
  });

  it('in the topics of a hierarchical mixture too', () => {
    const topics = [gaussian(-1), new LogGaussianDistribution({ mu: 1, sigma2: 1 })] as const;
    const d = new HierarchicalMixtureDistribution(topics, { w: [1], tau: [[0.5, 0.5]] });
    const bags = rows.map((x) => [x]);
    scores(d, bags).forEach((v, i) => expect(v).toBeCloseTo(d.logDensity(bags[i]!), 11));
    const parts = [new GaussianEstimator(), new LogGaussianEstimator()] as const;
    const options = { maxIterations: 4, delta: null };
    const bag = optimize(bags, new HierarchicalMixtureEstimator(parts, { mixtureCount: 1 }), {
      initialModel: d,
      ...options,
    }).model;
    const initialModel = new MixtureDistribution(topics, { w: [0.5, 0.5] });
    const mixture = optimize(rows, new MixtureEstimator(parts), { initialModel, ...options }).model;
    expect(bag.topics[0].mu).toBeCloseTo(mixture.components[0].mu, 9);
    expect(bag.tau[0]![0]).toBeCloseTo(mixture.w[0]!, 9);
  });
});

it('keeps fields apart when records name them in another order', () => {
  const d = new MixtureDistribution(
    [
      new RecordDistribution({ a: gaussian(0), b: gaussian(100) }),
      new RecordDistribution({ b: gaussian(100), a: gaussian(0) }),
    ],
    { w: [0.5, 0.5] },
  );
  const row = { a: 0, b: 100 };
  expect(scores(d, [row])[0]).toBeCloseTo(2 * gaussian(0).logDensity(0), 12);
  const e = new GaussianEstimator();
  const rows = Array.from({ length: 40 }, (_, i) => ({ a: Math.sin(i), b: 100 + Math.cos(i) }));
  const { model } = optimize(
    rows,
    new MixtureEstimator([new RecordEstimator({ a: e, b: e }), new RecordEstimator({ b: e, a: e })]),
  );
  for (const { fields } of model.components) {
    expect(Math.abs(fields.a.mu)).toBeLessThan(2);
    expect(Math.abs(fields.b.mu - 100)).toBeLessThan(2);
  }
});

it('scores a row outside the support of one component by the others', () => {
  const d = both(-3);
  expect(d.posterior(-1)).toEqual([1, 0]);
  expect(d.logDensity(-1)).toBeCloseTo(Math.log(0.5) + d.components[0].logDensity(-1), 12);
});

it('refuses a row that no component can hold, naming row, path and what each would take', () => {
  const counts = new MixtureEstimator([new PoissonEstimator(), new ExponentialEstimator()]);
  expect(() => optimize([1, -2], counts)).toThrow(/row 1 must be an integer >= 0.*, or a .*>= 0, found -2/);
  const records = new MixtureEstimator([
    new RecordEstimator({ n: new PoissonEstimator() }),
    new RecordEstimator({ n: new ExponentialEstimator() }),
  ]);
  expect(() => optimize([{ n: 1 }, { n: 2 }, { n: -2 }], records)).toThrow(/row 2, field "n" must be .*found -2/);
  expect(() =>
    optimize([[1], [2, -2]], new HiddenMarkovEstimator([new PoissonEstimator(), new ExponentialEstimator()])),
  ).toThrow(/row 1, field "\[1\]" must be .*found -2/);
});

it('separates a Gaussian from an exponential, from either start', () => {
  const rows = both(-6).sampler(1).sample(4000);
  for (const start of ['random', 'kmeans++'] as const) {
    const { model } = optimize(rows, estimator, { seed: 2, start });
    expect(model.w[0]).toBeCloseTo(0.5, 1);
    expect(model.components[0].mu).toBeCloseTo(-6, 0);
  }
});

it('encodes conditionals over different families apart', () => {
  const given = new CategoricalDistribution({ a: 1 });
  const d = new MixtureDistribution(
    [
      new ConditionalDistribution({ a: gaussian(0) }, { given }),
      new ConditionalDistribution({ a: new PoissonDistribution({ lambda: 2 }) }, { given }),
    ],
    { w: [0.5, 0.5] },
  );
  expect(scores(d, [['a', 3]])[0]).toBeCloseTo(d.logDensity(['a', 3]), 12);
  expect(d.posterior(['a', 3])[1]).toBeGreaterThan(0.9);
});

describe('mixtures of mixtures', () => {
  const inner = (mu: number) => new MixtureDistribution([gaussian(mu), exponential], { w: [0.3, 0.7] });
  const rows = [-4, 0.5, 3, -1];

  it('share the columns of equal inner mixtures', () => {
    const d = new MixtureDistribution([inner(-3), inner(2)], { w: [0.5, 0.5] });
    expect(sameEncoder(d.encoder(), inner(0).encoder())).toBe(true);
    scores(d, rows).forEach((v, i) => expect(v).toBeCloseTo(d.logDensity(rows[i]!), 12));
  });

  it('route at both levels', () => {
    const d = new MixtureDistribution([inner(-3), gaussian(2)], { w: [0.5, 0.5] });
    scores(d, rows).forEach((v, i) => expect(v).toBeCloseTo(d.logDensity(rows[i]!), 12));
    const nested = new MixtureEstimator([estimator, new GaussianEstimator()]);
    const { model } = optimize(d.sampler(3).sample(500), nested, { seed: 1 });
    scores(model, rows).forEach((v, i) => expect(v).toBeCloseTo(model.logDensity(rows[i]!), 12));
  });

  it('read columns that the estimator made with more groups than the model has', () => {
    // A given component knows its dimension, an estimator learns it from the rows.
    const known = new DiagonalGaussianDistribution({ mu: [0, 0], sigma2: [1, 1] });
    const free = new MixtureEstimator([new IgnoredEstimator(known), new DiagonalGaussianEstimator()]);
    const vectors = Array.from({ length: 60 }, (_, i) => (i % 2 ? [Math.sin(i), Math.cos(i)] : [9 + Math.sin(i), 9]));
    for (const e of [free, new MixtureEstimator([free, free])] as readonly AnyEstimator[]) {
      const { model } = optimize(vectors, e, { validation: vectors, seed: 1 });
      scores(model, vectors).forEach((v, i) => expect(v).toBeCloseTo(model.logDensity(vectors[i]! as never), 10));
    }
  });
});

describe('routed columns', () => {
  const encoder = new MixtureDistribution([new PoissonDistribution({ lambda: 2 }), gaussian(0)], {
    w: [0.5, 0.5],
  }).encoder();
  const rows = Array.from({ length: 100 }, (_, i) => (i % 5) - 1);
  const columns = encoder.encode(rows);

  it('are equal for equal rows', () => {
    const poissons = new MixtureDistribution(
      [new PoissonDistribution({ lambda: 2 }), new GeometricDistribution({ p: 0.5 })],
      { w: [0.5, 0.5] },
    );
    const counts = rows.map((x) => x + 1);
    const { codes } = poissons.encoder().rowCodes!(poissons.encoder().encode(counts), 0, 100)!;
    for (let i = 0; i < 100; i++)
      for (let j = 0; j < 100; j++) expect(codes[i] === codes[j]).toBe(counts[i] === counts[j]);
    expect(encoder.rowCodes!(columns, 0, 100)).toBeUndefined(); // Gaussian rows are not compared
  });

  it('measure the mean of the distances that there are', () => {
    const out = new Float64Array(100);
    encoder.squaredDistances!(columns)!(1, out);
    expect(out[1]).toBe(0);
    // Among themselves the counts 0 … 3 have variance 1.25, all rows -1 … 3 have variance 2.
    expect(out[3]).toBeCloseTo((4 / 2.5 + 4 / 4) / 2, 12);
    expect(out[0]).toBeCloseTo((1 + 1 / 4) / 2, 12);
  });

  it('survive being cut, picked and joined', () => {
    const parts = [sliceColumns(encoder, columns, 0, 30), sliceColumns(encoder, columns, 30, 100)];
    expect(concatColumns(encoder, parts)).toEqual(columns);
    const picked = Int32Array.of(7, 5, 5, 99);
    expect(takeColumns(encoder, columns, picked)).toEqual(encoder.encode([...picked].map((row) => rows[row]!)));
  });
});

it('never takes encoders of a third party for equal unless they say so', () => {
  /** A class outside the package, with a private field. */
  class Scaled extends VectorEncoder {
    readonly #scale: number;
    constructor(...scale: readonly number[]) {
      super('Scaled', 1);
      this.#scale = scale[0] ?? 1;
    }
    override encode(rows: readonly (readonly number[])[]) {
      return super.encode(rows.map((row) => row.map((x) => x * this.#scale)));
    }
  }
  // The `sameAs` that they inherit compares what their parent knows.
  expect(new Scaled(1).sameAs(new Scaled(2))).toBe(true);
  expect(sameEncoder(new Scaled(1), new Scaled(2))).toBe(false);
  const plain = new VectorEncoder('Plain', 1);
  expect(sameEncoder(plain, new Scaled(2))).toBe(false);
  expect(sameEncoder(new Scaled(2), plain)).toBe(false);
  const one = new Scaled(1);
  expect(sameEncoder(one, one)).toBe(true);

  class Shifted {
    readonly #shift: number;
    constructor(...shift: readonly number[]) {
      this.#shift = shift[0] ?? 0;
    }
    encode(rows: readonly unknown[]) {
      return { rowCount: rows.length, x: Float64Array.from(rows as readonly number[], (x) => x + this.#shift) };
    }
  }
  expect(sameEncoder(new Shifted(1), new Shifted(1))).toBe(false);
  const shifted = new Shifted(1);
  expect(sameEncoder(shifted, shifted)).toBe(true);
});

describe('equal encoders', () => {
  const [e, poisson, level] = [new GaussianEstimator(), new PoissonEstimator(), new CategoricalEstimator<string>()];
  const mixture = (...parts: AnyEstimator[]) => new MixtureEstimator(parts);
  const choose = (x: unknown) => (typeof x === 'number' ? 0 : 1);
  /** Pairs of estimators: the encoders of the first two are equal, the third's is another. */
  const cases: Readonly<Record<string, readonly [AnyEstimator, AnyEstimator, AnyEstimator]>> = {
    Composite: [
      new CompositeEstimator([e, poisson]),
      new CompositeEstimator([e, poisson]),
      new CompositeEstimator([poisson, e]),
    ],
    'Composite of other length': [
      new CompositeEstimator([e]),
      new CompositeEstimator([e]),
      new CompositeEstimator([e, e]),
    ],
    Record: [new RecordEstimator({ a: e }), new RecordEstimator({ a: e }), new RecordEstimator({ b: e })],
    'Record in another order': [
      new RecordEstimator({ a: e, b: e }),
      new RecordEstimator({ a: e, b: e }),
      new RecordEstimator({ b: e, a: e }),
    ],
    Optional: [new OptionalEstimator(e), new OptionalEstimator(e), new OptionalEstimator(poisson)],
    'Optional with another missing value': [
      new OptionalEstimator(e, { missing: Number.NaN }),
      new OptionalEstimator(e, { missing: Number.NaN }),
      new OptionalEstimator(e),
    ],
    Sequence: [new SequenceEstimator(e), new SequenceEstimator(e), new SequenceEstimator(poisson)],
    'Sequence with a length': [
      new SequenceEstimator(e, { length: poisson }),
      new SequenceEstimator(e, { length: poisson }),
      new SequenceEstimator(e),
    ],
    Conditional: [
      new ConditionalEstimator({ a: e, b: poisson }),
      new ConditionalEstimator({ a: e, b: poisson }),
      new ConditionalEstimator({ b: poisson, a: e }),
    ],
    'Conditional with other levels': [
      new ConditionalEstimator({ a: e }, { otherwise: e }),
      new ConditionalEstimator({ a: e }, { otherwise: e }),
      new ConditionalEstimator({ a: e, b: e }),
    ],
    Select: [
      new SelectEstimator([e, level], { choose }),
      new SelectEstimator([e, level], { choose }),
      new SelectEstimator([e, level], { choose: () => 0 }),
    ],
    Weighted: [new WeightedEstimator(e), new WeightedEstimator(e), new WeightedEstimator(poisson)],
    Null: [new NullEstimator(), new NullEstimator(), e],
    Ignored: [new IgnoredEstimator(gaussian(0)), e, poisson],
    Mixture: [mixture(e, e), mixture(e, e), mixture(poisson)],
    'Mixture and component': [mixture(e, e), e, poisson],
    'Mixture of two families': [mixture(e, poisson), mixture(e, poisson), mixture(poisson, e)],
    'Mixture of two families in other groups': [mixture(e, e, poisson), mixture(e, e, poisson), mixture(e, poisson, e)],
    HiddenMarkov: [
      new HiddenMarkovEstimator([e, e]),
      new SequenceEstimator(e),
      new HiddenMarkovEstimator([e, poisson]),
    ],
    HierarchicalMixture: [
      new HierarchicalMixtureEstimator([e, e], { mixtureCount: 2 }),
      new HierarchicalMixtureEstimator([e], { mixtureCount: 3 }),
      new HierarchicalMixtureEstimator([poisson], { mixtureCount: 2 }),
    ],
    MarkovChain: [
      new MarkovChainEstimator(),
      new MarkovChainEstimator(),
      new MarkovChainEstimator({ length: poisson }),
    ],
    IntegerMarkovChain: [
      new IntegerMarkovChainEstimator({ valueCount: 3 }),
      new IntegerMarkovChainEstimator({ valueCount: 3 }),
      new IntegerMarkovChainEstimator({ valueCount: 3, lag: 2 }),
    ],
    'IntegerMarkovChain of other values': [
      new IntegerMarkovChainEstimator({ valueCount: 3, length: poisson }),
      new IntegerMarkovChainEstimator({ valueCount: 3, length: poisson }),
      new IntegerMarkovChainEstimator({ valueCount: 4, length: poisson }),
    ],
  };
  it.each(Object.entries(cases))('are known and told apart: %s', (_, [one, same, other]) => {
    expect(sameEncoder(one.encoder(), same.encoder())).toBe(true);
    expect(sameEncoder(same.encoder(), one.encoder())).toBe(true);
    expect(sameEncoder(one.encoder(), other.encoder())).toBe(false);
    expect(sameEncoder(other.encoder(), same.encoder())).toBe(false);
  });
});
