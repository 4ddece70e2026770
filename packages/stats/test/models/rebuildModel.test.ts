import { describe, expect, it } from 'vitest';
import { GaussianDistribution } from '../../src/families/gaussian.js';
import { PoissonDistribution } from '../../src/families/poisson.js';
import { MixtureDistribution } from '../../src/latent/mixtures/mixture.js';
import { rebuildModel } from '../../src/models/rebuildModel.js';

describe('rebuildModel', () => {
  const mixture = new MixtureDistribution(
    [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 4, sigma2: 2 })],
    { w: [0.25, 0.75] },
  );
  const json: unknown = JSON.parse(JSON.stringify(mixture));

  it('gives the model back, children first', () => {
    const rebuilt = rebuildModel(json, [GaussianDistribution, MixtureDistribution]);
    expect(rebuilt).toBeInstanceOf(MixtureDistribution);
    expect(JSON.stringify(rebuilt)).toBe(JSON.stringify(mixture));
  });

  it('refuses a type that is not listed, and says which are', () => {
    expect(() => rebuildModel(json, [MixtureDistribution, PoissonDistribution])).toThrow(
      /type must be one of .*Mixture.*Poisson.*, found "Gaussian"/,
    );
  });

  it('says where in the model a parameter or a type is wrong', () => {
    const types = [GaussianDistribution, MixtureDistribution];
    const withSecond = (second: object) => ({
      type: 'Mixture',
      components: [{ type: 'Gaussian', mu: 0, sigma2: 1 }, second],
      w: [0.5, 0.5],
    });
    const cases: [object, string][] = [
      [withSecond({ type: 'Gaussian', mu: 0, sigma2: -1 }), 'GaussianDistribution: components[1].sigma2 must be'],
      [withSecond({ type: 'Gaussian', mu: 0, sigma: 1 }), 'components[1].sigma2 must be'],
      [withSecond({ type: 'Gaussian', mu: 0, sigma: 1 }), '(unknown: sigma), found undefined.'],
      [withSecond({ type: 'Gausian' }), 'model from JSON: components[1].type must be one of Gaussian'],
      [{ type: 'Mixture', w: [1] }, 'MixtureDistribution: components must be a list, found undefined.'],
    ];
    for (const [bad, message] of cases) expect(() => rebuildModel(bad, types)).toThrow(message);
  });

  it('refuses what is no model', () => {
    for (const bad of [null, 3, 'Gaussian', [], { mu: 0 }]) {
      expect(() => rebuildModel(bad, [GaussianDistribution])).toThrow(
        /must be an object with the type of a distribution/,
      );
    }
  });
});
