/** What the steps of a fit pass on, from pass to pass and from model to model. */

/** Something a user should know about an estimate. */
export interface Finding {
  /**
   * `dead`: no weight reached this node. `degenerate`: the estimate is on the boundary of the parameter space. `unconverged`:
   * the fit ended before it converged.
   */
  readonly kind: 'dead' | 'degenerate' | 'unconverged';
  /** Where in the model: `components[2].dists[0]`. */
  readonly path: string;
  readonly message: string;
  /**
   * Of `degenerate`: the likelihood is bounded there, as for probabilities, so that the estimate may be the best one.
   * Absent where it may be unbounded, as for a variance near 0: such a model is not chosen when fits are compared.
   */
  readonly isBounded?: true;
}

/** What a pass over rows yields: one flat vector, or (when a family has no flat statistic) an object. */
export type PassStatistic =
  | Float64Array
  | { readonly logLikelihood: number; readonly weight: number; readonly itemWeight: number; readonly value: unknown };

/** A model with the findings of its M step. */
export interface Estimated<D> {
  readonly model: D;
  readonly findings: readonly Finding[];
}

/** How a model on the path was made from the ones before: `'merge'` by putting the rows of two components together. */
export type StepKind = 'plain' | 'squarem' | 'anderson' | 'merge';

/** A statistic, and that of the rows under its model. */
export interface Pair {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** The last plain step of a cycle, to which a rejected try returns. */
export interface Base<D> extends Estimated<D> {
  /** Of the model that entered its pass. */
  readonly logLikelihood: number;
  readonly logPrior: number;
  /** The statistic that `model` comes from. */
  readonly statistic: Float64Array;
  /** The scaled square of its residual. */
  readonly residual: number;
}

/** What the next step needs beside the model. Plain data: a checkpoint holds it. Statistics are about the mean of `origin`. */
export interface Cycle<D> {
  readonly origin: D;
  /** The statistic from which the entering model was made. */
  readonly entering: Float64Array;
  /** Plain steps of the last cycles, the newest last. */
  readonly pairs: readonly Pair[];
  /** The largest residual of each entry so far, which says in what unit an entry counts. */
  readonly largest: Float64Array;
  /** True for the second plain step of a cycle. */
  readonly isSecond: boolean;
  /** Present while a try is under way. */
  readonly base?: Base<D>;
  /** The longest SQUAREM step. */
  readonly cap: number;
  /** The try is a SQUAREM step of that length. */
  readonly isCapped: boolean;
  /** Cycles in a row whose residuals shrank. */
  readonly shrinking: number;
  /** Cycles until Anderson's step may be tried again. */
  readonly pause: number;
  /** Cycles so far. */
  readonly count: number;
}

/** Where a fit stands between two passes. */
export interface AdvanceState<D> {
  /** How the model that enters the next pass was made. */
  readonly step: StepKind;
  /** Absent before the first pass, and for plain EM. */
  readonly cycle?: Cycle<D>;
}

/** The next model, and where the fit stands. */
export interface Advanced<D> extends Estimated<D> {
  readonly state: AdvanceState<D>;
}

/** Makes each model of a path from the pass before. */
export interface Advance<D> {
  /** Whether it accelerates: statistics that are objects leave plain EM. */
  readonly isAccelerated: boolean;
  /** Before the first pass. */
  readonly initial: AdvanceState<D>;
  /** Whether the model that entered the pass is a try that failed. */
  isRejected(state: AdvanceState<D>, model: D, statistic: PassStatistic): boolean;
  /** The model for the next pass. @throws {EstimationError} as the M step */
  next(state: AdvanceState<D>, model: D, statistic: PassStatistic): Advanced<D>;
}
