import { describe, expect, it } from 'vitest';
import { automaticMixture } from '../../src/choose/automaticMixture.js';
import type { AnyDistribution } from '../../src/contract.js';
import {
  CategoricalDistribution,
  CompositeDistribution,
  GaussianDistribution,
  MixtureDistribution,
  PoissonDistribution,
  RecordDistribution,
} from '../../src/models/models.js';

/** One of `count` levels: number k nearly always. */
const level = (count: number, k: number, share = 0.85) =>
  new CategoricalDistribution(
    Object.fromEntries(
      Array.from({ length: count }, (_, j) => [`level ${j}`, j === k ? share : (1 - share) / (count - 1)]),
    ),
  );

const kinds: Readonly<Record<string, (count: number, k: number) => AnyDistribution>> = {
  numbers: (_, k) => new GaussianDistribution({ mu: 8 * k, sigma2: 1 }),
  records: (count, k) =>
    new RecordDistribution({ size: new GaussianDistribution({ mu: 6 * k, sigma2: 1 }), kind: level(count, k) }),
  counts: (_, k) => new PoissonDistribution({ lambda: [2, 20, 70, 170, 320][k]! }),
  'tuples of levels': (count, k) =>
    new CompositeDistribution(Array.from({ length: 6 }, (_, j) => level(count, (k + j) % count, 0.9))),
};

describe('an automatic mixture finds how many kinds there are', () => {
  const several = Object.keys(kinds).flatMap((kind) => [2, 3, 4, 5].map((count) => [kind, count] as const));
  const cases = [['numbers', 1], ['counts', 1], ['numbers', 6], ['records', 6], ...several] as const;

  it.each(cases)('%s of %i kinds', (kind, count) => {
    const components = Array.from({ length: count }, (_, k) => kinds[kind]!(count, k));
    const truth = new MixtureDistribution(components, { w: components.map(() => 1 / count) });
    const rows = truth.sampler(count).sample(400);
    const { model } = automaticMixture(rows as never[], { fit: { seed: 1 }, truncation: 10 });
    expect(model.components).toHaveLength(count);
    for (const share of model.w) expect(Math.abs(share - 1 / count)).toBeLessThan(0.1);
  });
});
