/**
 * Yes or no: P(true) = p, P(false) = 1 - p, with 0 <= p <= 1.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 3.
 */

import { conjugate, isPriorOf, scorerOf, shareMode, withoutPrior } from '../bayes/conjugate.js';
import { checkParameters, checkProbability } from '../checks/parameters.js';
import type { Bayes, Report, Sampler, Seed } from '../contract.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import type { BernoulliColumns, BernoulliRow, BernoulliStatistic } from '../leaf/levels/booleans.js';
import { BernoulliEncoder, BOOLEANS, isBernoulliRow } from '../leaf/levels/booleans.js';
import { CodeScores } from '../leaf/levels/codes.js';
import { checkImaginaryRows, type ImaginaryRows, imaginaryRows, logOfShare } from '../leaf/prior.js';
import { tableEntropy } from '../leaf/tableQueries.js';
import { log, log1p } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import type { BetaDistribution } from './beta.js';

export type { BernoulliColumns, BernoulliRow, BernoulliStatistic } from '../leaf/levels/booleans.js';

const CHECKS = { p: checkProbability };
const ENCODER = /* @__PURE__ */ new BernoulliEncoder();

/**
 * A coin that shows true with probability `p`.
 * @example
 * new BernoulliDistribution({ p: 0.25 }).density(true); // 0.25
 */
export class BernoulliDistribution extends LeafDistribution<BernoulliColumns, BernoulliRow, BernoulliEncoder> {
  static readonly typeName = 'Bernoulli';
  static readonly typeVersion = 1;
  /** Probability of true. */
  readonly p: number;
  /** Log-probability of false and of true. */
  readonly #table: Float64Array;

  /** @throws {ParameterError} unless p is in [0, 1] */
  constructor(parameters: { readonly p: number }) {
    const { p } = checkParameters('BernoulliDistribution', parameters, CHECKS);
    const table = Float64Array.of(log1p(-p), log(p));
    super(ENCODER, new CodeScores(table));
    this.p = p;
    this.#table = table;
  }

  /** The probability of true: true counts as 1. */
  get mean(): number {
    return this.p;
  }

  get variance(): number {
    return this.p * (1 - this.p);
  }

  /** False where both are as likely. */
  get mode(): boolean {
    return this.p > 0.5;
  }

  get entropy(): number {
    return tableEntropy([this.p, 1 - this.p]);
  }

  logDensity(x: BernoulliRow): number {
    if (Number.isNaN(x)) return Number.NaN;
    return isBernoulliRow(x) ? this.#table[Number(x)]! : -Infinity;
  }

  sampler(seed: Seed): Sampler<boolean> {
    const rng = random(seed);
    return samplerOf(() => rng() < this.p);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): BernoulliEstimator {
    return new BernoulliEstimator(imaginaryRows('BernoulliDistribution', options, { p: this.p }));
  }

  toJSON() {
    return { type: 'Bernoulli', p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): BernoulliDistribution {
    return new this(checkParameters('BernoulliDistribution', fields, CHECKS));
  }
}

/** Options of {@link BernoulliEstimator}. */
export interface BernoulliOptions {
  /** Imaginary rows. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The share of true among the imaginary rows, default one half; or, instead of such rows, a distribution over p. */
  readonly prior?: { readonly p: number } | BetaDistribution;
  /** Bernoullis with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * p = (t + c·p0) / (n + c), with t the weight of true rows, n that of all, and c imaginary rows.
 * @example
 * optimize([true, false, true, true], new BernoulliEstimator()).model.p; // 0.75
 */
export class BernoulliEstimator extends LeafEstimator<
  BernoulliDistribution,
  BernoulliColumns,
  BernoulliStatistic,
  BernoulliRow,
  BernoulliEncoder
> {
  readonly #rows: ImaginaryRows<{ readonly p: number }>;

  /** @throws {ParameterError} for a negative pseudo count, a prior outside [0, 1], or one without a pseudo count */
  constructor(readonly options: BernoulliOptions = {}) {
    super(ENCODER, BOOLEANS);
    this.#rows = withoutPrior<BernoulliOptions, { p: number }>('BernoulliEstimator', options, 'Beta');
    checkImaginaryRows('BernoulliEstimator', this.#rows, CHECKS, { isNeeded: false });
  }

  /** Total weight 0 gives the prior, or one half. */
  estimate({ failures, successes }: BernoulliStatistic, report?: Report): BernoulliDistribution {
    const n = failures + successes;
    if (n === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior({ failures, successes }));
    const { pseudoCount = 0, prior } = this.#rows;
    const priorP = prior?.p ?? 0.5;
    if (n === 0) return new BernoulliDistribution({ p: priorP });
    const p = Math.min(1, (successes + pseudoCount * priorP) / (n + pseudoCount));
    if (p === 0 || p === 1)
      report?.add('degenerate', `all rows are ${p === 1}: the other value is impossible. Set pseudoCount.`, BOUNDED);
    return new BernoulliDistribution({ p });
  }

  protected override logOfImaginaryRows(model: BernoulliDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.#rows;
    return pseudoCount === 0 ? undefined : logOfShare(pseudoCount, prior?.p ?? 0.5, model.p);
  }

  /** With a beta prior: p given the rows is Beta(α + t, β + n - t). */
  get bayes(): Bayes<BernoulliDistribution, BernoulliStatistic, BetaDistribution, BernoulliColumns> | undefined {
    const { prior } = this.options;
    if (!isPriorOf<BetaDistribution>(prior, 'Beta')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (beta, { failures, successes }: BernoulliStatistic) => beta.updated(successes, failures),
      mode: (beta) => new BernoulliDistribution({ p: shareMode(beta) }),
      parameters: ({ p }) => p,
      expectedScorer: (beta) => {
        const { ofShare, ofRest } = beta.meanLogs;
        return scorerOf(new CodeScores(Float64Array.of(ofRest, ofShare)));
      },
      predictiveLogDensity: ({ alpha, beta }, x) => log((x ? alpha : beta) / (alpha + beta)),
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }
}
