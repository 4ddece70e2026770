/** The result of a fit. */
import type { AnyDistribution, Finding, Seed } from '../contract.js';
import { EstimationError } from '../errors.js';
import type { Iterate, StopReason } from './converge.js';

/** A fitted model, and how the fit went. */
export interface FitResult<D> {
  /** The best model on the path. */
  readonly model: D;
  /** Its log-likelihood, Σ w log f(x), in nats. */
  readonly logLikelihood: number;
  /** Log-density of the prior at the model, up to a constant: 0 without a prior, NaN where it is not known. */
  readonly logPrior: number;
  /** Log-likelihood plus log-density of the prior, which the fit maximises. NaN where that of the prior is not known. */
  readonly objective: number;
  /** Its place on the path: 0 is the start. */
  readonly bestIteration: number;
  /** EM iterations run. */
  readonly iterations: number;
  /** Why it ended; `'failed'` only in the result of a {@link FitError}. */
  readonly reason: StopReason | 'failed';
  /** An estimate of the gain that is left, in nats; NaN where it is not known: see `Conclusion`. */
  readonly remainingGain: number;
  /** One entry per iterate, the start first. */
  readonly path: readonly Iterate[];
  /**
   * `'auto'` or `'none'`, as the option says; `'unavailable'` when it was plain EM because a family of the model has no flat
   * statistic.
   */
  readonly acceleration: 'auto' | 'none' | 'unavailable';
  /** Dead and degenerate parts of the returned model, by name, and whether the fit ended too soon. */
  readonly findings: readonly Finding[];
  readonly seed: Seed;
}

/** A fit that could not continue, or several starts that all failed. It holds the best model reached. */
export class FitError<D = AnyDistribution> extends EstimationError {
  override readonly name = 'FitError';

  constructor(
    message: string,
    /** The best model before the failure, with `reason: 'failed'`; absent when there was none. */
    readonly result: FitResult<D> | undefined,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** One iterate of a running fit. */
export interface FitStep<D> extends Iterate {
  /**
   * The fit so far, with the best model. Its `reason` is `'aborted'` in all steps but the last: that is the reason when the
   * loop is left here.
   */
  readonly result: FitResult<D>;
}
