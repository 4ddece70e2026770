import { describe, expect, it } from 'vitest';
import { DataError, ParameterError } from '../../src/errors.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import {
  IntegerPlsiDistribution,
  IntegerPlsiEstimator,
  type IntegerPlsiRow,
} from '../../src/latent/topics/integerPlsi.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const plsi = (share: number) =>
  new IntegerPlsiDistribution({
    words: [
      [0.5, 0.25, 0.125, 0.125],
      [0, 0.125, 0.375, 0.5],
    ],
    states: [
      [share, 1 - share],
      [0.25, 0.75],
      [1, 0],
    ],
    documents: [0.5, 0.25, 0.25],
    length: new PoissonDistribution({ lambda: 8 }),
  });
const sizes = { stateCount: 2, valueCount: 4, documentCount: 3 } as const;

describe('the law', () => {
  const laws = checkFamily({
    offers: PARENT,
    distributions: [plsi(0.75), plsi(0.5)],
    estimator: new IntegerPlsiEstimator({ ...sizes, length: new PoissonEstimator() }),
    keyed: new IntegerPlsiEstimator({ ...sizes, keys: { words: 'shared' } }),
    rows: [[0, []], [1, [[1, 0]]], [0, [[3, 0.5], [3, 1.5], [0, 2]]]], // biome-ignore format: three rows
    refused: [
      3,
      null,
      [0],
      [0, 1],
      [3, []],
      [-1, []],
      ['0', []],
      [0, [1]],
      [0, [[4, 1]]],
      [0, [[0.5, 1]]],
      [0, [[1, -1]]],
      [0, [[1, Number.NaN]]],
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the density', () => {
  const d = new IntegerPlsiDistribution({
    words: plsi(0.75).words,
    states: plsi(0.75).states,
    documents: [0.5, 0.25, 0.25],
  });

  it('sums over the states of all words, and to 1 over all single words of all documents', () => {
    const row: IntegerPlsiRow = [0, [[1, 2], [3, 1]]]; // biome-ignore format: two words
    let expected = 0;
    for (let code = 0; code < 8; code++) {
      const ks = [code & 1, (code >> 1) & 1, code >> 2];
      const p = ks.reduce((product, k, n) => product * d.states[0]![k]! * d.words[k]![[1, 1, 3][n]!]!, 1);
      expected += p;
    }
    expect(d.density(row)).toBeCloseTo(0.5 * expected, 14);
    let all = 0;
    for (let document = 0; document < 3; document++)
      for (let word = 0; word < 4; word++) all += d.density([document, [[word, 1]]]);
    expect(all).toBeCloseTo(1, 14);
  });

  it('is 0 for an impossible word, which counts for no state, and 1 for one of count 0', () => {
    const only = new IntegerPlsiDistribution({ words: [[1, 0], [0, 1]], states: [[1, 0], [0.5, 0.5]], documents: [0.5, 0.5] }); // biome-ignore format: short
    expect(only.logDensity([0, [[1, 1]]])).toBe(-Infinity);
    expect(only.density([0, [[1, 0]]])).toBe(0.5);
    expect(only.posterior([0, [[1, 1]]])).toEqual([1, 0]);
    const estimator = new IntegerPlsiEstimator({ stateCount: 2, valueCount: 2, documentCount: 2 });
    const columns = estimator.encoder().encode([[0, [[0, 3], [1, 1]]], [1, [[1, 2]]]]); // biome-ignore format: short
    const accumulator = estimator.accumulator(columns);
    accumulator.seqUpdate(columns, 0, 2, Float64Array.of(1, 1), only);
    const { words, documents } = accumulator.value();
    expect([[...words], [...documents]]).toEqual([[0, 0, 0, 2], [1, 1]]); // biome-ignore format: short
  });

  it('has posteriors that are the shares of the states in the words', () => {
    const joint = [0.75 * 0.25, 0.25 * 0.125].map((p, _, all) => p / (all[0]! + all[1]!));
    d.posterior([0, [[1, 3]]]).forEach((p, k) => expect(p).toBeCloseTo(joint[k]!, 14));
    expect(d.posterior([1, []])).toEqual([0.25, 0.75]);
    expect(d.componentLogDensity([1, [[0, 2]]])).toEqual([2 * Math.log(0.5), -Infinity]);
  });
});

it('refuses rows by path', () => {
  const encoder = new IntegerPlsiEstimator(sizes).encoder();
  const bad = (row: unknown) => () => encoder.encode([[0, []], row as never]);
  expect(bad([7, []])).toThrow(DataError);
  expect(bad([7, []])).toThrow('row 1, field "[0]" must be a document, 0 to 2, found 7');
  expect(bad([0, [[0, 1], [9, 1]]])).toThrow('row 1, field "[1][1][0]" must be a word, 0 to 3, found 9'); // biome-ignore format: short
});

describe('IntegerPlsiEstimator', () => {
  it('finds the states that drew the words, from any seed', () => {
    const truth = new IntegerPlsiDistribution({
      words: [0, 1, 2].map((k) => Array.from({ length: 9 }, (_, v) => (Math.floor(v / 3) === k ? 0.3 : 1 / 60))),
      states: Array.from({ length: 12 }, (_, d) => [0, 1, 2].map((k) => (d % 3 === k ? 0.8 : 0.1))),
      documents: Array.from({ length: 12 }, () => 1 / 12),
      length: new PoissonDistribution({ lambda: 40 }),
    });
    const rows = truth.sampler(1).sample(600);
    for (const seed of [1, 2]) {
      const estimator = new IntegerPlsiEstimator({ stateCount: 3, valueCount: 9, documentCount: 12 });
      const { model, logLikelihood } = optimize(rows, estimator, { seed, maxIterations: 300 });
      const own = model.words.map((row) => [0, 1, 2].map((k) => row[3 * k]! + row[3 * k + 1]! + row[3 * k + 2]!));
      expect(own.map((shares) => shares.indexOf(Math.max(...shares))).sort()).toEqual([0, 1, 2]);
      const plain = new IntegerPlsiDistribution({
        words: truth.words,
        states: truth.states,
        documents: truth.documents,
      });
      expect(logLikelihood).toBeGreaterThan(rows.reduce((sum, row) => sum + plain.logDensity(row), 0));
    }
  });

  it('with one state gives the words of all rows', () => {
    const rows: IntegerPlsiRow[] = [[0, [[0, 3], [1, 1]]], [1, [[1, 4]]]]; // biome-ignore format: short
    const { model } = optimize(rows, new IntegerPlsiEstimator({ stateCount: 1, valueCount: 3, documentCount: 2 }));
    expect(model.words).toEqual([[3 / 8, 5 / 8, 0]]);
    expect(model.states).toEqual([[1], [1]]);
  });

  it('gives an even row to a document without words, and names a state without any', () => {
    const dead = new IntegerPlsiDistribution({ words: [[0.5, 0.5], [0.5, 0.5]], states: [[1, 0], [1, 0]], documents: [0.5, 0.5] }); // biome-ignore format: short
    const estimator = new IntegerPlsiEstimator({ stateCount: 2, valueCount: 2, documentCount: 2 });
    const { model, findings } = optimize([[0, [[1, 4]]]], estimator, { initialModel: dead, maxIterations: 1 });
    expect(model.states).toEqual([[1, 0], [0.5, 0.5]]); // biome-ignore format: short
    expect(model.documents).toEqual([1, 0]);
    expect(findings.map(({ kind, path }) => [kind, path])).toContainEqual(['dead', 'words[1]']);
  });

  it('smooths each table by its own imaginary words', () => {
    const estimator = new IntegerPlsiEstimator({ ...sizes, stateCount: 1, pseudoCount: { words: 4, documents: 3 } });
    const { model } = optimize([[0, [[0, 4]]], [1, [[3, 4]]]], estimator); // biome-ignore format: short
    expect(model.words[0]).toEqual([5 / 12, 1 / 12, 1 / 12, 5 / 12]);
    expect(model.documents).toEqual([2 / 5, 2 / 5, 1 / 5]);
    expect(estimator.hasPrior).toBe(true);
  });

  it('fits inside a mixture', () => {
    const inner = () => new IntegerPlsiEstimator({ ...sizes, keys: { words: 'shared' } });
    const rows = plsi(0.75).sampler(3).sample(100);
    const { model } = optimize(rows, new MixtureEstimator([inner(), inner()]), { seed: 1, maxIterations: 10 });
    expect(model.components[0].words).toEqual(model.components[1].words);
  });

  it.each([
    ['no states', { ...sizes, stateCount: 0 }],
    ['half a word', { ...sizes, valueCount: 0.5 }],
    ['a prior without its number', { ...sizes, prior: { documents: [1, 0, 0] } }],
    ['a prior of other documents', { ...sizes, pseudoCount: { documents: 1 }, prior: { documents: [1] } }],
  ])('refuses %s', (_, options) => {
    expect(() => new IntegerPlsiEstimator(options)).toThrow(ParameterError);
  });
});
