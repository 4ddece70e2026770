import { expect, it } from 'vitest';
import * as stats from '../../src/index.js';

it('lists every distribution that the package exports, under names of their own', () => {
  const exported = Object.entries(stats).filter(([, value]) => typeof value === 'function' && 'typeName' in value);
  expect(stats.modelTypes.map((type) => (type as unknown as { name: string }).name).sort()).toEqual(
    exported.map(([name]) => name).sort(),
  );
  expect(new Set(stats.modelTypes.map(({ typeName }) => typeName)).size).toBe(stats.modelTypes.length);
});

it('prints every model', () => {
  const silent = stats.modelTypes.filter(({ prototype }) => prototype.toString === Object.prototype.toString);
  expect(silent.map(({ typeName }) => typeName)).toEqual([]);
});

it('shows a model in Node at any depth', async () => {
  const { inspect } = await import('node:util');
  const g = new stats.GaussianDistribution({ mu: 0.5, sigma2: 2 });
  const record = new stats.RecordDistribution({ x: new stats.OptionalDistribution(g, { p: 0.1 }) });
  const model = new stats.MixtureDistribution([record, record], { w: [0.5, 0.5] });
  expect(inspect({ fitted: { model } })).toContain('GaussianDistribution { mu: 0.5, sigma2: 2 }');
  expect(inspect(model)).toBe(String(model));
});

it('reads a mixture of several families under the name that it once had', () => {
  const components = [
    { type: 'Gaussian', mu: 0, sigma2: 1 },
    { type: 'Exponential', mean: 3 },
  ];
  const model = stats.modelFromJSON({ type: 'HeterogeneousMixture', components, w: [0.5, 0.5] });
  expect(model).toBeInstanceOf(stats.MixtureDistribution);
  expect((model as stats.MixtureDistribution<[]>).posterior(-1 as never)).toEqual([1, 0]);
});
