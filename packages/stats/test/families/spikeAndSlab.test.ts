import { describe, expect, it } from 'vitest';
import { RecordEstimator } from '../../src/combinators/record.js';
import {
  SpikeAndSlabDistribution,
  SpikeAndSlabEstimator,
  type SpikeAndSlabOptions,
} from '../../src/families/spikeAndSlab.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';
import fc from '../property.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'slice', 'take', 'concat', 'rowCodes', 'seqInitialize', 'sameAs'],
  distributions: [
    new SpikeAndSlabDistribution({ min: 0, max: 5, spike: 2, p: 0.4 }),
    new SpikeAndSlabDistribution({ min: -4, max: 6, spike: -4, p: 0.75 }),
    new SpikeAndSlabDistribution({ min: 1, max: 3, spike: 2, p: 0 }),
    new SpikeAndSlabDistribution({ min: 3, max: 3, spike: 3, p: 1 }),
  ],
  estimator: new SpikeAndSlabEstimator(),
  keyed: new SpikeAndSlabEstimator({ key: 'shared' }),
  refused: [0.5, Number.NaN, Infinity, 2 ** 53, '1', null, undefined, true],
  impossible: [-5, 7, 1e15],
  support: { integers: [-10, 10] },
  moments: {
    of: (x: number) => x,
    mean: (d: SpikeAndSlabDistribution) => d.mean,
    sd: (d: SpikeAndSlabDistribution) => Math.sqrt(d.variance),
  },
  parameters: ({ min, max, spike, p }: SpikeAndSlabDistribution) => [min, max, spike, p],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

const fit = (rows: readonly number[], options: SpikeAndSlabOptions = {}) =>
  optimize(rows, new SpikeAndSlabEstimator(options));
const withoutRows = (options: SpikeAndSlabOptions = {}) =>
  new SpikeAndSlabEstimator(options).estimate({ values: new Float64Array(0), counts: new Float64Array(0) });

describe('SpikeAndSlab', () => {
  it('refuses a spike outside the range, and a range of one integer with room for others', () => {
    const make = (min: number, max: number, spike: number, p: number) => () =>
      new SpikeAndSlabDistribution({ min, max, spike, p });
    expect(make(0, 4, 5, 0.5)).toThrow('spike must be an integer in min … max, found 5');
    expect(make(4, 0, 4, 0.5)).toThrow('max must be an integer in min');
    expect(make(2, 2, 2, 0.5)).toThrow('p must be 1');
    expect(make(-(2 ** 52), 2 ** 52, 0, 0.5)).toThrow('max must be');
  });

  it('estimates what no other spike and probability makes more likely', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 1, maxLength: 12 }), (rows) => {
        const { model, logLikelihood } = fit(rows);
        const [min, max] = [Math.min(...rows), Math.max(...rows)];
        expect([model.min, model.max]).toEqual([min, max]);
        for (let spike = min; spike <= max; spike++) {
          for (const p of [0, 0.1, 0.25, 0.5, 0.9, 1, rows.filter((x) => x === spike).length / rows.length]) {
            if (min === max && p < 1) continue;
            const other = new SpikeAndSlabDistribution({ min, max, spike, p });
            const score = rows.reduce((sum, x) => sum + other.logDensity(x), 0);
            expect(score).toBeLessThanOrEqual(logLikelihood + 1e-9);
            if (score > logLikelihood - 1e-12) expect(model.spike).toBeLessThanOrEqual(spike); // the first of several
          }
        }
      }),
    );
  });

  it('finds a gap where that is most likely, and says that it is impossible', () => {
    const { model, findings } = fit([0, 1, 3, 4, 5, 0, 1, 3, 4, 5]);
    expect(model).toMatchObject({ spike: 2, p: 0 });
    expect(findings[0]).toMatchObject({ kind: 'degenerate', message: expect.stringContaining('no row is 2') });
    const far = fit([1, 1, 2 ** 40]).model; // no list of all integers between
    expect(far).toMatchObject({ min: 1, max: 2 ** 40, spike: 1, p: 2 / 3 });
  });

  it('is a point mass for equal rows, and all alike without rows', () => {
    expect(fit([7, 7]).model).toMatchObject({ min: 7, max: 7, spike: 7, p: 1 });
    const wide = fit([7, 7], { min: 5, max: 8 });
    expect(wide.model).toMatchObject({ min: 5, max: 8, spike: 7, p: 1 });
    expect(wide.findings[0]!.kind).toBe('degenerate');
    expect(withoutRows()).toMatchObject({ min: 0, max: 0, p: 1 });
    expect(withoutRows({ min: 2, max: 5 })).toMatchObject({ min: 2, max: 5, p: 0.25 });
    expect(fit([1, 9, 4], { pseudoCount: 0 }).model.max).toBe(9);
  });

  it('adds imaginary rows evenly, or distributed as a prior that may reach beyond the rows', () => {
    // 3 of 4 rows at 1; 4 imaginary rows, one at each of 0 … 3.
    expect(fit([1, 1, 1, 3], { min: 0, max: 3, pseudoCount: 4 }).model).toMatchObject({ spike: 1, p: 4 / 8 });
    // 6 imaginary rows: 3 at 4, one at each of 1, 2, 3.
    const prior = { spike: 4, p: 0.5 };
    expect(fit([4, 1], { pseudoCount: 6, prior }).model).toMatchObject({ min: 1, max: 4, spike: 4, p: 4 / 8 });
    expect(fit([1, 1, 2, 1, 1], { pseudoCount: 6, prior }).model).toMatchObject({ spike: 1, p: 5 / 11 });
    expect(withoutRows({ pseudoCount: 6, prior })).toMatchObject({ min: 4, max: 4, p: 1 });
    expect(() => new SpikeAndSlabEstimator({ min: 0 })).toThrow('max must be an integer, given with the other end');
  });

  it('keeps its range when it is estimated again', () => {
    const d = new SpikeAndSlabDistribution({ min: -2, max: 7, spike: 3, p: 0.5 });
    expect(optimize([3, 4, 3], d.estimator()).model).toMatchObject({ min: -2, max: 7, spike: 3 });
    const { model } = optimize([4], d.estimator({ pseudoCount: 9 }));
    // 9 imaginary rows: 4.5 at 3, half a row at each other integer.
    expect(model).toMatchObject({ min: -2, max: 7, spike: 3, p: 0.45 });
  });

  it('finds two spikes again in a mixture, in records, hidden Markov models and under keys', () => {
    const at = (spike: number) => new SpikeAndSlabDistribution({ min: 0, max: 19, spike, p: 0.9 });
    const truth = new MixtureDistribution([at(3), at(15)], { w: [0.4, 0.6] });
    const rows = truth.sampler(5).sample(4000);
    const e = new SpikeAndSlabEstimator({ min: 0, max: 19 });
    const { model } = optimize(rows, new MixtureEstimator([e, e]), { seed: 1, maxIterations: 200 });
    expect(model.components.map(({ spike }) => spike).sort((a, b) => a - b)).toEqual([3, 15]);
    const lists = Array.from({ length: 200 }, (_, i) => rows.slice(4 * i, 4 * i + 4));
    const hidden = optimize(lists, new HiddenMarkovEstimator([e, e]), { seed: 1 }).model;
    expect(hidden.emissions.map(({ spike }) => spike).sort((a, b) => a - b)).toEqual([3, 15]);
    const tied = new SpikeAndSlabEstimator({ min: 0, max: 19, key: 'both' });
    const pairs = rows.slice(0, 300).map((x) => ({ a: x, b: 15 }));
    const { fields } = optimize(pairs, new RecordEstimator({ a: tied, b: tied })).model;
    expect(fields.a).toEqual(fields.b);
  });
});
