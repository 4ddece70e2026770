import { expect, expectTypeOf, it } from 'vitest';
import { copies, GaussianEstimator, HiddenMarkovEstimator, MixtureEstimator, optimize } from '../../src/index.js';

const gaussian = new GaussianEstimator();
const rows = Array.from({ length: 90 }, (_, i) => (i % 3) * 10 + Math.sin(i));

it('fits as the list written out', () => {
  const written = optimize(rows, new MixtureEstimator([gaussian, gaussian, gaussian]), { seed: 1 });
  const counted = optimize(rows, new MixtureEstimator(copies(3, gaussian)), { seed: 1 });
  expect(counted.model.toJSON()).toEqual(written.model.toJSON());
  const states = optimize([rows, rows], new HiddenMarkovEstimator(copies(2, gaussian)), { seed: 1 });
  expect(states.model.emissions).toHaveLength(2);
});

it('is a tuple for a number that is written down, else a list', () => {
  const three = copies(3, gaussian);
  expectTypeOf(three).toEqualTypeOf<readonly [GaussianEstimator, GaussianEstimator, GaussianEstimator]>();
  expectTypeOf(copies(3 as number, gaussian)).toEqualTypeOf<readonly GaussianEstimator[]>();
  // @ts-expect-error there is no fourth
  expect(three[3]).toBeUndefined();
});

it('refuses what is no count and no estimator', () => {
  for (const count of [0, -1, 1.5, Number.NaN, '3' as unknown as number]) {
    expect(() => copies(count, gaussian)).toThrow(/copies: count must be an integer >= 1/);
  }
  expect(() => copies(2, undefined as unknown as GaussianEstimator)).toThrow(/copies: estimator must be an estimator/);
});
