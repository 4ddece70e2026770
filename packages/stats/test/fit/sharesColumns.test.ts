import { describe, expect, it } from 'vitest';
import {
  CategoricalEstimator,
  ExponentialEstimator,
  em,
  GaussianEstimator,
  MixtureEstimator,
  RecordEstimator,
} from '../../src/index.js';

const gaussian = new GaussianEstimator();
const record = () => new RecordEstimator({ a: new GaussianEstimator(), b: new CategoricalEstimator<string>() });

describe('an algorithm shares columns', () => {
  it('with those that encode rows alike: mixtures of different size, say', () => {
    const [two, three] = [2, 3].map((count) => em(new MixtureEstimator(Array.from({ length: count }, () => gaussian))));
    expect(two!.sharesColumns(three!)).toBe(true);
    expect(em(gaussian).sharesColumns(two!)).toBe(true);
    expect(em(record()).sharesColumns(em(record()))).toBe(true);
  });

  it('with no other: numbers of another support, fields of another name, something else', () => {
    expect(em(gaussian).sharesColumns(em(new ExponentialEstimator()))).toBe(false);
    expect(em(record()).sharesColumns(em(gaussian))).toBe(false);
    expect(em(gaussian).sharesColumns({ estimator: {} })).toBe(false);
  });
});
