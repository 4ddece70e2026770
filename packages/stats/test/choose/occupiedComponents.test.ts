import { expect, it } from 'vitest';
import { occupiedComponents } from '../../src/choose/occupiedComponents.js';
import { GaussianDistribution } from '../../src/families/gaussian.js';
import { MixtureDistribution } from '../../src/latent/mixtures/mixture.js';

const at = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const means = ({ components }: { readonly components: readonly GaussianDistribution[] }) =>
  components.map(({ mu }) => mu);

it('keeps the components that have rows, with weights that sum to 1', () => {
  const model = new MixtureDistribution([at(0), at(5), at(9)], { w: [0.6, 0.004, 0.396] });
  const kept = occupiedComponents(model, { rowCount: 100 });
  expect(means(kept)).toEqual([0, 9]);
  expect(kept.w[0]).toBeCloseTo(0.6 / 0.996, 14);
  expect(kept.w[0]! + kept.w[1]!).toBeCloseTo(1, 14);
  expect(means(occupiedComponents(model, { rowCount: 1000 }))).toEqual([0, 5, 9]);
  expect(means(occupiedComponents(model, { rowCount: 1000, leastRows: 5 }))).toEqual([0, 9]);
});

it('makes one of components with equal parameters', () => {
  const kept = occupiedComponents(new MixtureDistribution([at(1), at(2), at(1)], { w: [0.5, 0.25, 0.25] }), {
    rowCount: 10,
  });
  expect(means(kept)).toEqual([1, 2]);
  expect(kept.w).toEqual([0.75, 0.25]);
});

it('keeps the largest component when none has a whole row', () => {
  const model = new MixtureDistribution([at(1), at(2)], { w: [0.4, 0.6] });
  expect(means(occupiedComponents(model, { rowCount: 1, leastRows: 2 }))).toEqual([2]);
});

it('refuses what is no mixture, and numbers of rows that are none', () => {
  const model = new MixtureDistribution([at(1), at(2)], { w: [0.4, 0.6] });
  expect(() => occupiedComponents(at(1) as never, { rowCount: 1 })).toThrow(/model must be a mixture/);
  expect(() => occupiedComponents(null as never, { rowCount: 1 })).toThrow(/model must be a mixture/);
  expect(() => occupiedComponents(model, { rowCount: 0 })).toThrow(/rowCount must be a finite number > 0/);
  expect(() => occupiedComponents(model, { rowCount: 1, least: 3 } as never)).toThrow(/leastRows/);
});
