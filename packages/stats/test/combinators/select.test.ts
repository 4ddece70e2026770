import { describe, expect, expectTypeOf, it } from 'vitest';
import { SelectDistribution, SelectEstimator } from '../../src/combinators/select.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { modelFromJSON } from '../../src/models/modelTypes.js';

const gaussian = new GaussianDistribution({ mu: 2, sigma2: 1 });
const choose = (x: number | string) => (typeof x === 'string' ? 0 : 1);
const either = new SelectDistribution([new CategoricalDistribution<string>({ a: 0.3, b: 0.7 }), gaussian], { choose });
const rows = ['a', 1.5, 'b', -0.25, 'a', 2, 'a'];

describe('a select', () => {
  it('scores each row by the distribution of its class, in blocks of any cut', () => {
    const columns = either.encoder().encode(rows);
    const expected = rows.map((x) => either.logDensity(x));
    expect(expected[1]).toBe(gaussian.logDensity(1.5));
    for (const cut of [0, 1, 3, 7]) {
      const out = new Float64Array(7);
      either.seqLogDensity(columns, 0, cut, out);
      either.seqLogDensity(columns, cut, 7, out.subarray(cut));
      expect([...out]).toEqual(expected);
    }
  });

  it('fits each class to its own rows', () => {
    const estimator = new SelectEstimator([new CategoricalEstimator<string>(), new GaussianEstimator()], { choose });
    const { model } = optimize(rows, estimator, { weights: [1, 2, 1, 1, 1, 0, 1] });
    expect(model.dists[0].p.get('a')).toBe(0.75);
    expect(model.dists[1].mu).toBeCloseTo((2 * 1.5 - 0.25) / 3, 15);
    expectTypeOf(model.dists[1].mu).toEqualTypeOf<number>();
    // @ts-expect-error a row is a string or a number
    expect(() => estimator.encoder().encode([null])).toThrow(expect.objectContaining({ code: 'DATA' }));
  });

  it('cuts, takes and joins columns', () => {
    const encoder = either.encoder();
    const columns = encoder.encode(rows);
    const scores = (c: typeof columns) => {
      const out = new Float64Array(c.rowCount);
      either.seqLogDensity(c, 0, c.rowCount, out);
      return [...out];
    };
    const expected = scores(columns);
    expect(scores(encoder.slice(columns, 2, 6))).toEqual(expected.slice(2, 6));
    expect(scores(encoder.take(columns, Int32Array.of(6, 1, 1)))).toEqual([expected[6], expected[1], expected[1]]);
    const parts = [encoder.encode([]), encoder.slice(columns, 0, 3), encoder.slice(columns, 3, 7)];
    expect(scores(encoder.concat(parts))).toEqual(expected);
  });

  it('refuses a row without a class, and scores it as impossible', () => {
    const odd = new SelectDistribution([gaussian], { choose: (x: number) => (x < 0 ? -1 : 0) });
    expect(() => odd.encoder().encode([1, -1])).toThrow(expect.objectContaining({ code: 'DATA', row: 1 }));
    expect(odd.logDensity(-1)).toBe(-Infinity);
  });

  it('draws rows of a given class only', () => {
    expect(
      either
        .sampleGiven(0, 1)
        .sample(2)
        .every((x) => typeof x === 'string'),
    ).toBe(true);
    expect(() => either.sampler(1)).toThrow(expect.objectContaining({ code: 'PARAMETER' }));
  });

  it('needs its function again after it was read from a file', () => {
    const read = modelFromJSON(JSON.parse(JSON.stringify(either))) as typeof either;
    expect(() => read.logDensity(1)).toThrow(expect.objectContaining({ code: 'PARAMETER' }));
    expect(read.withChoose(choose).logDensity('b')).toBe(either.logDensity('b'));
  });

  it('names the row on which the function of the user throws', () => {
    const lengthOf = (x: string | number) => ((x as string).trim().length > 0 ? 0 : 1);
    const throws = new SelectDistribution([new CategoricalDistribution<string>({ a: 1 }), gaussian], {
      choose: lengthOf as never,
    });
    let thrown: unknown;
    try {
      throws.encoder().encode(['a', 2] as never);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'DATA', row: 1, message: expect.stringContaining('trim is not a function') });
    expect((thrown as Error).cause).toBeInstanceOf(TypeError);
    expect(throws.logDensity(2 as never)).toBeNaN();
    expect(throws.encoder().violation(2)).toMatchObject({ expected: expect.stringContaining('it threw') });
  });
});
