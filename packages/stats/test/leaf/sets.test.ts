/** Sets of more items than the kernels copy, and sets that all hold an item. */
import { describe, expect, it } from 'vitest';
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
} from '../../src/families/integerBernoulliSet.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { SLOT_LENGTH } from '../../src/numeric/kernels/index.js';
import { numbersOf } from '../numeric/kernels/numbers.js';

const ITEMS = SLOT_LENGTH + 100;
const random = numbersOf(7);
const everyItem = Array.from({ length: ITEMS }, (_, j) => j);
/** The first holds more than the kernels take at once, and so do the next hundreds together. */
const rows = Array.from({ length: 3000 }, (_, row) =>
  row === 0 ? everyItem : everyItem.slice(row, row + 20).filter(() => random() < 0.5),
);
const setOf = () => new IntegerBernoulliSetDistribution({ p: everyItem.map(() => 0.001 + 0.998 * random()) });

describe('sets of many items', () => {
  it('are refused where a statistic was made for fewer, which kernels would write behind', () => {
    const e = new IntegerBernoulliSetEstimator();
    const columns = e.encoder().encode(rows);
    const few = e.accumulator(e.encoder().encode([[0], [2]]));
    const update = () => few.seqUpdate(columns, 0, 10, new Float64Array(10).fill(1));
    expect(update).toThrow(/codes: entries must be in 0 … \d+, found \d+/);
  });

  it('score as the product of the probabilities of all items', () => {
    const set = setOf();
    const out = new Float64Array(rows.length);
    set.seqLogDensity(set.encoder().encode(rows), 0, rows.length, out);
    const ofNone = set.p.reduce((sum, p) => sum + Math.log1p(-p), 0);
    rows.forEach((row, i) => {
      const score = row.reduce((sum, j) => sum + Math.log(set.p[j]!) - Math.log1p(-set.p[j]!), ofNone);
      expect(Math.abs(out[i]! - score)).toBeLessThan(1e-12 * Math.abs(ofNone));
    });
  });

  it('are counted, each with its weight in a component of a mixture', () => {
    const model = new MixtureDistribution([setOf(), setOf()], { w: [0.5, 0.5] });
    const e = new IntegerBernoulliSetEstimator();
    const { model: next } = optimize(rows, new MixtureEstimator([e, e]), {
      ...{ initialModel: model, maxIterations: 1, delta: null, acceleration: 'none' },
    });
    const shares = rows.map((row) => model.posterior(row)[0]!);
    const total = shares.reduce((sum, share) => sum + share, 0);
    const held = new Float64Array(ITEMS);
    rows.forEach((row, i) => {
      for (const j of row) held[j]! += shares[i]!;
    });
    held.forEach((weight, j) => expect(next.components[0].p[j]).toBeCloseTo(weight / total, 10));
  });
});

describe('an item that all sets of a component hold', () => {
  it('makes a set without it impossible there', () => {
    const certain = new IntegerBernoulliSetDistribution({ p: [1, 0.25, 1, 0.5] });
    const some = [[0, 1, 2], [0, 1], [2, 0], [], [3, 2, 1], [2, 3, 0]];
    const out = new Float64Array(some.length);
    certain.seqLogDensity(certain.encoder().encode(some), 0, some.length, out);
    expect(Array.from(out, Math.exp)).toEqual([0.125, 0, 0.375, 0, 0, 0.375].map((p) => expect.closeTo(p, 15)));
  });
});
