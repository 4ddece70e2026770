import { describe, expect, it } from 'vitest';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import type { ColumnRows } from '../../src/contract.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const person = (mu: number, left: number) =>
  new RecordDistribution({
    height: new GaussianDistribution({ mu, sigma2: 81 }),
    hand: new CategoricalDistribution({ left, right: 1 - left }),
  });
const estimators = { height: new GaussianEstimator(), hand: new CategoricalEstimator() };

const laws = checkFamily({
  offers: [...PARENT, 'isUnbounded', 'rowCodes', 'squaredDistances', 'pooling', 'marginalOf', 'conditioned'],
  notShown: ['rowCodes'],
  distributions: [person(170, 0.25), person(100, 0.5)],
  unbounded: {
    distribution: new RecordDistribution({ x: new GammaDistribution({ shape: 0.5, scale: 1 }) }),
    pole: { x: 0 },
  },
  estimator: new RecordEstimator(estimators),
  keyed: new RecordEstimator(estimators, { key: 'shared' }),
  refused: [
    null,
    7,
    'x',
    [170, 'left'],
    {},
    { height: 170 },
    { height: '170', hand: 'left' },
    { height: Number.NaN, hand: 'left' },
  ],
  impossible: [{ height: 170, hand: 'both' }],
  parameters: (d: ReturnType<typeof person>) => [
    d.fields.height.mu,
    d.fields.height.sigma2,
    d.fields.hand.density('left'),
  ],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for levels', () => {
  const coded = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'rowCodes', 'squaredDistances', 'marginalOf', 'conditioned'],
    notShown: ['isUnbounded', 'kind'],
    distributions: [new RecordDistribution({ hand: new CategoricalDistribution({ left: 0.25, right: 0.75 }) })],
    estimator: new RecordEstimator({ hand: new CategoricalEstimator() }),
  });
  for (const { law, run } of coded) it(law, run);
});

describe('rows that are kept as columns', () => {
  const encoder = new RecordEstimator(estimators).encoder();
  type Person = { readonly height: number; readonly hand: string };

  /** Rows of which no index can be read. */
  function columnRows(heights: Float64Array, hands: readonly string[]): ColumnRows<Person> {
    const column = (name: string, start: number, end: number) =>
      name === 'height' ? heights.subarray(start, end) : hands.slice(start, end);
    const target = Object.assign(new Array<Person>(heights.length), { column });
    const get = (_: unknown, key: string | symbol) => {
      if (typeof key === 'string' && /^\d/.test(key)) throw new Error(`row ${key} was read`);
      return Reflect.get(target, key);
    };
    return new Proxy<typeof target>(target, { get });
  }

  it.each([0, 2, 70_000])('are encoded without a row: %i', (count) => {
    const heights = Float64Array.from({ length: count }, (_, i) => 150 + (i % 50));
    const hands = Array.from({ length: count }, (_, i) => (i > 66_000 ? 'both' : i % 3 === 0 ? 'left' : 'right'));
    const rows = hands.map((hand, i) => ({ height: heights[i]!, hand }));
    expect(encoder.encode(columnRows(heights, hands))).toEqual(encoder.encode(rows));
  });

  it('are refused with row and field', () => {
    const heights = new Float64Array(70_000);
    heights[66_000] = Number.NaN;
    const rows = columnRows(
      heights,
      Array.from(heights, () => 'left'),
    );
    expect(() => encoder.encode(rows)).toThrow(
      'Gaussian: row 66000, field "height" must be a finite number, found NaN.',
    );
  });
});
