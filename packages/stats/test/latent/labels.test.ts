import { describe, expect, it } from 'vitest';
import {
  bestOf,
  GaussianDistribution,
  GaussianEstimator,
  MixtureDistribution,
  MixtureEstimator,
  optimize,
} from '../../src/index.js';
import { movedLabels } from '../../src/latent/labels.js';
import { drawsOf } from '../../src/numeric/random.js';
import fc from '../property.js';

const e = new GaussianEstimator();
const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });

describe('movedLabels', () => {
  it('gives every component a part of each row, and no row more than whole', () => {
    const rows = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 5 }), fc.nat(), (x, componentCount, seed) => {
        const model = new MixtureDistribution(
          Array.from({ length: componentCount }, (_, k) => gaussian(3 * k - 6)),
          { w: new Array(componentCount).fill(1 / componentCount) },
        );
        const encoder = model.encoder();
        const columns = encoder.encode(x);
        const weights = new Float64Array(x.length).fill(1);
        const draws = { ...drawsOf(seed, 'kmeans++'), near: model };
        const labels = movedLabels(encoder, columns, weights, componentCount, draws)!;
        for (let i = 0; i < x.length; i++) {
          let sum = 0;
          for (let k = 0; k < componentCount; k++) {
            expect(labels[k * x.length + i]).toBeGreaterThan(0);
            sum += labels[k * x.length + i]!;
          }
          expect(sum).toBeGreaterThan(0.0999 + 0.9 / componentCount);
          expect(sum).toBeLessThan(1 + 1e-12);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes two components that share a cluster apart', () => {
    // Three clusters; the model holds one of them twice, and two in one.
    const rows = Array.from({ length: 300 }, (_, i) => 20 * (i % 3) + Math.sin(i));
    const stuck = new MixtureDistribution(
      [gaussian(-0.5), gaussian(0.5), new GaussianDistribution({ mu: 30, sigma2: 100 })],
      { w: [1 / 6, 1 / 6, 2 / 3] },
    );
    const encoder = stuck.encoder();
    const columns = encoder.encode(rows);
    const weights = new Float64Array(rows.length).fill(1);
    const ends = Array.from({ length: 6 }, (_, seed) => {
      const labels = movedLabels(encoder, columns, weights, 3, { ...drawsOf(seed, 'kmeans++'), near: stuck })!;
      const responsibilities = rows.map((_, i) => [0, 1, 2].map((k) => labels[k * rows.length + i]!));
      return optimize(rows, new MixtureEstimator([e, e, e]), {
        responsibilities,
        maxIterations: 30,
      }).model.components.map(({ mu }) => mu);
    });
    const found = ends.filter((mus) => {
      const sorted = [...mus].sort((a, b) => a - b);
      return sorted.every((mu, k) => Math.abs(mu - 20 * k) < 0.1);
    });
    // Nothing is lost without one of the first two, and the third has two thirds of the rows: four of five draws lead there.
    expect(found.length).toBeGreaterThanOrEqual(3);
  });
});

describe('bestOf', () => {
  const rows = Array.from({ length: 200 }, (_, i) => (i % 4) * 4 + 1.3 * Math.sin(i * i));
  const four = new MixtureEstimator([e, e, e, e]);

  it('starts the first half of the trials as optimize does, the others near the best', () => {
    const { trialScores } = bestOf(rows, four, { trials: 6, seed: 3, maxIterations: 10 });
    const own = Array.from(
      { length: 6 },
      (_, i) => optimize(rows, four, { seed: `3/${i}`, maxIterations: 10 }).objective,
    );
    expect(trialScores.slice(0, 3)).toEqual(own.slice(0, 3));
    expect(trialScores.slice(3)).not.toEqual(own.slice(3));
  });

  it('starts all trials at random when told to', () => {
    const { trialScores } = bestOf(rows, four, { trials: 4, seed: 3, start: 'random', maxIterations: 10 });
    const own = Array.from(
      { length: 4 },
      (_, i) => optimize(rows, four, { seed: `3/${i}`, start: 'random', maxIterations: 10 }).objective,
    );
    expect(trialScores).toEqual(own);
  });
});
