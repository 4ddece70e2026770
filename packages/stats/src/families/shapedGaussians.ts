/**
 * Gaussian vectors whose covariances have something in common: volume, shape or orientation, as mclust names them. They are the
 * components of a mixture or the emissions of a hidden Markov model; each is estimated as a {@link MultivariateGaussianDistribution}.
 * Source: Banfield & Raftery (1993); Celeux & Govaert (1995), Gaussian parsimonious clustering models.
 */

import { checkEstimatorOptions } from '../checks/options.js';
import { checkNonNegative } from '../checks/parameters.js';
import type { Estimator, ParameterBlock, Pooling, Report, TiedNode } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { reportFloor } from '../leaf/floor.js';
import {
  COVARIANCE_SHAPES,
  type ComponentScatter,
  type CovarianceShape,
  shapedCovariances,
  shapeParameterCount,
} from '../leaf/vectors/covarianceShapes.js';
import {
  type CovarianceBounds,
  covarianceAbout,
  definiteCovariance,
  definiteDiagonal,
} from '../leaf/vectors/covariances.js';
import { ScatterGaps } from '../leaf/vectors/gaussianGaps.js';
import { diagonal, rowViews } from '../leaf/vectors/matrices.js';
import { unseenOf } from '../leaf/vectors/unseenCoordinates.js';
import { checkGap, gapRule, missingOf } from '../leaf/vectors/vectorGaps.js';
import { ScatterAccumulator, type ScatterStatistic } from '../leaf/vectors/vectorMoments.js';
import { type Gap, type Vector, type VectorColumns, VectorEncoder } from '../leaf/vectors/vectors.js';
import { type Copies, checkCopies } from '../tree/copies.js';
import { poolWith } from '../tree/pooling.js';
import { MultivariateGaussianDistribution } from './multivariateGaussian.js';

/** The statistic of one component, with those of all once they have met. */
export interface ShapedGaussianStatistic extends ScatterStatistic {
  readonly members?: Members | undefined;
}

/** The statistics of the components that share a shape, by number. */
type Members = readonly (ScatterStatistic | undefined)[];

/** Sums as {@link ScatterAccumulator} does, and meets the other components where keys are tied. */
export class ShapedGaussianAccumulator extends ScatterAccumulator {
  readonly children: readonly TiedNode[];
  #members: Members | undefined;

  constructor(
    dimension: number,
    statistic: Float64Array,
    group: ShapeGroup,
    index: number,
    gaps: ScatterGaps | undefined,
  ) {
    super('ShapedGaussian', dimension, statistic, undefined, gaps);
    const members = (): Members =>
      this.#members ?? Array.from({ length: group.count }, (_, k) => (k === index ? super.value() : undefined));
    this.children = [
      {
        key: group,
        kind: `${this.kind} ${group.shape}`,
        value: members,
        combine: (other: Members) => {
          this.#members = members().map((own, k) => {
            if (own === undefined || other[k] === undefined) return own ?? other[k];
            throw new EstimationError(
              `shapedGaussians: component ${k} of one group stands in two places. Each mixture needs a group of its own.`,
            );
          });
        },
        fromValue: (value: Members) => {
          this.#members = value;
        },
      },
    ];
  }

  override value(): ShapedGaussianStatistic {
    return this.#members === undefined ? super.value() : { ...super.value(), members: this.#members };
  }

  override fromValue(statistic: ShapedGaussianStatistic): void {
    super.fromValue(statistic);
    this.#members = statistic.members;
  }
}

/** What the components of one call have in common. Its identity is the key that ties them. */
export class ShapeGroup {
  /** Components of one fit ask for the same covariances, one after the other. */
  readonly #solved = new WeakMap<Members, ReadonlyMap<number, ShapedCovariance>>();

  constructor(
    readonly shape: CovarianceShape,
    readonly count: number,
  ) {}

  /** The covariance of each component that has rows. */
  covariances(members: Members, bounds: ShapeBounds): ReadonlyMap<number, ShapedCovariance> {
    const known = this.#solved.get(members);
    if (known !== undefined) return known;
    const alive = [...members.entries()].flatMap(([k, statistic]) =>
      statistic !== undefined && statistic.count > 0 ? [{ k, ...this.#partOf(statistic, bounds) }] : [],
    );
    const dimension = members.find((one) => one !== undefined)!.sum.length;
    const parts = alive.map(({ part }) => part);
    const matrices = parts.length === 0 ? [] : shapedCovariances(this.shape, parts, dimension);
    const solved = new Map(alive.map(({ k, isRaised }, at) => [k, { matrix: matrices[at]!, isRaised }]));
    this.#solved.set(members, solved);
    return solved;
  }

  /** A covariance at its floor: along the axes of the coordinates where that is its orientation. */
  definite(matrix: Float64Array, dimension: number, bounds: CovarianceBounds, report?: Report): Float64Array {
    if (this.shape[2] !== 'I') return definiteCovariance(matrix, dimension, bounds, report);
    const variances = matrix.map((value, at) => (at % (dimension + 1) === 0 ? value : 0));
    return definiteDiagonal(variances, dimension, bounds, this.shape[1] === 'I', report);
  }

  /**
   * The scatter about the component's own mean, with the ridge. Where components share a part of a covariance that one of them could
   * take to 0, as its form or its volume, that one would leave nothing of the others: its scatter is brought to the floor first.
   */
  #partOf(
    statistic: ScatterStatistic,
    { minEigenvalue, pooled, ridge }: ShapeBounds,
  ): { readonly part: ComponentScatter; readonly isRaised: boolean } {
    const { count, sum } = statistic;
    const shift = sum.map((s) => s / count);
    const matrix = covarianceAbout(statistic, shift, undefined, 0);
    for (let j = 0; j < sum.length; j++) matrix[j * sum.length + j]! += ridge;
    const part = (covariance: Float64Array) => ({ count, scatter: covariance.map((value) => value * count) });
    if (KEEPS_FLOOR.includes(this.shape)) return { part: part(matrix), isRaised: false };
    const raised = this.definite(matrix, sum.length, { minEigenvalue, pooled });
    return { part: part(raised), isRaised: traceOf(raised, sum.length) > traceOf(matrix, sum.length) };
  }
}

/** Shapes that a covariance at the floor still has. */
const KEEPS_FLOOR: readonly CovarianceShape[] = ['EII', 'VII', 'EEI', 'VVI', 'EEE', 'EEV', 'VVV'];

function traceOf(matrix: Float64Array, dimension: number): number {
  let trace = 0;
  for (let j = 0; j < dimension; j++) trace += matrix[j * dimension + j]!;
  return trace;
}

/** What keeps covariances away from singular ones. */
interface ShapeBounds extends CovarianceBounds {
  readonly ridge: number;
}

interface ShapedCovariance {
  readonly matrix: Float64Array;
  /** The scatter of this component was at the floor. */
  readonly isRaised: boolean;
}

const POOLING = /* @__PURE__ */ poolWith<ShapedGaussianStatistic>('ShapedGaussian', ({ sum, scatter }) => {
  const numbers = new Float64Array(1 + sum.length + scatter.length);
  return new ScatterAccumulator('ShapedGaussian', sum.length, numbers, undefined);
});

/** Options of {@link shapedGaussians}. */
export interface ShapedGaussianOptions<M extends Gap = never> {
  /**
   * What the covariances λ_k D_k A_k D_kᵀ have in common: a letter each for the volume λ, the shape A and the orientation D, E for
   * equal, V for variable, I for spheres or for the axes of the coordinates. `'VVV'` is any covariance, `'EEE'` one for all.
   */
  readonly covariance: CovarianceShape;
  /** The smallest eigenvalue of a covariance; 0 for none. Default: 1e-6, seen from the covariance of all rows. */
  readonly minEigenvalue?: number;
  /** A variance >= 0 that is added to each coordinate's. Default 0. */
  readonly ridge?: number;
  /** What stands for a missing coordinate: null, undefined included, or NaN. Default: all coordinates must be there. */
  readonly missing?: M;
}

/** One of the components that {@link shapedGaussians} makes. It has a meaning only beside the others. */
export class ShapedGaussianEstimator<M extends Gap = never>
  implements Estimator<Vector<M>, MultivariateGaussianDistribution<M>, VectorColumns, ShapedGaussianStatistic>
{
  constructor(
    readonly group: ShapeGroup,
    readonly index: number,
    readonly options: Omit<ShapedGaussianOptions<M>, 'covariance'> = {},
  ) {
    const owner = 'ShapedGaussianEstimator';
    checkEstimatorOptions<Omit<ShapedGaussianOptions<M>, 'covariance'>>(owner, options, {
      minEigenvalue: checkNonNegative,
      ridge: checkNonNegative,
      missing: true,
    });
    checkGap(owner, 'missing', options.missing);
    if (group instanceof ShapeGroup) return;
    throw new ParameterError(owner, 'group', 'a group of components, as shapedGaussians makes it', group);
  }

  encoder(): VectorEncoder<M> {
    return new VectorEncoder<M>('MultivariateGaussian', undefined, gapRule(this.options.missing));
  }

  statisticLength({ dimension }: VectorColumns): number {
    const counts = this.options.missing === undefined ? 0 : dimension;
    return 1 + dimension + (dimension * (dimension + 1)) / 2 + counts;
  }

  accumulator(schema: VectorColumns, statistic?: Float64Array): ShapedGaussianAccumulator {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    const gaps = this.options.missing === undefined ? undefined : new ScatterGaps();
    return new ShapedGaussianAccumulator(schema.dimension, vector, this.group, this.index, gaps);
  }

  /**
   * Total weight 0 gives mean 0 and the identity.
   * @throws {EstimationError} when a covariance is singular and has no bound
   */
  estimate(
    statistic: ShapedGaussianStatistic,
    report?: Report,
    pooled?: ScatterStatistic,
  ): MultivariateGaussianDistribution<M> {
    const gap = missingOf<M>(this.options);
    const { count, sum, origin, members } = statistic;
    const dimension = sum.length;
    if (count === 0) {
      reportDead(report);
      const covariance = rowViews(diagonal(new Float64Array(dimension).fill(1)), dimension);
      return new MultivariateGaussianDistribution({ mu: new Float64Array(dimension), covariance, ...gap });
    }
    unseenOf(statistic, report);
    const { minEigenvalue, ridge = 0 } = this.options;
    const alone = Array.from({ length: this.group.count }, (_, k) => (k === this.index ? statistic : undefined));
    const shaped = this.group.covariances(members ?? alone, { minEigenvalue, pooled, ridge }).get(this.index);
    // An extrapolated statistic may leave the possible ones.
    if (shaped === undefined) throw new EstimationError(`MultivariateGaussian: the weight of the rows is ${count}.`);
    if (shaped.isRaised)
      reportFloor(report, 'an eigenvalue of the covariance', 'minEigenvalue', minEigenvalue !== undefined);
    const covariance = this.group.definite(shaped.matrix, dimension, { minEigenvalue, pooled }, report);
    return new MultivariateGaussianDistribution({
      mu: sum.map((s, j) => origin[j]! + s / count),
      covariance: rowViews(covariance, dimension),
      ...gap,
    });
  }

  get pooling(): Pooling<ShapedGaussianStatistic> {
    return POOLING;
  }

  /** The covariances are counted with the first component. */
  parameterBlocks(model: MultivariateGaussianDistribution<M>): readonly ParameterBlock[] {
    const d = model.mu.length;
    const { shape, count } = this.group;
    const shared = this.index === 0 ? shapeParameterCount(shape, count, d) : 0;
    return [{ key: undefined, count: d + shared }];
  }
}

/**
 * Estimators of `count` Gaussian vectors with covariances of a common form: components of a mixture, emissions of a hidden Markov
 * model, or parts of records that are. The M step is exact (by iteration to 1e-13 where there is no closed form). At the floor it is
 * so for EII, VII, EEI, VVI, EEE and VVV, and with `minEigenvalue` for EEV too: raised, the covariances keep their shape, and are the
 * likeliest above the floor. Of the other shapes the scatter of a component below the floor is raised before the step, and a covariance
 * that still is below it after: the likelihood may fall there, and the fit ends with the best model so far (`'decreased'`).
 * @throws {ParameterError} for an invalid count, and an unknown shape
 * @example
 * const rows = [[0, 0], [1, 0.5], [0, 1], [8, 8], [9, 8.5], [8, 9]];
 * const { model } = optimize(rows, new MixtureEstimator(shapedGaussians(2, { covariance: 'EII' })), { seed: 1 });
 * model.components[0].covariance[0][0] === model.components[1].covariance[1][1]; // true
 * @see Celeux & Govaert (1995), Gaussian parsimonious clustering models; Browne & McNicholas (2014) for EVE and VVE
 */
export function shapedGaussians<const K extends number, M extends Gap = never>(
  count: K,
  options: ShapedGaussianOptions<M>,
): Copies<K, ShapedGaussianEstimator<M>> {
  const owner = 'shapedGaussians';
  checkCopies(owner, count);
  checkEstimatorOptions<ShapedGaussianOptions<M>>(owner, options, {
    covariance: true,
    minEigenvalue: checkNonNegative,
    ridge: checkNonNegative,
    missing: true,
  });
  checkGap(owner, 'missing', options.missing);
  const { covariance, ...others } = options;
  if (!COVARIANCE_SHAPES.includes(covariance)) {
    throw new ParameterError(owner, 'covariance', `one of ${COVARIANCE_SHAPES.join(', ')}`, covariance);
  }
  const group = new ShapeGroup(covariance, count);
  const estimators = Array.from({ length: count }, (_, k) => new ShapedGaussianEstimator<M>(group, k, others));
  return estimators as readonly ShapedGaussianEstimator<M>[] as Copies<K, ShapedGaussianEstimator<M>>; // of `count` entries
}
