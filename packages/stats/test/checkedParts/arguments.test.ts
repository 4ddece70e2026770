/** What a third party hands to the parts of `@dml/stats/families` by mistake, where nothing else would say so. */
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../src/contract.js';
import { OptionError, ParameterError } from '../../src/errors.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import * as parts from '../../src/familyParts.js';

const estimator = new GaussianEstimator();
const model = new GaussianDistribution({ mu: 0, sigma2: 1 });
const encoder = estimator.encoder();
const columns = encoder.encode([1, 2, 3]);
const accumulator = estimator.accumulator(columns);
const root = (x: number) => ({ value: 2 - x * x, slope: -2 * x });
const bracket = { start: 1, lower: 1e-3, upper: 1e3 };
const tails = { cdf: () => Number.NaN, survival: () => Number.NaN, density: () => 1 };

/** Each of these is a silent NaN, a wrong number or an endless loop where nothing is checked. */
const MISTAKES: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
  'rows beyond the columns': [
    () => parts.scoreChild(undefined, model, columns, 0, 4, new Float64Array(4)),
    'scoreChild: end must be an integer in 0 … 3, found 4.',
  ],
  'no room for the scores': [
    () => parts.scoreChild(undefined, model, columns, 0, 3, new Float64Array(2)),
    'scoreChild: out must be a Float64Array of at least 3 numbers, found Float64Array(2).',
  ],
  'a list for the weights': [
    () => parts.initializeChild(accumulator, columns, 0, 3, [1, 1, 1] as never, {} as never),
    'initializeChild: weights must be a Float64Array of at least 3 numbers, found [1,1,1].',
  ],
  'a row number that no row has': [
    () => parts.takeColumns(encoder, columns, Int32Array.of(0, 3)),
    'takeColumns: rows[1] must be a row number below 3, found 3.',
  ],
  'a start after the end': [
    () => parts.sliceColumns(encoder, columns, 2, 1),
    'sliceColumns: end must be an integer in 2 … 3, found 1.',
  ],
  'a number of items of no rows': [
    () => parts.itemCount(encoder, columns, 0, Number.NaN),
    'itemCount: end must be an integer in 0 … 3, found NaN.',
  ],
  'columns of another child': [
    () => parts.accumulatorsOf(0, [estimator], () => undefined as unknown as Columns),
    'accumulatorsOf: schemaOf(0) must be encoded rows, found undefined.',
  ],
  'a statistic that is too short': [
    () => parts.accumulatorsOf(1, [estimator], () => columns, new Float64Array(2)),
    'accumulatorsOf: statistic must be a Float64Array of at least',
  ],
  'own numbers that are text': [
    () => parts.lengthWithChildren('1' as never, [estimator], () => columns),
    'lengthWithChildren: own must be an integer >= 0, found "1".',
  ],
  'a distribution for an estimator': [
    () => parts.anyPrior([model as never]),
    'anyPrior: estimators[0] must be an estimator, found {"type":"Gaussian"',
  ],
  'fewer models than estimators': [
    () => parts.blocksWithChildren(undefined, [], [estimator, estimator], [model]),
    'blocksWithChildren: models[1] must be a distribution, found undefined.',
  ],
  'fewer statistics than components': [
    () => parts.poolComponents([estimator, estimator], [[{ count: 1 }]]),
    'poolComponents: statistics[0] must be a list of 2 statistics, found [{"count":1}].',
  ],
  'a log-density that is no number': [
    () => parts.unimodalEntropy(() => Number.NaN, 0, {}),
    'unimodalEntropy: logDensity(0) must be a number, found NaN.',
  ],
  'a function without a value': [
    () => parts.newtonRoot((x) => ({ ...root(x), value: Number.NaN }), bracket),
    'newtonRoot: f(1) must be an object with the numbers value and slope',
  ],
  'a bracket that is turned around': [
    () => parts.newtonRoot(root, { start: 1, lower: 3, upper: 2 }),
    'newtonRoot: upper must be a number >= 3, found 2.',
  ],
  'tails that are no numbers': [
    () => parts.integerQuantile(tails, 0.5, 0, 0),
    'integerQuantile: cdf(0) must be a number, found NaN.',
  ],
  'tails that are no numbers, of a density': [
    () => parts.positiveQuantile(tails, 0.5, 1),
    'positiveQuantile: cdf(2.2250738585072014e-308) must be a number, found NaN.',
  ],
  'a percentage': [
    () => parts.positiveQuantile({ ...tails, cdf: () => 0 }, 50, 1),
    'positiveQuantile: p must be a number in [0, 1], found 50.',
  ],
  'text among numbers': [() => parts.logSumExp(['x', 0] as never), 'logSumExp: values[0] must be a number, found "x".'],
  'no weights': [
    () => parts.drawIndex(Math.random, []),
    'drawIndex: weights must be a list of at least one number, found [].',
  ],
  'a pseudo count that is text': [
    () => parts.hasImaginaryRows({ pseudoCount: '2' as never }),
    'hasImaginaryRows: pseudoCount must be a number, found "2".',
  ],
  'a column that is no name': [
    () => parts.sumsOf('X', { sum: 3 as never }, { parameterCount: 1 }),
    'sumsOf: sums.sum must be a string, found 3.',
  ],
  'columns in a list': [
    () => parts.sumsOf('X', ['x'] as never, { parameterCount: 1 }),
    'sumsOf: sums must be a record of sums other than count, which is always there, found ["x"].',
  ],
  'a sum with the name of the sum of weights': [
    () => parts.sumsOf('X', { count: 'x' } as never, { parameterCount: 1 }),
    'sumsOf: sums must be a record of sums other than count, which is always there, found {"count":"x"}.',
  ],
  'a sampler without draws': [() => parts.samplerOf(3 as never), 'samplerOf: draw must be a function, found 3.'],
  'a child without a name': [
    () => parts.childSeed(1, undefined as never),
    'childSeed: name must be a number or a string, found undefined.',
  ],
  'an option of an estimator that has none': [
    () => parts.checkEstimatorOptions('X', { key: 'a' }, {} as never),
    'X: unknown option "key"; there are none.',
  ],
  'no number of parameters': [
    () => parts.sumsOf('X', {}, {} as never),
    'sumsOf: parameterCount must be an integer >= 0, found undefined.',
  ],
  'a type of field that there is not': [
    () => parts.checkFields('X', { a: 1 }, { a: 'boolean' as never }),
    'checkFields: types.a must be number, numbers, array, string, unknown, found "boolean".',
  ],
  'a check that is none': [
    () => parts.checkParameters('X', { a: 1 }, { a: 'a number' as never }),
    'checkParameters: checks.a must be a function, found "a number".',
  ],
  'a statistic of another length': [
    () => new parts.IntegerAccumulator('X', new parts.IntegerEncoder('X').encode([1, 2]), new Float64Array(1)),
    'IntegerAccumulator: statistic must be a Float64Array of 2 numbers, found Float64Array(1).',
  ],
};

describe('a part of @dml/stats/families', () => {
  it.each(Object.entries(MISTAKES))('refuses %s by name', (_, [call, message]) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });

  it.each<readonly [string, () => unknown, string]>([
    [
      'a word for a rule',
      () => new parts.NumberEncoder('X', 'positive' as never, { x: parts.itself }),
      'found "positive"',
    ],
    ['no rule', () => new parts.NumberEncoder('X', undefined as never, { x: parts.itself }), 'rule must be'],
    [
      'a rule that accepts nothing',
      () => new parts.NumberEncoder('X', { expected: 'x' } as never, { x: parts.itself }),
      'rule must be an object with expected and accepts',
    ],
    ['a word for a column', () => new parts.NumberEncoder('X', parts.REAL, { x: 'log' } as never), 'found {"x":"log"}'],
    ['no columns', () => new parts.NumberEncoder('X', parts.REAL, {} as never), 'functions must be a function of'],
  ])('NumberEncoder refuses %s', (_, make, message) => {
    expect(make).toThrow(ParameterError);
    expect(make).toThrow(message);
  });

  it('answers as the package itself does where nothing is wrong', () => {
    const out = new Float64Array(3);
    parts.scoreChild(undefined, model, columns, 0, 3, out);
    expect([...out]).toEqual([1, 2, 3].map((x) => model.logDensity(x)));
    expect(parts.newtonRoot(root, bracket)).toBeCloseTo(Math.SQRT2, 15);
    expect(parts.logSumExp([Number.NaN, 0])).toBeNaN();
    // A fair coin has an entropy of log 2; the integers below half of a geometric distribution are 1 alone.
    expect(parts.unimodalEntropy(() => -Math.LN2, 0, { first: 0, last: 1 })).toBeCloseTo(Math.LN2, 15);
    const geometric = {
      cdf: (x: number) => (x < 1 ? 0 : 1 - 0.5 ** x),
      survival: (x: number) => (x < 1 ? 1 : 0.5 ** x),
    };
    expect([0.5, 0.75, 0.76, 1].map((p) => parts.integerQuantile(geometric, p, Number.NaN, 1))).toEqual([
      1,
      2,
      3,
      Infinity,
    ]);
    const exponential = {
      cdf: (x: number) => -Math.expm1(-x),
      survival: (x: number) => Math.exp(-x),
      density: (x: number) => Math.exp(-x),
    };
    expect(parts.positiveQuantile(exponential, 0.5, 1)).toBeCloseTo(Math.LN2, 15);
  });
});
