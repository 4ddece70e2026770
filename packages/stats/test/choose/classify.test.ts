import { describe, expect, it } from 'vitest';
import { classify } from '../../src/choose/classify.js';
import { CompositeDistribution } from '../../src/combinators/composite.js';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';

const normal = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const joint = new MixtureDistribution(
  [
    new CompositeDistribution([new CategoricalDistribution({ a: 0.9, b: 0.1 }), normal(0)]),
    new CompositeDistribution([new CategoricalDistribution({ a: 0, b: 1 }), normal(3)]),
  ],
  { w: [0.5, 0.5] },
);
const labels = ['a', 'b', 'c'];

describe('classify', () => {
  it('gives the posterior of each label, by Bayes, and where the own label stands', () => {
    const rows: [string, number][] = [
      ['a', 0.2],
      ['b', 0.2],
      ['b', 4],
      ['c', 4],
    ];
    const found = classify(joint, rows, { labels });
    rows.forEach(([label, x], i) => {
      const densities = labels.map((l) => joint.density([l, x]));
      const total = densities.reduce((sum, f) => sum + f, 0);
      densities.forEach((f, k) => expect(found.posteriors[i]![k]).toBeCloseTo(f / total, 12));
      expect(found.posterior[i]).toBe(found.posteriors[i]![labels.indexOf(label)]);
    });
    expect(found.predicted).toEqual(['a', 'a', 'b', 'b']);
    expect(found.rank).toEqual([0, 1, 0, 2]);
  });

  it('says of ties the number of labels that are as probable', () => {
    const same = new CompositeDistribution([new CategoricalDistribution({ a: 0.5, b: 0.5 }), normal(0)]);
    expect(classify(same, [['b', 1]], { labels: ['a', 'b'] })).toMatchObject({
      rank: [1],
      predicted: ['a'],
      posterior: [0.5],
    });
    // Impossible with every label: all are alike.
    expect(classify(same, [[null as never, 1]], { labels: ['x', 'y'] }).posteriors).toEqual([[0.5, 0.5]]);
  });

  it('predicts for rows without a label, in records by the name of the field', () => {
    const truth = new MixtureDistribution(
      [
        new RecordDistribution({ kind: new CategoricalDistribution({ cat: 1, dog: 0 }), size: normal(0) }),
        new RecordDistribution({ kind: new CategoricalDistribution({ cat: 0, dog: 1 }), size: normal(6) }),
      ],
      { w: [0.5, 0.5] },
    );
    const rows = truth.sampler(1).sample(400);
    const e = () =>
      new RecordEstimator({
        kind: new CategoricalEstimator<string>({ pseudoCount: 1 }),
        size: new GaussianEstimator(),
      });
    const { model } = optimize(rows, new MixtureEstimator([e(), e()]), { seed: 1 });
    const found = classify(model, [...rows, { kind: null as never, size: 7 }], {
      labels: ['cat', 'dog'],
      field: 'kind',
    });
    // Six standard deviations apart: one row in 700 is on the wrong side.
    expect(found.rank.filter((rank) => rank === 0).length).toBeGreaterThan(392);
    expect(found.predicted[400]).toBe('dog');
    expect(found.posterior[400]).toBeNaN();
    expect(found.rank[400]).toBeNaN();
  });

  it('names what is no row, and a label that is not one of those given', () => {
    const run =
      (rows: unknown[], options: object = { labels }) =>
      () =>
        classify(joint, rows as never, options as never);
    expect(
      run([
        ['a', 1],
        ['z', 1],
      ]),
    ).toThrow(expect.objectContaining({ code: 'DATA', row: 1, path: [0] }));
    expect(run([3])).toThrow(expect.objectContaining({ code: 'DATA', row: 0 }));
    expect(run([['a', 'x']])).toThrow(expect.objectContaining({ code: 'DATA', row: 0, path: [1] }));
    expect(run([['a', 1]], { labels: [] })).toThrow('labels must be a list of at least one label');
    expect(classify(joint, [], { labels }).predicted).toEqual([]);
  });
});
