/** What the calls that take weights do with rows of weight 0. */
import { describe, expect, it } from 'vitest';
import {
  bestOf,
  chooseComponents,
  GaussianEstimator,
  informationCriteria,
  initialize,
  kFold,
  MarkovChainEstimator,
  MixtureEstimator,
  optimize,
  seqEncode,
  seqEstimate,
  seqInitialize,
  standardErrors,
  WeibullDistribution,
  WeibullEstimator,
} from '../../src/index.js';

const rows = new WeibullDistribution({ shape: 2, scale: 3 }).sampler(1).sample(60);
const mixtureOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => new WeibullEstimator()));
const two = mixtureOf(2);

/** The rows with others of weight 0 among them: at the start, in the middle and at the end. */
const among = [1e300, ...rows.slice(0, 30), -5, Number.NaN, ...rows.slice(30), 1e-300];
const weights = among.map((x) => (rows.includes(x) ? 1 : 0));
/** The number of each row among the others. */
const numberOf = (row: number): number => row + (row < 30 ? 1 : 3);

describe('a row of weight 0 is as if absent', () => {
  const options = { maxIterations: 5, seed: 3 };

  it.each<[string, (list: readonly number[], more: { readonly weights?: readonly number[] }) => unknown]>([
    ['optimize', (list, more) => optimize(list, two, { ...options, ...more })],
    ['initialize', (list, more) => initialize(list, two, { seed: 3, ...more })],
    ['bestOf', (list, more) => bestOf(list, two, { ...options, ...more, trials: 2 })],
    ['chooseComponents', (list, more) => chooseComponents(list, mixtureOf, { ...options, ...more, to: 2, trials: 2 })],
    ['standardErrors', (list, more) => standardErrors(list, two, { ...options, ...more, replicates: 3 })],
    ['informationCriteria', (list, more) => informationCriteria(list, two, optimize(rows, two, options).model, more)],
  ])('to %s', (_, call) => {
    expect(call(among, { weights })).toEqual(call(rows, {}));
  });

  it('to kFold, whose folds have the numbers of the rows that were given', () => {
    const without = kFold(rows, two, { ...options, folds: 3 });
    const found = kFold(among, two, { ...options, folds: 3, weights });
    const renumbered = without.folds.map((fold) => ({ ...fold, rows: fold.rows.map(numberOf) }));
    expect(found).toEqual({ ...without, folds: renumbered });
    const least = { folds: 3, weights: [1, 0, 1, 0] };
    expect(() => kFold([1, 2, 3, 4], new GaussianEstimator(), least)).toThrow('at most the number of rows, 2');
  });

  it('to the responsibilities of a start, one list for each row that was given', () => {
    const shares = rows.map((x) => [x, 1]);
    const all = among.map((x, i) => (weights[i] === 0 ? [0, 0] : [x, 1]));
    const without = optimize(rows, two, { ...options, responsibilities: shares });
    expect(optimize(among, two, { ...options, responsibilities: all, weights })).toEqual(without);
    const bad = all.map((shares, i) => (i === 2 ? [0, 0] : shares));
    expect(() => optimize(among, two, { responsibilities: bad, weights })).toThrow('responsibilities: [2]');
  });

  it('to columns that are encoded, but for what describes them', () => {
    const gaussians = new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]);
    const finite = among.map((x) => (Number.isNaN(x) ? 7 : x));
    const [columns, all] = [seqEncode(rows, gaussians), seqEncode(finite, gaussians)];
    const start = seqInitialize(columns, gaussians, { seed: 3 });
    expect(seqInitialize(all, gaussians, { seed: 3, weights })).toEqual(start);
    expect(seqEstimate(all, gaussians, start, { weights })).toEqual(seqEstimate(columns, gaussians, start));
  });
});

it('says which of the rows that were given is bad', () => {
  const weights = [1, 0, 1, 1];
  const chain = new MarkovChainEstimator<string>({ fixedInitial: { a: 1 }, fixedTransitions: { a: { a: 1 } } });
  expect(() => optimize([['a'], ['b'], ['a'], ['c']], chain, { weights })).toThrow('The first such row is row 3.');
  const gaussian = new GaussianEstimator();
  expect(() => optimize([1, 2, 3, 'x' as never], gaussian, { weights })).toThrow('row 3 must be');
  const holes: number[] = [0, 1];
  holes[3] = 5;
  expect(() => optimize(holes, gaussian, { weights })).toThrow('row 2 must be');
});

it('takes rows of a typed array', () => {
  const fit = optimize(Float32Array.of(1, 9, 3), new GaussianEstimator(), { weights: Uint8Array.of(1, 0, 1) });
  expect(fit.model.mu).toBe(2);
});
