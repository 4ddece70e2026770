/**
 * The E and M step of Student's t distribution: each row has a hidden precision, so an EM iteration makes one step towards the
 * maximum of the likelihood.
 */

import type { Accumulator, AnyDistribution } from '../../contract.js';
import { log, log1p } from '../../numeric/elementary.js';
import { newtonRoot } from '../../numeric/newtonRoot.js';
import { lgamma, logMinusDigamma, logMinusDigammaSlope } from '../../numeric/special.js';
import type { NumberColumns } from '../numberEncoder.js';

/**
 * A row is a Gaussian with variance σ²/τ, its precision τ hidden. With τ the expected precision of a row under the entering
 * model and d = x - o about an origin o: `count` = Σw, `precision` = Σwτ, `sum` = Σwτd, `sumOfSquares` = Σwτd² and
 * `sumOfLogs` = Σw·E[log τ]. Additive over rows with one origin.
 */
export interface StudentTStatistic {
  readonly count: number;
  readonly precision: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly sumOfLogs: number;
  readonly origin: number;
  /** The scale of the entering model, where there is one. The same in all parts, not added. */
  readonly scale?: number;
}

/** The parameters of Student's t distribution. */
export interface StudentTParameters {
  readonly location: number;
  readonly scale: number;
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom outside are not estimated; above, the density is the Gaussian's to 6 digits. */
const MIN_DEGREES = 0.01;
export const MAX_DEGREES = 1e6;

/** The estimate when there are no rows. */
export const STANDARD: StudentTParameters = { location: 0, scale: 1, degreesOfFreedom: 4 };

/** What the E step needs of a model. */
interface StudentTModel extends AnyDistribution, StudentTParameters {}

/** Sums what {@link StudentTStatistic} says. A start takes the precisions of a wide t distribution over the whole column. */
export class StudentTAccumulator implements Accumulator<NumberColumns, StudentTStatistic, StudentTModel> {
  readonly kind = 'StudentT';
  #model: StudentTParameters | undefined;
  #scale: number | undefined;
  #origin: number | undefined;

  constructor(
    readonly statistic: Float64Array = new Float64Array(5),
    readonly key?: string,
  ) {}

  begin(model: StudentTModel | undefined, columns: NumberColumns): void {
    this.#scale = model?.scale;
    this.#model = model ?? wideModel(columns.x);
    this.#origin = this.#model.location;
  }

  seqUpdate({ x }: NumberColumns, start: number, end: number, weights: Float64Array): void {
    this.#model ??= wideModel(x);
    this.#origin ??= this.#model.location;
    const { location, scale, degreesOfFreedom: nu } = this.#model;
    const toOrigin = location - this.#origin;
    // E[log τ] = ψ((ν+1)/2) - log((ν+z)/2); the part that depends on the row is log τ = log1p((1 - z) / (ν + z)).
    const logOffset = -logMinusDigamma((nu + 1) / 2);
    let [count, precision, sum, sumOfSquares, sumOfLogs] = [0, 0, 0, 0, 0];
    for (let row = start; row < end; row++) {
      const w = weights[row - start]!;
      if (w === 0) continue;
      const deviation = x[row]! - location;
      const ratio = Math.abs(deviation) / scale;
      const z = ratio * ratio;
      const tau = (nu + 1) / (nu + z);
      const d = deviation + toOrigin;
      count += w;
      precision += w * tau;
      sum += w * tau * d;
      sumOfSquares += w * tau * d * d;
      const logTau = z < 1e8 ? log1p((1 - z) / (nu + z)) : log(nu + 1) - (z < Infinity ? log(nu + z) : 2 * log(ratio));
      sumOfLogs += w * (logOffset + logTau);
    }
    const { statistic } = this;
    statistic[0]! += count;
    statistic[1]! += precision;
    statistic[2]! += sum;
    statistic[3]! += sumOfSquares;
    statistic[4]! += sumOfLogs;
  }

  /** The two parts are brought to one origin first. */
  combine(other: StudentTStatistic): void {
    this.#origin ??= other.origin;
    this.#scale ??= other.scale;
    const shift = other.origin - this.#origin;
    const { statistic } = this;
    statistic[0]! += other.count;
    statistic[1]! += other.precision;
    statistic[2]! += other.sum + shift * other.precision;
    statistic[3]! += other.sumOfSquares + 2 * shift * other.sum + shift * shift * other.precision;
    statistic[4]! += other.sumOfLogs;
  }

  value(): StudentTStatistic {
    const [count, precision, sum, sumOfSquares, sumOfLogs] = this.statistic as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    const origin = this.#origin ?? 0;
    const scale = this.#scale === undefined ? {} : { scale: this.#scale };
    return { count, precision, sum, sumOfSquares, sumOfLogs, origin, ...scale };
  }

  fromValue({ count, precision, sum, sumOfSquares, sumOfLogs, origin, scale }: StudentTStatistic): void {
    this.#origin = origin;
    this.#scale = scale;
    this.statistic.set([count, precision, sum, sumOfSquares, sumOfLogs]);
  }
}

/** Four degrees of freedom with the mean and variance of a column. */
function wideModel(x: Float64Array): StudentTParameters {
  let mean = 0;
  let scatter = 0;
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - mean;
    mean += deviation / (i + 1);
    scatter += deviation * (x[i]! - mean);
  }
  const variance = scatter / Math.max(1, x.length);
  const scale = Math.sqrt(variance / 2); // the variance is 2σ² for ν = 4
  return {
    location: mean,
    scale: scale > 0 && scale < Infinity ? scale : 1,
    degreesOfFreedom: STANDARD.degreesOfFreedom,
  };
}

/** The expected statistic of `weight` more rows with their precisions. */
export function addPrior(s: StudentTStatistic, weight: number, prior: StudentTParameters): StudentTStatistic {
  const d = prior.location - s.origin;
  return {
    ...s,
    count: s.count + weight,
    precision: s.precision + weight,
    sum: s.sum + weight * d,
    sumOfSquares: s.sumOfSquares + weight * (d * d + prior.scale * prior.scale),
    sumOfLogs: s.sumOfLogs - weight * logMinusDigamma(prior.degreesOfFreedom / 2),
  };
}

/**
 * What these rows add to the log-likelihood at `model`: the expected log p(x, τ), with x and its precision τ as the prior says, so that
 * log τ has mean ψ(ν/2) - log(ν/2) at the ν of the prior, and τ itself mean 1.
 */
export function logOfPrior(weight: number, prior: StudentTParameters, model: StudentTParameters): number {
  const { location, scale, degreesOfFreedom } = model;
  const half = degreesOfFreedom / 2;
  const square = ((prior.location - location) / scale) ** 2 + (prior.scale / scale) ** 2;
  const meanLog = -logMinusDigamma(prior.degreesOfFreedom / 2);
  const ofPrecision = half * log(half) - lgamma(half) + (half - 1) * meanLog - half;
  return weight * ((meanLog - log(2 * Math.PI) - square) / 2 - log(scale) + ofPrecision);
}

/** The ν with log(ν/2) - ψ(ν/2) = log a - mean E[log τ] + mean τ / a - 1, where a is the mean of the precisions. */
export function degreesOf({ count, precision, sumOfLogs }: StudentTStatistic, a: number): number {
  const gap = log(a) - sumOfLogs / count + precision / (count * a) - 1;
  if (!(gap > 0)) return MAX_DEGREES;
  const nu = newtonRoot((n) => ({ value: logMinusDigamma(n / 2) - gap, slope: 0.5 * logMinusDigammaSlope(n / 2) }), {
    start: 1 / gap,
    lower: MIN_DEGREES,
    upper: MAX_DEGREES,
  });
  return nu > 0.999 * MAX_DEGREES ? MAX_DEGREES : nu;
}
