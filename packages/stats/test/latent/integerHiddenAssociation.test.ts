import { describe, expect, it } from 'vitest';
import { integerMultinomial, integerMultinomialEstimator } from '../../src/combinators/integerMultinomial.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { DataError, ParameterError } from '../../src/errors.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  type IntegerAssociationRow,
  IntegerHiddenAssociationDistribution,
  IntegerHiddenAssociationEstimator,
} from '../../src/latent/associations/integerHiddenAssociation.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const tables = (share: number) => ({
  states: [[share, 1 - share], [0.25, 0.75], [0.5, 0.5]],
  targets: [[0.5, 0.25, 0.125, 0.125], [0, 0.125, 0.375, 0.5]],
}); // biome-ignore format: a table to a line
const models = {
  given: integerMultinomial({ min: 0, p: [0.5, 0.25, 0.25], length: new PoissonDistribution({ lambda: 3 }) }),
  length: new PoissonDistribution({ lambda: 6 }),
};
const association = (share: number, background: number) =>
  new IntegerHiddenAssociationDistribution({ ...tables(share), background, ...models });
const sizes = { sourceCount: 3, targetCount: 4, stateCount: 2 } as const;
const children = {
  given: integerMultinomialEstimator({ min: 0, max: 2, length: new PoissonEstimator() }),
  length: new PoissonEstimator(),
};

describe('the law', () => {
  const laws = checkFamily({
    offers: PARENT,
    distributions: [association(0.75, 0.25), association(0.5, 0.25)],
    estimator: new IntegerHiddenAssociationEstimator({ ...sizes, background: 0.25, ...children }),
    keyed: new IntegerHiddenAssociationEstimator({
      ...sizes,
      background: 0.25,
      ...children,
      keys: { targets: 'shared' },
    }),
    rows: [[[], []], [[[1, 1]], []], [[], [[2, 1]]], [[[0, 0], [1, 0.5], [1, 1.5]], [[3, 0], [0, 2], [0, 1]]]], // biome-ignore format: rows
    refused: [
      3,
      null,
      [[]],
      [[], 1],
      [[1], []],
      [[[3, 1]], []],
      [[[-1, 1]], []],
      [[['0', 1]], []],
      [[], [[4, 1]]],
      [[], [[0.5, 1]]],
      [[[0, 1]], [[1, -1]]],
      [[[0, Number.NaN]], []],
      [[[0, 1]], [[1, 0.5]]],
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, without a background', () => {
  const plain = (share: number) => association(share, 0);
  const laws = checkFamily({
    offers: PARENT,
    notShown: ['parts'],
    distributions: [plain(0.75), plain(0.5)],
    estimator: new IntegerHiddenAssociationEstimator({ ...sizes, ...children }),
    keyed: new IntegerHiddenAssociationEstimator({ ...sizes, ...children, keys: { states: 'shared' } }),
    impossible: [[[], [[1, 1]]], [[[0, 0]], [[1, 1]]]], // biome-ignore format: rows
  });
  for (const { law, run } of laws) it(law, run);
});

/** Σ over all ways to give each copy of a target the background, or a copy of a source and a state. */
function enumerated(d: IntegerHiddenAssociationDistribution, [from, to]: IntegerAssociationRow): number {
  const copies = from.flatMap(([source, count]) => new Array<number>(count).fill(source));
  const drawn = to.flatMap(([target, count]) => new Array<number>(count).fill(target));
  const sum = (n: number): number => {
    if (n === drawn.length) return 1;
    let total = (d.background / 4) * sum(n + 1);
    for (const source of copies) {
      for (const s of [0, 1]) {
        const p = d.states[source]![s]! * d.targets[s]![drawn[n]!]!;
        total += ((1 - d.background) / copies.length) * p * sum(n + 1);
      }
    }
    return total;
  };
  return sum(0);
}

describe('the density', () => {
  const d = new IntegerHiddenAssociationDistribution({ ...tables(0.75), background: 0.125 });

  it('sums over all links, states and the background', () => {
    const rows: IntegerAssociationRow[] = [
      [[[0, 2], [1, 1]], [[0, 2], [3, 1]]],
      [[[2, 1]], [[1, 2]]],
      [[], [[1, 2]]],
      [[[1, 1]], []],
    ]; // biome-ignore format: a row to a line
    for (const row of rows) expect(d.density(row)).toBeCloseTo(enumerated(d, row), 14);
  });

  it('sums to 1 over all targets, and is that of the table of both', () => {
    let all = 0;
    for (let v = 0; v < 4; v++) {
      const p = 0.125 / 4 + 0.875 * (0.75 * d.targets[0]![v]! + 0.25 * d.targets[1]![v]!);
      expect(d.density([[[0, 5]], [[v, 1]]])).toBeCloseTo(p, 14);
      all += p;
    }
    expect(all).toBeCloseTo(1, 14);
  });

  it('is 0 for integers that there are not, and counts below 0', () => {
    expect(d.logDensity([[[3, 1]], []])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1]], [[4, 1]]])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1]], [[0.5, 1]]])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1]], [[0, -1]]])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1]], [[4, 0]]])).toBe(0);
  });

  it('holds counts of any size, and scores rows of other sizes as impossible', () => {
    expect(d.logDensity([[[0, 1e15]], [[0, 1e15]]])).toBeCloseTo(1e15 * Math.log(0.125 / 4 + 0.875 * 0.375), -2);
    const other = new IntegerHiddenAssociationEstimator({ ...sizes, sourceCount: 9 }).encoder().encode([[[[0, 1]], [[0, 1]]]]); // biome-ignore format: short
    const out = new Float64Array(1);
    d.seqLogDensity(other, 0, 1, out);
    expect(out[0]).toBe(-Infinity);
  });
});

describe('posteriors', () => {
  const d = new IntegerHiddenAssociationDistribution({ ...tables(0.75), background: 0.125 });

  it('of links and of states are those of the joint density, less the background', () => {
    const row: IntegerAssociationRow = [[[0, 1], [1, 3]], [[1, 9], [0, 1]]]; // biome-ignore format: short
    [1, 0].forEach((v, t) => {
      const joint = [0, 1].map((u) =>
        [0, 1].map((s) => 0.875 * [0.25, 0.75][u]! * d.states[u]![s]! * d.targets[s]![v]!),
      );
      const norm = 0.125 / 4 + joint.flat().reduce((sum, p) => sum + p, 0);
      joint.forEach((p, u) => expect(d.posterior(row)[t]![u]).toBeCloseTo((p[0]! + p[1]!) / norm, 14));
      [0, 1].forEach((s) =>
        expect(d.statePosterior(row)[t]![s]).toBeCloseTo((joint[0]![s]! + joint[1]![s]!) / norm, 14),
      );
    });
  });

  it('of an impossible target are the shares of the sources', () => {
    const only = new IntegerHiddenAssociationDistribution({ states: [[1, 0], [1, 0]], targets: [[1, 0], [0, 1]] }); // biome-ignore format: short
    expect(only.posterior([[[0, 3], [1, 1]], [[1, 1]]])).toEqual([[0.75, 0.25]]); // biome-ignore format: short
    expect(only.statePosterior([[[0, 3], [1, 1]], [[1, 1]]])).toEqual([[1, 0]]); // biome-ignore format: short
    expect(() => only.posterior([[[7, 1]], []])).toThrow(ParameterError);
  });
});

it('refuses rows by path', () => {
  const encoder = new IntegerHiddenAssociationEstimator(sizes).encoder();
  const bad = (row: unknown) => () => encoder.encode([[[], []], row as never]);
  expect(bad([[[7, 1]], []])).toThrow(DataError);
  expect(bad([[[0, 1], [7, 1]], []])).toThrow('IntegerHiddenAssociation: row 1, field "[0][1][0]" must be a source, 0 to 2, found 7'); // biome-ignore format: short
  expect(bad([[], [[0, 1], [0, 0], [9, 1]]])).toThrow('row 1, field "[1][2][0]" must be a target, 0 to 3, found 9'); // biome-ignore format: short
});

describe('IntegerHiddenAssociationEstimator', () => {
  const truth = new IntegerHiddenAssociationDistribution({
    states: Array.from({ length: 6 }, (_, u) => [0, 1, 2].map((s) => (u % 3 === s ? 0.9 : 0.05))),
    targets: [0, 1, 2].map((s) => Array.from({ length: 9 }, (_, v) => (Math.floor(v / 3) === s ? 0.3 : 1 / 60))),
    background: 0.1,
    given: integerMultinomial({
      min: 0,
      p: Array.from({ length: 6 }, () => 1 / 6),
      length: new PoissonDistribution({ lambda: 2 }),
    }),
    length: new PoissonDistribution({ lambda: 8 }),
  });
  const rows = truth.sampler(1).sample(1500);
  const known = new IntegerHiddenAssociationDistribution({
    states: truth.states,
    targets: truth.targets,
    background: 0.1,
  });
  const best = rows.reduce((sum, row) => sum + known.logDensity(row), 0);

  it.each([1, 2, 3])('finds the states that linked the integers, from seed %i', (seed) => {
    const estimator = new IntegerHiddenAssociationEstimator({
      sourceCount: 6,
      targetCount: 9,
      stateCount: 3,
      background: 0.1,
    });
    const { model, logLikelihood } = optimize(rows, estimator, { seed, maxIterations: 300 });
    expect(logLikelihood).toBeGreaterThan(best);
    // The product of both tables does not depend on the order of the states. A source has some 2,000 targets.
    for (let u = 0; u < 6; u++) {
      for (let v = 0; v < 9; v++) {
        const of = ({ states, targets }: typeof model | typeof known) =>
          states[u]!.reduce((sum, p, s) => sum + p * targets[s]![v]!, 0);
        expect(Math.abs(of(model) - of(known))).toBeLessThan(0.06);
      }
    }
  });

  it('with one state gives the shares of the targets', () => {
    const data: IntegerAssociationRow[] = [[[[0, 1]], [[0, 3], [1, 1]]], [[[1, 1], [0, 2]], [[1, 4]]]]; // biome-ignore format: short
    const { model } = optimize(data, new IntegerHiddenAssociationEstimator({ ...sizes, stateCount: 1 }));
    expect(model.targets).toEqual([[3 / 8, 5 / 8, 0, 0]]);
    expect(model.states).toEqual([[1], [1], [1]]);
  });

  it('counts nothing of a row with an impossible target but its sources and length', () => {
    const estimator = new IntegerHiddenAssociationEstimator({
      ...sizes,
      sourceCount: 2,
      targetCount: 2,
      ...{ length: children.length },
    });
    const only = new IntegerHiddenAssociationDistribution({
      states: [[1, 0], [0.5, 0.5]],
      targets: [[1, 0], [0, 1]],
      length: new PoissonDistribution({ lambda: 1 }),
    }); // biome-ignore format: short
    const columns = estimator.encoder().encode([[[[0, 1]], [[0, 3], [1, 1]]], [[[1, 1]], [[1, 2]]]]); // biome-ignore format: short
    const accumulator = estimator.accumulator(columns);
    accumulator.seqUpdate(columns, 0, 2, Float64Array.of(1, 1), only);
    const { states, targets } = accumulator.value();
    expect([[...states], [...targets]]).toEqual([[0, 0, 0, 2], [0, 0, 0, 2]]); // biome-ignore format: short
    expect(estimator.estimate(accumulator.value()).length.lambda).toBe(3);
  });

  it('gives even rows to sources and states without targets, and names such states', () => {
    const dead = new IntegerHiddenAssociationDistribution({
      states: [[1, 0], [1, 0], [1, 0]],
      targets: tables(0.5).targets,
    }); // biome-ignore format: short
    const { model, findings } = optimize([[[[0, 1]], [[0, 4]]]], new IntegerHiddenAssociationEstimator(sizes), {
      initialModel: dead,
      maxIterations: 1,
    });
    expect(model.states).toEqual([[1, 0], [0.5, 0.5], [0.5, 0.5]]); // biome-ignore format: short
    expect(model.targets).toEqual([[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]]); // biome-ignore format: short
    expect(findings.map(({ kind, path }) => [kind, path])).toContainEqual(['dead', 'targets[1]']);
  });

  it('smooths each table by its own imaginary targets, evenly or like a model', () => {
    const one = { ...sizes, stateCount: 1 };
    const even = new IntegerHiddenAssociationEstimator({ ...one, pseudoCount: { targets: 4 } });
    expect(optimize([[[[0, 1]], [[0, 4], [3, 4]]]], even).model.targets).toEqual([[5 / 12, 1 / 12, 1 / 12, 5 / 12]]); // biome-ignore format: short
    expect(even.hasPrior).toBe(true);
    const like = association(0.75, 0.25).estimator({ pseudoCount: 3 });
    const { states, targets, background } = like.estimate(like.accumulator(like.encoder().encode([])).value());
    expect(states[0]).toEqual([0.75, 0.25]);
    expect(targets).toEqual(tables(0.75).targets);
    expect(background).toBe(0.25);
  });

  it('ties tables by key, fits inside a mixture, and beside a number', () => {
    const inner = () => new IntegerHiddenAssociationEstimator({ ...sizes, keys: { targets: 'shared' } });
    const data = association(0.75, 0).sampler(3).sample(150);
    const { model } = optimize(data, new MixtureEstimator([inner(), inner()]), { seed: 1, maxIterations: 10 });
    expect(model.components[0].targets).toEqual(model.components[1].targets);
    expect(model.components[0].states).not.toEqual(model.components[1].states);
    const beside = data.map((link, i) => ({ link, size: i % 5 }));
    const record = new RecordEstimator({ link: inner(), other: inner(), size: new GaussianEstimator() });
    const { fields } = optimize(beside.map((row) => ({ ...row, other: row.link })), record, { maxIterations: 3 }).model; // biome-ignore format: short
    expect(fields.size.mu).toBeCloseTo(2, 12);
    expect(fields.link.targets).toEqual(fields.other.targets);
  });

  it.each([
    ['no states', { ...sizes, stateCount: 0 }],
    ['half a target', { ...sizes, targetCount: 0.5 }],
    ['nothing but a background', { ...sizes, background: 1 }],
    ['a prior without its number', { ...sizes, prior: { states: [[1, 0], [1, 0], [1, 0]] } }], // biome-ignore format: short
    ['a prior of other sizes', { ...sizes, pseudoCount: { states: 1 }, prior: { states: [[1, 0]] } }],
    ['sources that are no list', { ...sizes, given: new PoissonEstimator() }],
    ['a length that is a density', { ...sizes, length: new GaussianEstimator() }],
  ])('refuses %s', (_, options) => {
    expect(() => new IntegerHiddenAssociationEstimator(options as never)).toThrow(ParameterError);
  });
});

it('says so when a source is drawn that has no states', () => {
  const given = integerMultinomial({ min: 3, p: [1], length: new PoissonDistribution({ lambda: 3 }) });
  const model = new IntegerHiddenAssociationDistribution({ ...tables(0.5), background: 0, ...models, given });
  expect(() => model.sampler(1).sample(9)).toThrow(/given must be a distribution over sources in 0 … 2, found 3/);
});
