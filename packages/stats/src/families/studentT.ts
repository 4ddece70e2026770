/**
 * Real numbers with heavy tails: p(x) = Γ((ν+1)/2) / (Γ(ν/2) √(νπ) σ) · (1 + ((x-μ)/σ)² / ν)^(-(ν+1)/2), with location μ,
 * scale σ > 0 and ν > 0 degrees of freedom. ν = 1 is the Cauchy distribution; as ν grows it becomes the Gaussian.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 2 (1995), ch. 28.
 */

import { randomGamma, randomNormal } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import {
  checkFields,
  checkPositive,
  checkPositiveOption,
  checkPseudoCount,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import type {
  Accumulator,
  AddSquaredDistances,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { NumberColumns, NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, numberViolation } from '../leaf/numberColumn.js';
import { newtonRoot } from '../numeric/newtonRoot.js';
import { random, samplerOf } from '../numeric/random.js';
import { betaln, logMinusDigamma, logMinusDigammaSlope } from '../numeric/special.js';

/** One real number per row. */
export type StudentTColumns = NumberColumns;

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
}

interface StudentTParameters {
  readonly location: number;
  readonly scale: number;
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom outside are not estimated; above, the density is the Gaussian's to 6 digits. */
const FEWEST_DEGREES = 0.01;
const MOST_DEGREES = 1e6;

/** Where no row says anything. */
const STANDARD: StudentTParameters = { location: 0, scale: 1, degreesOfFreedom: 4 };

/**
 * Student's t distribution with `location`, `scale` (not a standard deviation) and `degreesOfFreedom`.
 * @example
 * new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 1 }).density(0); // 0.3183098861837907
 */
export class StudentTDistribution implements Distribution<number, StudentTColumns> {
  static readonly typeName = 'StudentT';
  static readonly typeVersion = 1;
  /** μ: the median, and the mean where there is one. */
  readonly location: number;
  /** σ. The variance is σ² ν / (ν - 2) for ν > 2. */
  readonly scale: number;
  /** ν; need not be an integer. */
  readonly degreesOfFreedom: number;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `location` is finite, and `scale` and `degreesOfFreedom` are finite and > 0 */
  constructor({ location, scale, degreesOfFreedom }: StudentTParameters) {
    checkParameters('StudentTDistribution', '', { location, scale, degreesOfFreedom });
    this.location = location;
    this.scale = scale;
    this.degreesOfFreedom = degreesOfFreedom;
    // Γ((ν+1)/2) / (Γ(ν/2) √π) = 1 / B(1/2, ν/2), which keeps its digits for large ν.
    this.#logNormalizer = -betaln(0.5, degreesOfFreedom / 2) - 0.5 * Math.log(degreesOfFreedom) - Math.log(scale);
  }

  logDensity(x: number): number {
    const nu = this.degreesOfFreedom;
    const deviation = Math.abs(x - this.location) / this.scale;
    const z = (deviation * deviation) / nu;
    // With a tiny scale the square overflows, its logarithm does not.
    const logTail = z === Infinity ? 2 * Math.log(deviation) - Math.log(nu) : Math.log1p(z);
    return this.#logNormalizer - ((nu + 1) / 2) * logTail;
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity({ x }: StudentTColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) out[row - start] = this.logDensity(x[row]!);
  }

  /** A normal variate over the root of its precision, a gamma variate with mean 1. */
  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    const normal = randomNormal.source(rng)(0, this.scale);
    const precision = randomGamma.source(rng)(this.degreesOfFreedom / 2, 2 / this.degreesOfFreedom);
    const draw = () => this.location + normal() / Math.sqrt(precision());
    // With few degrees of freedom the precision may underflow.
    return samplerOf(() => Math.min(Math.max(draw(), -Number.MAX_VALUE), Number.MAX_VALUE));
  }

  encoder(): StudentTEncoder {
    return new StudentTEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): StudentTEstimator {
    const { location, scale, degreesOfFreedom } = this;
    return new StudentTEstimator(pseudoCount > 0 ? { pseudoCount, prior: { location, scale, degreesOfFreedom } } : {});
  }

  toJSON() {
    const { location, scale, degreesOfFreedom } = this;
    return { type: 'StudentT', location, scale, degreesOfFreedom } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): StudentTDistribution {
    const types = { location: 'number', scale: 'number', degreesOfFreedom: 'number' } as const;
    return new StudentTDistribution(checkFields('StudentTDistribution', fields, types));
  }
}

function checkParameters(owner: string, prefix: string, parameters: StudentTParameters): void {
  const { location, scale, degreesOfFreedom } = parameters;
  if (!Number.isFinite(location)) throw new ParameterError(owner, `${prefix}location`, 'a finite number', location);
  checkPositive(owner, `${prefix}scale`, scale);
  checkPositive(owner, `${prefix}degreesOfFreedom`, degreesOfFreedom);
}

const RULE: NumberRule = { family: 'StudentT', expected: 'a finite number', accepts: () => true };

/** Refuses everything but finite numbers. */
export class StudentTEncoder implements Encoder<number, StudentTColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not a finite number */
  encode(rows: readonly number[]): StudentTColumns {
    return { rowCount: rows.length, x: encodeNumbers(RULE, rows) };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ x }: StudentTColumns): AddSquaredDistances {
    return scaledSquares(x);
  }
}

/** Sums what {@link StudentTStatistic} says. A start takes the precisions of a wide t distribution over the whole column. */
export class StudentTAccumulator implements Accumulator<StudentTColumns, StudentTStatistic, StudentTDistribution> {
  readonly kind = 'StudentT';
  #model: StudentTParameters | undefined;
  #origin: number | undefined;

  constructor(
    readonly statistic: Float64Array = new Float64Array(5),
    readonly key?: string,
  ) {}

  begin(model: StudentTDistribution | undefined, columns: StudentTColumns): void {
    this.#model = model ?? wideModel(columns.x);
    this.#origin = this.#model.location;
  }

  seqUpdate({ x }: StudentTColumns, start: number, end: number, weights: Float64Array): void {
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
      const logTau =
        z < 1e8
          ? Math.log1p((1 - z) / (nu + z))
          : Math.log(nu + 1) - (z < Infinity ? Math.log(nu + z) : 2 * Math.log(ratio));
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
    return { count, precision, sum, sumOfSquares, sumOfLogs, origin: this.#origin ?? 0 };
  }

  fromValue({ count, precision, sum, sumOfSquares, sumOfLogs, origin }: StudentTStatistic): void {
    this.#origin = origin;
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

/** Options of {@link StudentTEstimator}. */
export interface StudentTOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: { readonly location: number; readonly scale: number; readonly degreesOfFreedom: number };
  /** Degrees of freedom that are not estimated: a robust fit with a given tail. */
  readonly degreesOfFreedom?: number;
  /** The smallest scale that is returned. Default: none; see {@link StudentTEstimator.estimate}. */
  readonly minScale?: number;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood by expectation and conditional maximisation over the hidden precisions τ: μ = Σwτx / Σwτ,
 * σ² = Σwτ(x - μ)² / Σwτ, and ν solves log(ν/2) - ψ(ν/2) = log(mean τ) - mean of E[log τ]. One step for each EM iteration.
 *
 * Dividing by Σwτ instead of Σw is EM in a model whose precisions have a free mean: the same maximum in fewer steps. With a
 * prior that mean is held at 1.
 * @example
 * optimize([-1, 0, 1, 50], new StudentTEstimator()).model.location; // near 0, not 12.5
 * @see Liu & Rubin (1995), ML estimation of the t distribution using EM and its extensions, ECM and ECME
 * @see Liu, Rubin & Wu (1998), Parameter expansion to accelerate EM: the PX-EM algorithm, section 4
 */
export class StudentTEstimator implements Estimator<number, StudentTDistribution, StudentTColumns, StudentTStatistic> {
  /** @throws {ParameterError} for a negative pseudo count, a prior that is none, one without the other, or a bad option */
  constructor(readonly options: StudentTOptions = {}) {
    const owner = 'StudentTEstimator';
    checkEstimatorOptions(owner, options, {
      pseudoCount: true,
      prior: ['location', 'scale', 'degreesOfFreedom'],
      degreesOfFreedom: true,
      minScale: true,
      key: true,
    });
    const { pseudoCount, prior, degreesOfFreedom, minScale } = options;
    checkPseudoCount(owner, 'pseudoCount', pseudoCount);
    if ((pseudoCount ?? 0) > 0 && prior === undefined) {
      throw new ParameterError(owner, 'prior', 'given together with pseudoCount', prior);
    }
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'given together with prior', pseudoCount);
    }
    if (prior !== undefined) checkParameters(owner, 'prior.', prior);
    checkPositiveOption(owner, 'degreesOfFreedom', degreesOfFreedom);
    checkPositiveOption(owner, 'minScale', minScale);
  }

  encoder(): StudentTEncoder {
    return new StudentTEncoder();
  }

  statisticLength(): number {
    return 5;
  }

  accumulator(_schema: StudentTColumns, statistic?: Float64Array): StudentTAccumulator {
    return new StudentTAccumulator(statistic, this.options.key);
  }

  /**
   * Total weight 0 gives the prior, or location 0, scale 1 and 4 degrees of freedom. When all rows are equal the scale is
   * `minScale`, or 1 without it, and the report says so; likewise when the tails are a Gaussian's (ν = 1e6).
   */
  estimate(statistic: StudentTStatistic, report?: Report): StudentTDistribution {
    const { pseudoCount = 0, prior, degreesOfFreedom, minScale } = this.options;
    if (statistic.count === 0) {
      reportDead(report);
      return new StudentTDistribution({ ...(prior ?? STANDARD), ...(degreesOfFreedom && { degreesOfFreedom }) });
    }
    const hasPrior = prior !== undefined && pseudoCount > 0;
    const s = hasPrior ? addPrior(statistic, pseudoCount, prior) : statistic;
    const shift = s.sum / s.precision;
    const scatter = s.sumOfSquares - shift * s.sum;
    const meanPrecision = hasPrior ? 1 : s.precision / s.count;
    const variance = scatter / (s.count * meanPrecision);
    // The rounding error of the scatter is of the order of ε · shift².
    const isDetermined = !(variance <= 8 * Number.EPSILON * shift * shift || variance < SMALLEST_NORMAL);
    if (!isDetermined) {
      report?.add('degenerate', 'all rows are equal, or so many that the scale is 0. Set minScale or a prior.');
    }
    const nu = degreesOfFreedom ?? (isDetermined ? degreesOf(s, meanPrecision) : STANDARD.degreesOfFreedom);
    if (nu === MOST_DEGREES && isDetermined) {
      report?.add('degenerate', 'the tails are no heavier than those of a Gaussian. Use GaussianEstimator.');
    }
    return new StudentTDistribution({
      location: s.origin + shift,
      scale: Math.max(isDetermined ? Math.sqrt(variance) : (minScale ?? 1), minScale ?? 0),
      degreesOfFreedom: nu,
    });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    const { key, degreesOfFreedom } = this.options;
    return [{ key, count: degreesOfFreedom === undefined ? 3 : 2 }];
  }
}

/** The expected statistic of `weight` more rows with their precisions. */
function addPrior(s: StudentTStatistic, weight: number, prior: StudentTParameters): StudentTStatistic {
  const d = prior.location - s.origin;
  return {
    count: s.count + weight,
    precision: s.precision + weight,
    sum: s.sum + weight * d,
    sumOfSquares: s.sumOfSquares + weight * (d * d + prior.scale * prior.scale),
    sumOfLogs: s.sumOfLogs - weight * logMinusDigamma(prior.degreesOfFreedom / 2),
    origin: s.origin,
  };
}

/** The ν with log(ν/2) - ψ(ν/2) = log a - mean E[log τ] + mean τ / a - 1, where a is the mean of the precisions. */
function degreesOf({ count, precision, sumOfLogs }: StudentTStatistic, a: number): number {
  const gap = Math.log(a) - sumOfLogs / count + precision / (count * a) - 1;
  if (!(gap > 0)) return MOST_DEGREES;
  const nu = newtonRoot((n) => ({ value: logMinusDigamma(n / 2) - gap, slope: 0.5 * logMinusDigammaSlope(n / 2) }), {
    start: 1 / gap,
    lower: FEWEST_DEGREES,
    upper: MOST_DEGREES,
  });
  return nu > 0.999 * MOST_DEGREES ? MOST_DEGREES : nu;
}
