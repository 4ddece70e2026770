/** The kit can fail: each law is broken once, by a family that is right but for one thing, and the kit must name that law. */
import { describe, expect, it } from 'vitest';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { type GaussianColumns, GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { itself, NumberEncoder, REAL } from '../../src/leaf/numberEncoder.js';
import { checkFamily, type FamilyLaws, type OptionalMember } from '../../src/testing/index.js';
import { LEAF, MIXTURE, QUERIES } from '../offers.js';

const right: FamilyLaws = {
  offers: [...LEAF, ...QUERIES, 'sameAs', 'children', 'begin', 'pooling'],
  distributions: [new GaussianDistribution({ mu: 1, sigma2: 2 })],
  estimator: new GaussianEstimator(),
  keyed: new GaussianEstimator({ key: 'k' }),
  refused: [Number.NaN, 'x'],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: GaussianDistribution) => d.mu,
    sd: (d: GaussianDistribution) => Math.sqrt(d.sigma2),
  },
  parameters: (d: GaussianDistribution) => [d.mu, d.sigma2],
};

const broken = (laws: FamilyLaws) =>
  checkFamily(laws)
    .filter(({ run }) => {
      try {
        run();
        return false;
      } catch {
        return true;
      }
    })
    .map(({ law }) => law);

/** The same family, said to have more optional members. */
function offering(member: OptionalMember, laws: FamilyLaws): FamilyLaws {
  return { ...laws, offers: [...laws.offers!, member] };
}

/** A Gaussian with some members replaced. */
function distribution(change: (d: GaussianDistribution) => Partial<GaussianDistribution>): FamilyLaws {
  const d = new GaussianDistribution({ mu: 1, sigma2: 2 });
  for (const [name, value] of Object.entries(change(new GaussianDistribution({ mu: 1, sigma2: 2 })))) {
    Object.defineProperty(d, name, { value });
  }
  return { ...right, distributions: [d] };
}

/** A Gaussian with an answer to a query. */
function answering(member: OptionalMember, answer: unknown): FamilyLaws {
  return offering(
    member,
    distribution(() => ({ [member]: answer })),
  );
}

/** The encoder of the distribution and of the estimator, with some methods replaced. */
function encoder(change: (e: NumberEncoder) => object): FamilyLaws {
  const made = () => new NumberEncoder('Gaussian', REAL, { x: itself });
  const changed = () => Object.assign(made(), change(made()));
  const d = Object.assign(new GaussianDistribution({ mu: 1, sigma2: 2 }), { encoder: changed });
  return { ...right, distributions: [d], estimator: Object.assign(new GaussianEstimator(), { encoder: changed }) };
}

type Accumulator = ReturnType<GaussianEstimator['accumulator']>;

/** An estimator whose accumulators have some methods replaced. */
function accumulator(change: (a: Accumulator) => object): FamilyLaws {
  const estimator = new GaussianEstimator();
  const make = estimator.accumulator.bind(estimator);
  return {
    ...right,
    estimator: Object.assign(estimator, {
      accumulator(schema: GaussianColumns, statistic?: Float64Array) {
        const made = make(schema, statistic);
        const original = Object.fromEntries(
          ['begin', 'seqUpdate', 'combine', 'value', 'fromValue'].map((name) => [
            name,
            (made[name as 'value'] as () => never).bind(made),
          ]),
        );
        return Object.assign(made, change(original as unknown as Accumulator));
      },
    }),
  };
}

function estimate(
  change: (model: GaussianDistribution, statistic: { sum: number }) => GaussianDistribution,
): FamilyLaws {
  const estimator = new GaussianEstimator();
  const original = estimator.estimate.bind(estimator);
  return {
    ...right,
    estimator: Object.assign(estimator, {
      estimate: (statistic: Parameters<typeof original>[0]) => change(original(statistic), statistic),
    }),
  };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

const faults: readonly (readonly [fault: string, laws: FamilyLaws, law: string])[] = [
  [
    'columns that score 1e-6 more',
    distribution((d) => ({
      seqLogDensity(columns, start, end, out) {
        d.seqLogDensity(columns, start, end, out);
        for (let i = 0; i < end - start; i++) out[i]! += 1e-6;
      },
    })),
    'scores columns as it scores single rows',
  ],
  [
    'a block that starts at the wrong row',
    distribution((d) => ({
      seqLogDensity: (columns, start, end, out) =>
        d.seqLogDensity(columns, start === 0 ? 0 : start - 1, end - (start === 0 ? 0 : 1), out),
    })),
    'scores blocks of any cut alike, and writes nothing outside its block',
  ],
  [
    'writing behind the block',
    distribution((d) => ({
      seqLogDensity(columns, start, end, out) {
        d.seqLogDensity(columns, start, end, out);
        out[end - start] = 0;
      },
    })),
    'scores blocks of any cut alike, and writes nothing outside its block',
  ],
  [
    'adding that replaces',
    distribution((d) => ({ seqAddLogDensity: d.seqLogDensity.bind(d) })),
    'adds log-densities where it can add directly',
  ],
  [
    'a density that is not exp',
    distribution(() => ({ density: () => 0.1 })),
    'gives density as the exponential of logDensity',
  ],
  [
    'NaN scored -Infinity',
    distribution((d) => ({ logDensity: (x) => (Number.isNaN(x) ? -Infinity : d.logDensity(x)) })),
    'scores NaN as NaN where a row is a number',
  ],
  [
    'a density without its normalizer',
    distribution((d) => ({ logDensity: (x) => d.logDensity(x) + 0.01, density: (x) => d.density(x) * Math.exp(0.01) })),
    'has a density that sums to 1',
  ],
  [
    'a sampler of another variance',
    distribution(() => ({ sampler: (seed) => new GaussianDistribution({ mu: 1, sigma2: 2.4 }).sampler(seed) })),
    'draws samples with the mean and variance of the distribution',
  ],
  [
    'a sampler that ignores its seed',
    distribution((d) => ({ sampler: () => d.sampler(1) })),
    'draws equal rows from equal seeds, one by one or many at once',
  ],
  [
    'an encoder that changes its rows',
    encoder((e) => ({
      encode: (rows: number[]) => {
        const columns = e.encode(rows);
        rows[0] = 99;
        return columns;
      },
    })),
    'encodes the same rows to the same columns, without changing them',
  ],
  [
    'a slice from row 0',
    encoder(() => ({
      slice: ({ x }: GaussianColumns, start: number, end: number) => ({
        rowCount: end - start,
        x: x.subarray(0, end - start),
      }),
    })),
    'slices columns as if the rows had been encoded alone',
  ],
  [
    'a take that sorts',
    encoder(() => ({
      take: ({ x }: GaussianColumns, rows: Int32Array) => ({
        rowCount: rows.length,
        x: Float64Array.from(rows.slice().sort(), (r) => x[r]!),
      }),
    })),
    'takes rows from columns, in any order and repeatedly',
  ],
  [
    'a concat that forgets the last part',
    encoder(() => ({
      concat(parts: GaussianColumns[]) {
        const x = parts.slice(0, -1).flatMap((part) => [...part.x]);
        return { rowCount: x.length, x: Float64Array.from(x) };
      },
    })),
    'joins columns as if all rows had been encoded at once, parts without rows included',
  ],
  [
    'distances that are not symmetric',
    encoder(() => ({
      squaredDistances:
        ({ x }: GaussianColumns) =>
        (row: number, out: Float64Array) => {
          for (let i = 0; i < x.length; i++) out[i]! += Math.abs(x[i]! - x[row]!) * (2 + Math.sin(x[row]!));
        },
    })),
    'measures distances that are finite, symmetric and zero for the row itself',
  ],
  [
    'row codes that take near rows for equal',
    offering(
      'rowCodes',
      encoder(() => ({
        rowCodes: ({ x }: GaussianColumns, start: number, end: number) => ({
          codes: Int32Array.from(x.subarray(start, end), (v) => (v > 0 ? 1 : 0)),
          count: 2,
        }),
      })),
    ),
    'gives equal codes only to rows that score alike, and the same to a slice',
  ],
  [
    'a violation that is none',
    encoder(() => ({ violation: (row: unknown) => ({ path: [], expected: 'x', found: row }) })),
    'finds no fault in rows that it encodes',
  ],
  [
    'an encoder that takes NaN for 0',
    encoder((e) => ({ encode: (rows: number[]) => e.encode(rows.map((x) => (Number.isNaN(x) ? 0 : x))) })),
    'refuses bad rows with a DataError that names the row',
  ],
  [
    'JSON that loses digits',
    distribution(() => ({ toJSON: () => ({ type: 'Gaussian', mu: 1, sigma2: 1.9999999 }) as never })),
    'is the same model, to the bit, after toJSON, JSON text and fromJSON',
  ],
  [
    'a statistic that is not additive over blocks',
    accumulator((a) => ({
      seqUpdate: (c: GaussianColumns, s: number, e: number, w: Float64Array) =>
        a.seqUpdate(c, s, Math.max(s, e - 1), w),
    })),
    'estimates the same from blocks of any cut',
  ],
  [
    'a combine that replaces',
    accumulator((a) => ({ combine: a.fromValue })),
    'merges statistics in any grouping, into an empty one too',
  ],
  [
    'weights that are ignored',
    accumulator((a) => ({
      seqUpdate: (c: GaussianColumns, s: number, e: number, w: Float64Array) =>
        a.seqUpdate(
          c,
          s,
          e,
          w.map(() => 1),
        ),
    })),
    'takes a row with weight w as w equal rows',
  ],
  [
    'weights of zero that count a little',
    accumulator((a) => ({
      seqUpdate: (c: GaussianColumns, s: number, e: number, w: Float64Array) =>
        a.seqUpdate(
          c,
          s,
          e,
          w.map((v) => v + 1e-3),
        ),
    })),
    'takes a row of weight zero as absent',
  ],
  [
    'weights read behind the block',
    accumulator((a) => ({
      seqUpdate(c: GaussianColumns, s: number, e: number, w: Float64Array) {
        const scale = w.length > 0 ? w.reduce((x, y) => x + y) / w.length : 1;
        a.seqUpdate(
          c,
          s,
          e,
          w.map((v) => (v * scale) / scale),
        );
      },
    })),
    'reads only the weights of its block, and leaves them as they are',
  ],
  [
    'a value that is the accumulator',
    accumulator((a) => {
      const shared = { count: 0, sum: 0, sumOfSquares: 0, origin: 0 };
      return { value: () => Object.assign(shared, a.value()) };
    }),
    'gives a value that later rows do not change, and changes none that it is given',
  ],
  [
    'an estimate that changes the statistic',
    estimate((model, statistic) => {
      statistic.sum = 0;
      return model;
    }),
    'estimates without changing the statistic, and the same twice',
  ],
  [
    'a flat statistic that is not used',
    accumulator((a) => {
      const own = new GaussianEstimator().accumulator({ rowCount: 0, x: new Float64Array(0) });
      void a;
      return {
        begin: own.begin.bind(own),
        seqUpdate: own.seqUpdate.bind(own),
        value: own.value.bind(own),
        combine: own.combine.bind(own),
        fromValue: own.fromValue.bind(own),
      };
    }),
    'sums into a flat vector as into an object',
  ],
  [
    'a fromValue that does nothing',
    accumulator(() => ({ fromValue: () => undefined })),
    'pools the statistics of nodes tied by a key',
  ],
  [
    'an estimate of twice the variance',
    estimate(({ mu, sigma2 }) => new GaussianDistribution({ mu, sigma2: 2 * sigma2 })),
    'recovers the parameters of the distribution that drew the rows',
  ],
  [
    'an estimate that gets worse and worse',
    (() => {
      let calls = 0;
      return estimate(({ mu, sigma2 }) => new GaussianDistribution({ mu: mu + 0.1 * calls++, sigma2 }));
    })(),
    'never lowers the likelihood in an EM iteration',
  ],
  [
    'a NaN for weight zero',
    estimate((model) =>
      model.mu === 0 && model.sigma2 === 1
        ? Object.assign(model, { toJSON: () => ({ type: 'Gaussian', mu: Number.NaN, sigma2: 1 }) })
        : model,
    ),
    'estimates defined parameters from weight zero',
  ],
  [
    'samples outside the support',
    {
      distributions: [
        Object.assign(new CategoricalDistribution({ a: 0.5, b: 0.5 }), {
          sampler: (seed: number) => new CategoricalDistribution({ a: 0.5, c: 0.5 }).sampler(seed),
        }),
      ],
    },
    'draws only rows that it can encode and that are possible',
  ],
  [
    'an E step that scores otherwise',
    offering(
      'score',
      accumulator(() => ({
        score(d: GaussianDistribution, c: GaussianColumns, s: number, e: number, out: Float64Array) {
          d.seqLogDensity(c, s, e, out);
          out[0]! += 1;
        },
      })),
    ),
    'scores in the E step as seqLogDensity does',
  ],
  [
    'an absorb that trusts the last score',
    offering(
      'score',
      accumulator((a) => {
        let at: number | undefined;
        return {
          score(d: GaussianDistribution, c: GaussianColumns, s: number, e: number, out: Float64Array) {
            at = s;
            d.seqLogDensity(c, s, e, out);
          },
          seqUpdate: (c: GaussianColumns, s: number, e: number, w: Float64Array) =>
            a.seqUpdate(c, at ?? s, (at ?? s) + e - s, w),
        };
      }),
    ),
    'scores again when the rows are not those it scored last',
  ],
  [
    'no leaf rows',
    offering(
      'itemCount',
      encoder(() => ({ itemCount: () => 0 })),
    ),
    'counts at least one leaf row for a row, additively',
  ],
  ['a mean that is a median', answering('mean', 1.3), 'has the mean of its samples'],
  ['a standard deviation for a variance', answering('variance', Math.SQRT2), 'has the variance of its samples'],
  ['covariances of another scale', answering('covariance', [[2.5]]), 'has the covariances of its samples'],
  ['a mode beside the top', answering('mode', 1.5), 'has no denser row than its mode'],
  ['an entropy in bits', answering('entropy', 2.5471), 'has the mean of -log f as its entropy'],
  [
    'a distribution function of the standard Gaussian',
    answering('cdf', (x: number) => 1 / (1 + Math.exp(-1.7 * x))),
    'has a distribution function that its density and its samples agree with',
  ],
  [
    'a survival function that is the distribution function',
    {
      ...offering(
        'survival',
        distribution(() => ({ survival: logistic, cdf: logistic }) as object),
      ),
    },
    'has a survival function that is 1 - cdf',
  ],
  [
    'quantiles that are a little too large',
    offering(
      'quantile',
      distribution(() => ({ cdf: logistic, quantile: (p: number) => Math.log(p / (1 - p)) + 0.01 }) as object),
    ),
    'inverts its distribution function',
  ],
  [
    'a promised member that is gone',
    encoder(() => ({ squaredDistances: undefined })),
    'has the optional members that it offers, and no others',
  ],
  [
    'a member that nobody tests',
    { ...right, offers: right.offers!.filter((member) => member !== 'seqAddLogDensity') },
    'has the optional members that it offers, and no others',
  ],
  [
    'a pooled statistic of the first part alone',
    {
      ...right,
      estimator: Object.defineProperty(new GaussianEstimator(), 'pooling', {
        value: { kind: 'Gaussian', pool: (parts: readonly unknown[]) => parts[0] },
      }),
    },
    'holds a component of one row at the floor that all rows give',
  ],
  [
    'a violation that names another reason than encode',
    encoder((e) => ({ violation: (row: unknown) => e.violation(row) && { path: [], expected: 'x', found: row } })),
    'says of a bad row alone what encode says',
  ],
  [
    'an encoder that takes every encoder for the same',
    offering(
      'sameAs',
      encoder(() => ({ sameAs: () => true })),
    ),
    'takes only encoders of the same columns for the same',
  ],
  [
    'an encoder that takes no encoder for the same',
    offering(
      'sameAs',
      encoder(() => ({ sameAs: () => false })),
    ),
    'takes only encoders of the same columns for the same',
  ],
  [
    'parts that are good where the row is bad',
    offering(
      'parts',
      encoder((e) => ({ parts: () => [{ value: 1, encoder: e }] })),
    ),
    'shows its children each part of a row, and a bad part of a bad row',
  ],
  [
    'a pole that is not told',
    {
      ...offering(
        'isUnbounded',
        distribution(() => ({ isUnbounded: false }) as object),
      ),
      unbounded: { distribution: distribution(() => ({ logDensity: () => Infinity })).distributions[0]!, pole: 0 },
    },
    'says where its density has no upper bound',
  ],
  [
    'a sum of scores that forgets a row',
    offering(
      'scoreSum',
      accumulator(() => ({
        scoreSum: (d: GaussianDistribution, c: GaussianColumns, s: number, e: number) =>
          c.x.subarray(s + 1, e).reduce((sum, x) => sum + d.logDensity(x), 0),
      })),
    ),
    'sums the scores of the E step',
  ],
  [
    'a pass that adds to the pass before',
    accumulator((a) => ({ fromValue: (value: never) => void (a.value().count === 0 && a.fromValue(value)) })),
    'begins another pass as if it were the first',
  ],
  [
    'a child that is no part of the statistic',
    accumulator(() => {
      const other = new GaussianEstimator().accumulator({ rowCount: 0, x: new Float64Array(0) });
      let calls = 0;
      return {
        children: [
          { value: () => calls++, combine: other.combine.bind(other), fromValue: other.fromValue.bind(other) },
        ],
      };
    }),
    'names the nodes below it, whose statistics are parts of its own',
  ],
  [
    'a count of no free parameters',
    { ...right, estimator: Object.assign(new GaussianEstimator(), { parameterBlocks: () => [] }) },
    'counts its free parameters',
  ],
  [
    'a start that ignores its draws',
    offering(
      'seqInitialize',
      accumulator((a) => ({ seqInitialize: a.seqUpdate })),
    ),
    'draws its start below a hidden variable, the same from the same seed',
  ],
  [
    'labels that are not read',
    {
      ...offering('takesLabels', right),
      estimator: Object.assign(new GaussianEstimator(), { takesLabels: true }),
    },
    'starts from the labels that the user gives',
  ],
  [
    'a prior that is not told',
    distribution(() => ({ estimator: () => new GaussianEstimator() })),
    'says when imaginary rows enter its estimate',
  ],
  [
    'a default for what is missing in JSON',
    {
      ...right,
      distributions: [
        new (class extends GaussianDistribution {
          static override fromJSON = () => new GaussianDistribution({ mu: 0, sigma2: 1 });
        })({ mu: 0, sigma2: 1 }),
      ],
    },
    'rejects plain data without parameters',
  ],
  [
    'an estimator of another family',
    distribution(() => ({ estimator: () => new CategoricalEstimator() as never })),
    'makes an estimator of its own shape, with its pseudo counts',
  ],
  [
    'an estimator that knows more than its options say',
    estimate(({ mu, sigma2 }) => new GaussianDistribution({ mu: mu + 1e-12, sigma2 })),
    'has an estimator that is equal, to the bit, after JSON text',
  ],
  [
    'an encoder that wants rows',
    encoder((e) => ({
      encode(rows: number[]) {
        if (rows.length === 0) throw new TypeError('no rows');
        return e.encode(rows);
      },
    })),
    'encodes and scores an empty list',
  ],
  [
    'an estimate that dies of equal rows',
    estimate((model) => {
      if (model.sigma2 === 1) throw new TypeError('variance');
      return model;
    }),
    'fits no rows, one row or equal rows, or says clearly why not',
  ],
  [
    'a field beside the parameters, which a console shows',
    { ...right, distributions: [Object.assign(new GaussianDistribution({ mu: 1, sigma2: 2 }), { logNormalizer: 0 })] },
    'prints its class and its parameters, and nothing else',
  ],
  [
    'columns that score otherwise, in a mixture',
    distribution((d) => ({ logDensity: (x) => d.logDensity(x) * 1.001 })),
    'is scored and fitted as a component of a mixture',
  ],
  [
    'an estimate that dies of no rows',
    estimate((model) => {
      if (model.mu === 0) throw new TypeError('mean');
      return model;
    }),
    'survives as a component that no row belongs to',
  ],
  ['a key that gets lost', { ...right, keyed: new GaussianEstimator() }, 'hands its key and kind to its accumulators'],
  ['a row that is possible', { ...right, impossible: [0] }, 'scores impossible rows as -Infinity'],
  [
    'a start that leaves a level impossible',
    {
      distributions: [new CategoricalDistribution({ a: 0.5, b: 0.5 })],
      estimator: Object.assign(new CategoricalEstimator(), {
        estimate: () => new CategoricalDistribution({ a: 1 }),
      }),
    },
    'starts from any seed, the same from the same, with every row possible',
  ],
];

describe('checkFamily', () => {
  it('finds nothing wrong with a family that is right', () => {
    expect(broken(right)).toEqual([]);
  });

  it.each(faults)('finds %s', (_, laws, law) => {
    expect(broken(laws)).toContain(law);
  });

  it('leaves no law without a fault that breaks it', () => {
    const tested = new Set(faults.map(([, , law]) => law));
    const offers = [...LEAF, ...MIXTURE, ...QUERIES, 'covariance', 'pooling'] as const;
    const all = checkFamily({ ...right, offers, impossible: [] });
    const untested = all.map(({ law }) => law).filter((law) => !tested.has(law));
    expect(untested).toEqual([]);
  });

  it('fails for a law that no given distribution shows, unless that is said', () => {
    const laws = offering(
      'rowCodes',
      encoder(() => ({ rowCodes: () => undefined })),
    );
    expect(broken(laws)).toEqual(['gives equal codes only to rows that score alike, and the same to a slice']);
    expect(broken({ ...laws, notShown: ['rowCodes'] })).toEqual([]);
  });

  it('refuses to check nothing', () => {
    expect(() => checkFamily({ distributions: [] })).toThrow('at least one distribution');
  });
});
