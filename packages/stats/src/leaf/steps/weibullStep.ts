/**
 * The E and M step of the Weibull distribution. Its likelihood has no sufficient statistic of fixed size, so the E step takes
 * the moments of log x under the weights x^k of the entering shape k, and the M step makes one Newton step in k from them.
 */

import type { Accumulator, AnyDistribution, Scratch } from '../../contract.js';
import { exp, expm1, log } from '../../numeric/elementary.js';
import { kernels } from '../../numeric/kernels/index.js';
import { newtonRoot } from '../../numeric/newtonRoot.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { digamma, lgamma, trigamma } from '../../numeric/special.js';
import { meanOf } from '../scalarMoments.js';
import type { WeibullColumns } from './weibullColumns.js';

/** The parameters of a Weibull distribution. */
interface WeibullParameters {
  readonly shape: number;
  readonly scale: number;
}

/** What the E step needs of a model. */
interface WeibullModel extends AnyDistribution, WeibullParameters {}

const MIN_SHAPE = 1e-3;
/** Equal rows have no finite shape of maximum likelihood. */
export const MAX_SHAPE = 1e8;

/** Relative error of a sum over rows. */
const ROUNDING = 1e-13;

/** exp of more would overflow when multiplied and summed. Such a row is 600 nats from where the model expects it. */
const MAX_EXPONENT = 600;

/**
 * With d = log x - o about the origin o (the logarithm of the entering scale) and e = exp(k·d): Σw, Σw·d, Σw·d², Σw·e,
 * Σw·d·e and Σw·d²·e. Additive over rows that share k and o; brought to one o by a factor. Without an entering model there
 * is no k and the last three are 0; statistics of two shapes are merged by the first three alone.
 */
export interface WeibullStatistic {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly power: number;
  readonly powerSum: number;
  readonly powerSumOfSquares: number;
  readonly origin: number;
  /** k of the entering model. */
  readonly shape?: number | undefined;
  /** Largest minus smallest log x of the whole column. */
  readonly range: number;
}

/** The same statistic about another origin. */
function aboutOrigin(s: WeibullStatistic, origin: number): WeibullStatistic {
  const shift = s.origin - origin;
  if (shift === 0) return s;
  const factor = exp(Math.min((s.shape ?? 0) * shift, MAX_EXPONENT));
  return {
    ...s,
    sum: s.sum + s.count * shift,
    sumOfSquares: s.sumOfSquares + 2 * shift * s.sum + s.count * shift * shift,
    power: factor * s.power,
    powerSum: factor * (s.powerSum + shift * s.power),
    powerSumOfSquares: factor * (s.powerSumOfSquares + 2 * shift * s.powerSum + shift * shift * s.power),
    origin,
  };
}

/** Sums what {@link WeibullStatistic} says. */
export class WeibullAccumulator implements Accumulator<WeibullColumns, WeibullStatistic, WeibullModel> {
  readonly kind = 'Weibull';
  readonly #powers = new GrowingScratch();
  #origin: number | undefined;
  #shape: number | undefined;
  #range = 0;

  constructor(
    readonly statistic: Float64Array = new Float64Array(6),
    readonly key?: string,
  ) {}

  begin(model: WeibullModel | undefined, columns: WeibullColumns, scratch: Scratch): void {
    this.#powers.from(scratch);
    this.#origin = model === undefined ? meanOf(columns.logX) : log(model.scale);
    this.#shape = model?.shape;
    this.#range = rangeOf(columns);
  }

  seqUpdate(columns: WeibullColumns, start: number, end: number, weights: Float64Array): void {
    if (end === start) return;
    this.#origin ??= columns.logX[start]!;
    this.#range = Math.max(this.#range, rangeOf(columns));
    const count = end - start;
    const { stage, moments } = kernels();
    const logX = stage(columns.logX, start, count);
    moments(logX, weights, count, this.#origin, this.statistic);
    if (this.#shape !== undefined) this.#addPowers(logX, count, weights, this.#shape, this.#origin);
  }

  #addPowers(logX: Float64Array, count: number, weights: Float64Array, shape: number, origin: number): void {
    const powers = this.#powers.atLeast(count);
    for (let i = 0; i < count; i++) powers[i] = Math.min(shape * (logX[i]! - origin), MAX_EXPONENT);
    kernels().exp(powers, count, powers);
    let power = 0;
    let powerSum = 0;
    let powerSumOfSquares = 0;
    for (let i = 0; i < count; i++) {
      const d = logX[i]! - origin;
      const e = weights[i]! * powers[i]!;
      power += e;
      powerSum += e * d;
      powerSumOfSquares += e * d * d;
    }
    this.statistic[3]! += power;
    this.statistic[4]! += powerSum;
    this.statistic[5]! += powerSumOfSquares;
  }

  combine(other: WeibullStatistic): void {
    this.#range = Math.max(this.#range, other.range);
    if (other.count === 0) return;
    if (this.statistic[0] === 0) {
      this.fromValue({ ...other, range: this.#range });
      return;
    }
    const own = this.value();
    const moved = aboutOrigin(other, own.origin);
    if (own.shape !== moved.shape) this.#shape = undefined;
    this.#write({
      ...own,
      count: own.count + moved.count,
      sum: own.sum + moved.sum,
      sumOfSquares: own.sumOfSquares + moved.sumOfSquares,
      power: own.power + moved.power,
      powerSum: own.powerSum + moved.powerSum,
      powerSumOfSquares: own.powerSumOfSquares + moved.powerSumOfSquares,
    });
  }

  #write(s: WeibullStatistic): void {
    this.statistic.set([s.count, s.sum, s.sumOfSquares, s.power, s.powerSum, s.powerSumOfSquares]);
  }

  value(): WeibullStatistic {
    const [count, sum, sumOfSquares, power, powerSum, powerSumOfSquares] = this.statistic as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const origin = this.#origin ?? 0;
    const [shape, range] = [this.#shape, this.#range];
    return { count, sum, sumOfSquares, power, powerSum, powerSumOfSquares, origin, shape, range };
  }

  fromValue(statistic: WeibullStatistic): void {
    this.#write(statistic);
    this.#origin = statistic.origin;
    this.#shape = statistic.shape;
    this.#range = statistic.range;
  }
}

function rangeOf({ minLog, maxLog }: WeibullColumns): number {
  return Math.max(0, maxLog - minLog);
}

/** The expected statistic of `weight` more rows that are distributed as `prior` says. */
export function addPrior(s: WeibullStatistic, weight: number, prior: WeibullParameters): WeibullStatistic {
  // (x/λ)^shape is a standard exponential variate E: E[E^a] = Γ(1 + a), and log E has the moments of a Gumbel variate.
  const offset = log(prior.scale) - s.origin;
  const mean = offset + digamma(1) / prior.shape;
  const exponent = 1 + (s.shape ?? 0) / prior.shape;
  const logPower = (s.shape ?? 0) * offset + lgamma(exponent);
  const power = s.shape === undefined ? 0 : exp(Math.min(logPower, MAX_EXPONENT));
  const powerMean = offset + digamma(exponent) / prior.shape;
  const squaresOf = (m: number, a: number) => m * m + trigamma(a) / (prior.shape * prior.shape);
  return {
    ...s,
    count: s.count + weight,
    sum: s.sum + weight * mean,
    sumOfSquares: s.sumOfSquares + weight * squaresOf(mean, 1),
    power: s.power + weight * power,
    powerSum: s.powerSum + weight * power * powerMean,
    powerSumOfSquares: s.powerSumOfSquares + weight * power * squaresOf(powerMean, exponent),
    // All but about 1e-6 of the imaginary rows lie within 16/shape of each other.
    range: Math.max(s.range, 16 / prior.shape),
  };
}

/** What these rows add to the log-likelihood at `model`: the expected log-density, of which {@link addPrior} has the moments. */
export function logOfPrior(weight: number, prior: WeibullParameters, { shape, scale }: WeibullParameters): number {
  const offset = log(prior.scale) - log(scale);
  const ratio = shape / prior.shape;
  const meanLog = offset + digamma(1) / prior.shape;
  return weight * (log(shape) - log(scale) + (shape - 1) * meanLog - exp(shape * offset + lgamma(1 + ratio)));
}

interface Step {
  readonly shape: number;
  readonly logScale: number;
}

/**
 * Matches the mean and the variance of log x, which are log λ - γ/k and π²/6k².
 * @param most  the largest shape
 */
export function momentStart({ count, sum, sumOfSquares, origin }: WeibullStatistic, most: number): Step {
  const mean = sum / count;
  const variance = sumOfSquares / count - mean * mean;
  const hasSpread = variance > 8 * Number.EPSILON * mean * mean;
  const shape = hasSpread ? Math.min(Math.max(Math.PI / Math.sqrt(6 * variance), MIN_SHAPE), most) : most;
  return { shape, logScale: origin + mean - digamma(1) / shape };
}

/**
 * One step from the shape k. The log-likelihood per row is, up to a constant, log k' - log M(k') + k' · mean d with
 * M(k') = Σw exp(k' d). With R the range of log x, the variance V of d under the weights exp(k d) changes by a factor
 * exp(R |k' - k|) at most, so
 *   log M(k') <= log M(k) + (k' - k) M'(k)/M(k) + V φ(R |k' - k|) / R²,  φ(t) = exp(t) - 1 - t.
 * The step maximises the bound that follows. It touches the likelihood at k with two derivatives: the likelihood cannot fall,
 * and near the maximum the step is Newton's.
 * @param most  the largest shape
 * @see Bach (2010), Self-concordant analysis for logistic regression, lemma 1
 */
export function weibullStep(s: WeibullStatistic, shape: number, most: number): Step {
  const mean = s.sum / s.count;
  const powerMean = s.powerSum / s.power;
  // Rounding may leave nothing of a small variance, and the bound must not be too low: its error is added.
  const secondMoment = s.powerSumOfSquares / s.power;
  const variance = Math.max(0, secondMoment - powerMean * powerMean) + ROUNDING * secondMoment;
  const range = Math.max(s.range, 1e-8); // equal rows: the variance is 0, and the bound does not bind
  // The largest shape may have fallen far below the entering one, where the bound says nothing.
  if (variance > 0 && range * (shape - most) > MAX_EXPONENT) return momentStart(s, most);
  const next = newtonRoot(
    (k) => {
      const step = k - shape;
      // Without a variance nothing grows, and 0 · Infinity is NaN.
      const growth = variance > 0 ? expm1(range * Math.abs(step)) : 0;
      return {
        value: 1 / k + mean - powerMean - (Math.sign(step) * variance * growth) / range,
        slope: -1 / (k * k) - variance * (growth + 1),
      };
    },
    { start: shape, lower: MIN_SHAPE, upper: most },
  );
  const t = variance > 0 ? range * Math.abs(next - shape) : 0;
  const remainder = t < 1e-3 ? t * t * (1 / 2 + t / 6 + (t * t) / 24) : expm1(t) - t;
  const bound = log(s.power / s.count) + (next - shape) * powerMean + (variance * remainder) / (range * range);
  const isMost = next > (most < MAX_SHAPE ? 1 - 1e-12 : 0.999) * most;
  return { shape: isMost ? most : next, logScale: s.origin + bound / next };
}
