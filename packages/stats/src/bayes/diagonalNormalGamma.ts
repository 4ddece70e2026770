/** The conjugate prior of a normal vector with independent coordinates: one {@link NormalGammaDistribution} for each. */

import { checkOptions } from '../checks/options.js';
import { checkParameters } from '../checks/parameters.js';
import type { ParameterDistribution, Sampler, Seed } from '../contract.js';
import type { Moments } from '../leaf/moments.js';
import { checkVector, type Vector } from '../leaf/vectors/vectors.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';
import { NormalGammaDistribution } from './normalGamma.js';

/** Means and precisions, [d] each. */
export interface MeansAndPrecisions {
  readonly mu: Vector;
  readonly precision: Vector;
}

type Name = 'mu' | 'lambda' | 'alpha' | 'beta';
const CHECKS = { mu: checkVector, lambda: checkVector, alpha: checkVector, beta: checkVector };

/**
 * Independent normal-gamma distributions over the mean and the precision of each coordinate.
 * @example
 * const prior = new DiagonalNormalGammaDistribution({ mu: [0, 0], lambda: [1, 1], alpha: [2, 2], beta: [2, 2] });
 * optimize([[1, 4], [3, 8]], new DiagonalGaussianEstimator({ prior })).model.mu; // [4 / 3, 4]
 */
export class DiagonalNormalGammaDistribution extends PrintedModel implements ParameterDistribution<MeansAndPrecisions> {
  static readonly typeName = 'DiagonalNormalGamma';
  static readonly typeVersion = 1;
  /** The distribution of each coordinate's mean and precision. */
  readonly coordinates: readonly NormalGammaDistribution[];

  /**
   * @param parameters  those of {@link NormalGammaDistribution}, [d] each
   * @throws {ParameterError} unless the lists are equally long, `mu` is finite and the others are finite and > 0
   */
  constructor(parameters: { readonly [N in Name]: Vector }) {
    super();
    const owner = 'DiagonalNormalGammaDistribution';
    const { mu, lambda, alpha, beta } = checkParameters<Name, Vector>(owner, parameters, CHECKS);
    for (const [name, list] of Object.entries({ lambda, alpha, beta })) checkVector(owner, name, list, mu.length);
    this.coordinates = Object.freeze(
      Array.from(mu, (m, j) => {
        return new NormalGammaDistribution({ mu: m, lambda: lambda[j]!, alpha: alpha[j]!, beta: beta[j]! });
      }),
    );
  }

  /**
   * {@link NormalGammaDistribution.ofImaginaryRows} for each coordinate.
   * @param rows  `mu` and `sigma2` are [d]
   * @throws {OptionError} for anything but an object with these names alone
   * @throws {ParameterError} for counts or values out of range
   */
  static ofImaginaryRows(rows: {
    readonly mu: Vector;
    readonly muCount: number;
    readonly sigma2: Vector;
    readonly sigma2Count: number;
  }): DiagonalNormalGammaDistribution {
    const owner = 'DiagonalNormalGammaDistribution';
    checkOptions(`${owner}.ofImaginaryRows`, rows, ['mu', 'muCount', 'sigma2', 'sigma2Count']);
    const { muCount, sigma2Count } = rows;
    const { mu, sigma2 } = checkParameters<'mu' | 'sigma2', Vector>(owner, rows, {
      mu: checkVector,
      sigma2: checkVector,
    });
    checkVector(owner, 'sigma2', sigma2, mu.length);
    const coordinates = Array.from(mu, (m, j) =>
      NormalGammaDistribution.ofImaginaryRows({ mu: m, muCount, sigma2: sigma2[j]!, sigma2Count }),
    );
    return new this({
      mu,
      lambda: coordinates.map(({ lambda }) => lambda),
      alpha: coordinates.map(({ alpha }) => alpha),
      beta: coordinates.map(({ beta }) => beta),
    });
  }

  logDensity({ mu, precision }: MeansAndPrecisions): number {
    return this.coordinates.reduce(
      (sum, coordinate, j) => sum + coordinate.logDensity({ mu: mu[j]!, precision: precision[j]! }),
      0,
    );
  }

  /** The densest means and precisions. */
  get mode(): MeansAndPrecisions {
    const modes = this.coordinates.map((coordinate) => coordinate.mode);
    return { mu: modes.map(({ mu }) => mu), precision: modes.map(({ precision }) => precision) };
  }

  get entropy(): number {
    return this.coordinates.reduce((sum, coordinate) => sum + coordinate.entropy, 0);
  }

  crossEntropy(other: DiagonalNormalGammaDistribution): number {
    return this.coordinates.reduce((sum, own, j) => sum + own.crossEntropy(other.coordinates[j]!), 0);
  }

  /** log of the density of one more vector: a Student's t for each coordinate. */
  predictiveLogDensity(x: Vector): number {
    if (x.length !== this.coordinates.length) return -Infinity;
    return this.coordinates.reduce((sum, coordinate, j) => sum + coordinate.predictiveLogDensity(x[j]!), 0);
  }

  sampler(seed: Seed): Sampler<MeansAndPrecisions> {
    const samplers = this.coordinates.map((coordinate, j) => coordinate.sampler(childSeed(seed, j)));
    return samplerOf(() => {
      const drawn = samplers.map((sampler) => sampler.sample());
      return { mu: drawn.map(({ mu }) => mu), precision: drawn.map(({ precision }) => precision) };
    });
  }

  /** The posterior after rows with these moments. */
  updated(moments: Moments): DiagonalNormalGammaDistribution {
    const updated = this.coordinates.map((coordinate, j) => coordinate.updated(moments, j));
    return another(columnsOf(updated));
  }

  toJSON() {
    return { type: 'DiagonalNormalGamma', ...columnsOf(this.coordinates) } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DiagonalNormalGammaDistribution {
    return new this(checkParameters<Name, Vector>('DiagonalNormalGammaDistribution', fields, CHECKS));
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(
  parameters: ConstructorParameters<typeof DiagonalNormalGammaDistribution>[0],
): DiagonalNormalGammaDistribution {
  return new DiagonalNormalGammaDistribution(parameters);
}

function columnsOf(coordinates: readonly NormalGammaDistribution[]): { readonly [N in Name]: readonly number[] } {
  const list = (name: Name) => coordinates.map((coordinate) => coordinate[name]);
  return { mu: list('mu'), lambda: list('lambda'), alpha: list('alpha'), beta: list('beta') };
}
