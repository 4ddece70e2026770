/** The statistic of one mean and one variance: the Gaussian's, and that of families that are Gaussian on another scale. */
import { checkKey, checkPriorOptions } from '../checks/options.js';
import { checkFinite, checkNonNegative, checkPseudoCount, orAbsent } from '../checks/parameters.js';
import type { Accumulator, AnyDistribution, TiedNode } from '../contract.js';
import { kernels } from '../numeric/kernels/index.js';
import { type LeafStatistic, statisticOf } from './leafEstimator.js';
import type { MomentKeys, MomentPrior, Moments, TiedMoments } from './moments.js';
import { aboutOrigin, firstWithWeight, MomentTies } from './moments.js';
import type { NumberColumns } from './numberEncoder.js';

/**
 * Additive over rows that share an `origin` o: `count` = Σw, `sum` = Σw(x - o), `sumOfSquares` = Σw(x - o)². The origin is
 * the entering model's mean, so no digits of the variance are lost when the mean is large.
 */
export interface GaussianStatistic {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly origin: number;
  /** What this node shares with others, once keys have been tied. */
  readonly tied?: TiedMoments | undefined;
}

/** The statistic as moments of one coordinate. */
export function momentsOf({ count, sum, sumOfSquares, origin, tied }: GaussianStatistic): Moments {
  return {
    count,
    sum: Float64Array.of(sum),
    sumOfSquares: Float64Array.of(sumOfSquares),
    origin: Float64Array.of(origin),
    tied,
  };
}

/** The mean of a column; 0 without rows. */
export function meanOf(x: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < x.length; i++) mean += (x[i]! - mean) / (i + 1);
  return Number.isFinite(mean) ? mean : meanOfLarge(x);
}

/** The same where a difference overflows: -1e308 after 1e308. */
function meanOfLarge(x: Float64Array): number {
  return x.reduce((mean, value, i) => mean - mean / (i + 1) + value / (i + 1), 0);
}

/** What the E step needs of a model. */
interface ModelWithMean extends AnyDistribution {
  readonly mu: number;
}

/** Sums `[Σw, Σw(x - o), Σw(x - o)²]` about the origin o. */
export class GaussianAccumulator implements Accumulator<NumberColumns, GaussianStatistic, ModelWithMean> {
  readonly #ties: MomentTies;
  #origin: number | undefined;

  constructor(
    readonly kind: string,
    readonly statistic: Float64Array = new Float64Array(3),
    readonly key?: string,
    keys: MomentKeys = {},
    prior: MomentPrior = { muCount: 0, sigma2Count: 0 },
  ) {
    this.#ties = new MomentTies(() => momentsOf(this.value()), keys, prior, kind);
  }

  /** The mean and the variance as nodes of their own. */
  get children(): readonly TiedNode[] {
    return this.#ties.children;
  }

  begin(model: ModelWithMean | undefined, columns: NumberColumns): void {
    this.#origin = model === undefined ? meanOf(columns.x) : model.mu;
  }

  seqUpdate(columns: NumberColumns, start: number, end: number, weights: Float64Array): void {
    const first = this.#origin === undefined ? firstWithWeight(weights, end - start) : 0;
    if (first < 0) return;
    this.#origin ??= columns.x[start + first]!;
    const { stage, moments } = kernels();
    moments(stage(columns.x, start, end - start), weights, end - start, this.#origin, this.statistic);
  }

  /** The two parts are brought to one origin first. */
  combine(other: GaussianStatistic): void {
    this.#origin ??= other.origin;
    const moved = aboutOrigin(momentsOf(other), Float64Array.of(this.#origin));
    this.statistic[0]! += moved.count;
    this.statistic[1]! += moved.sum[0]!;
    this.statistic[2]! += moved.sumOfSquares[0]!;
  }

  value(): GaussianStatistic {
    const [count, sum, sumOfSquares] = this.statistic as unknown as [number, number, number];
    const tied = this.#ties.value();
    return { count, sum, sumOfSquares, origin: this.#origin ?? 0, ...(tied === undefined ? {} : { tied }) };
  }

  fromValue({ count, sum, sumOfSquares, origin, tied }: GaussianStatistic): void {
    this.#origin = origin;
    this.statistic.set([count, sum, sumOfSquares]);
    this.#ties.fromValue(tied);
  }
}

/** The statistic of a family with one mean and one variance. */
export function momentStatistic(kind: string): LeafStatistic<NumberColumns, GaussianStatistic> {
  return statisticOf(kind, 3, (statistic, key) => new GaussianAccumulator(kind, statistic, key), {
    parameterCount: 2,
    isPooled: true,
  });
}

/** The checks of the options that all estimators of a mean and a variance share. */
export const MOMENT_OPTIONS = {
  prior: {
    mu: /* @__PURE__ */ orAbsent(checkFinite),
    muCount: checkPseudoCount,
    sigma2: /* @__PURE__ */ orAbsent(checkNonNegative),
    sigma2Count: checkPseudoCount,
  },
  minSigma2: checkNonNegative,
  key: checkKey,
};

/** `muCount` imaginary rows with mean `mu`, and `sigma2Count` with mean squared deviation `sigma2` from the estimated mean. */
export interface ScalarMomentPrior {
  readonly mu?: number;
  readonly muCount?: number;
  readonly sigma2?: number;
  readonly sigma2Count?: number;
}

/** The prior as that of one coordinate. @throws {ParameterError} for a value without its count, and the other way round */
export function momentPrior(owner: string, prior: ScalarMomentPrior = {}): MomentPrior {
  checkPriorOptions(owner, prior, { mu: 'muCount', sigma2: 'sigma2Count' }, { path: 'prior.' });
  const { mu, muCount = 0, sigma2, sigma2Count = 0 } = prior;
  return {
    mu: mu === undefined ? undefined : [mu],
    muCount,
    sigma2: sigma2 === undefined ? undefined : [sigma2],
    sigma2Count,
  };
}
