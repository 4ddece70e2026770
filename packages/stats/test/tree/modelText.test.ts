import { describe, expect, it } from 'vitest';
import {
  CategoricalDistribution,
  DiagonalGaussianDistribution,
  GaussianDistribution,
  MixtureDistribution,
  OptionalDistribution,
  RecordDistribution,
} from '../../src/index.js';
import { modelText } from '../../src/tree/modelText.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });

describe('a model as text', () => {
  it('names the class and its parameters', () => {
    expect(modelText(gaussian(-0))).toBe('GaussianDistribution { mu: -0, sigma2: 1 }');
  });

  // It once said GaussianDistribution, as the type of the parent is all that its JSON has.
  it('names a class that is derived from one of ours', () => {
    class Temperature extends GaussianDistribution {}
    expect(String(new Temperature({ mu: 20, sigma2: 4 }))).toBe('Temperature { mu: 20, sigma2: 4 }');
  });

  it('breaks what does not fit one line, and shows every depth', () => {
    const record = (mu: number) =>
      new RecordDistribution({
        'body mass': new OptionalDistribution(new MixtureDistribution([gaussian(mu), gaussian(0)], { w: [0.5, 0.5] }), {
          p: 0.25,
        }),
      });
    const text = modelText(new MixtureDistribution([record(1), record(2)], { w: [0.25, 0.75] }));
    expect(text).toContain('MixtureDistribution {\n  components: [\n    RecordDistribution {\n');
    expect(text).toContain('"body mass": OptionalDistribution {');
    expect(text).toContain('GaussianDistribution { mu: 2, sigma2: 1 }');
    expect(text).not.toMatch(/\[Object\]|\[object|#|undefined/);
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  // One line for each coordinate filled screens.
  it('lets numbers share lines', () => {
    const mu = Float64Array.from({ length: 150 }, (_, i) => (i % 2 === 0 ? i : -i / 3));
    const text = modelText(new DiagonalGaussianDistribution({ mu, sigma2: mu.map((x) => 1 + x * x) }));
    const lines = text.split('\n');
    expect(lines.length).toBeLessThan(60);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const shown = text.slice(0, text.indexOf('…')).match(/-?\d+(\.\d+)?/g)!;
    expect(shown.map(Number)).toEqual([...mu.subarray(0, 100)]);
    expect(text).toContain('… 50 more\n  ],\n  sigma2: [\n    1, ');
  });

  it('cuts long lists and says how much', () => {
    const levels = Array.from({ length: 250 }, (_, i) => [`level ${i}`, 1 / 250] as const);
    const text = modelText(new CategoricalDistribution(levels));
    expect(text).toContain('level 99');
    expect(text).not.toContain('level 100');
    expect(text).toContain('… 150 more');
  });
});
