/**
 * What this package needs of others, and nothing more: a communicator, a codec, and the EM algorithm of an estimator.
 * Anything of this shape fits. `@dml/mpi-native`, `@dml/serialize` and `em()` of `@dml/stats` do.
 */

/** A seed for reproducible draws. */
export type Seed = number | string;

/** How the first model is drawn. */
export type StartMethod = 'kmeans++' | 'random';

/**
 * A group of ranks. All methods but `send…` and `recv…` are collective: every rank calls them in the same
 * order. They may block.
 */
export interface Communicator {
  /** This process, 0 … size - 1. Rank 0 is the root. */
  readonly rank: number;
  readonly size: number;
  /** Overwrites `buffer` on every rank with the root's. */
  bcast(buffer: Float64Array): unknown;
  /** Collects `counts[r]` numbers of each rank r on the root, in rank order. Elsewhere `received` and `counts` are null. */
  gatherv(sent: Float64Array, received: Float64Array | null, counts: ArrayLike<number> | null): void;
  /** Gives every rank the root's value. */
  bcastObject<V>(value: V | undefined, root?: number): V;
  /** The values of all ranks, in rank order, on every rank. */
  allgatherObject<V>(value: V): V[];
  /** The values of all ranks, in rank order, on the root; null elsewhere. */
  gatherObject<V>(value: V): V[] | null;
  /** Sends numbers or bytes to one rank, which calls `recv` with as many. */
  send(buffer: Float64Array | Uint8Array, destination: number): void;
  recv(buffer: Float64Array | Uint8Array, source: number): unknown;
  sendObject(value: unknown, destination: number): void;
  recvObject<V>(source: number): { readonly value: V };
}

/** Turns models into bytes and back, exactly. Needed where a model itself moves: `initialModel`, checkpoints, files. */
export interface Codec {
  /** Differs between codecs that cannot read each other's bytes. */
  readonly id: string;
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

/** Encoded rows: typed arrays with an entry per row, and what describes them all. Without rows: a schema. */
export interface Columns {
  readonly rowCount: number;
}

/** What a pass over rows yields: a flat vector, or an object when the estimator has no flat statistic. */
export type PassStatistic =
  | Float64Array
  | { readonly logLikelihood: number; readonly weight: number; readonly value: unknown };

/** A part of an estimate that is dead or degenerate, or a fit that ended before its limit. */
export interface Finding {
  readonly kind: 'dead' | 'degenerate' | 'unconverged';
  readonly path: string;
  readonly message: string;
  /** Of `degenerate`: the likelihood is bounded there, so that the estimate may well be the best. */
  readonly isBounded?: true;
}

/** When to stop. */
export interface StopOptions {
  /** Most iterations, each a pass over the rows. Default 1000. */
  readonly maxIterations?: number;
  /** Stop when an iteration gains less of the objective than this, in nats; null never stops. Default: see `deltaPerRow`. */
  readonly delta?: number | null;
  /** The same, in nats per row, or per item where rows are sequences, times its weight. Default 1e-9 when `delta` is absent. */
  readonly deltaPerRow?: number;
}

/** How a model on the path was made from the ones before: by an EM step, further on, or by merging two components. */
export type StepKind = 'plain' | 'squarem' | 'anderson' | 'merge';

/** `'auto'` accelerates, `'none'` is plain EM. */
export type Acceleration = 'auto' | 'none';

/** One model on the path: iterate 0 is the start, iterate i the model after i iterations. */
export interface Iterate {
  readonly iteration: number;
  /** Σ w log f(x) over the rows of all ranks. */
  readonly logLikelihood: number;
  /** Log-density of the prior; with the log-likelihood it is the objective. Absent without a prior, NaN where it is not known. */
  readonly logPrior?: number;
  /** Gain of the objective over the last iterate that was not rejected; NaN for the start. */
  readonly change: number;
  /** How its model was made. `'plain'` for the start. */
  readonly step: StepKind;
  /** The objective fell, and the fit has gone back to the iterate before. */
  readonly isRejected: boolean;
  /** The same sum over the validation rows, if there are any. */
  readonly validationLogLikelihood?: number;
}

/** Why a fit ended. */
export type StopReason = 'converged' | 'decreased' | 'maxIterations' | 'aborted';

/** Where an accelerated fit stands between two passes: plain data, typed arrays and models, which a codec can store. */
export interface AdvanceState {
  /** How the model that enters the next pass was made. */
  readonly step: StepKind;
}

/** Makes each model of a path from the pass before. */
export interface Advance<D> {
  /** Whether it accelerates. */
  readonly isAccelerated: boolean;
  /** Before the first pass. */
  readonly initial: AdvanceState;
  /** Whether the model that entered the pass is a try that failed. */
  isRejected(state: AdvanceState, model: D, statistic: PassStatistic): boolean;
  /** The model for the next pass. */
  next(state: AdvanceState, model: D, statistic: PassStatistic): Advanced<D>;
}

/** The next model, and where the fit stands. */
export interface Advanced<D> {
  readonly state: AdvanceState;
  readonly model: D;
  readonly findings: readonly Finding[];
}

/** What follows from the path so far. */
export interface Decision {
  /** The reason to stop now, if there is one. */
  readonly stop: StopReason | undefined;
  /** The index of the iterate to return. */
  readonly best: number;
}

/** E and M steps for columns of one schema. */
export interface Steps<D, C extends Columns> {
  /** Length of the flat statistic, or `undefined` when statistics are objects. */
  readonly statisticLength: number | undefined;
  /** The statistic of rows `[start, end)` of `columns`, which are all rows of one segment. */
  expectation(model: D, columns: C, start: number, end: number, weights?: Float64Array): PassStatistic;
  /** `left + right`. May change and return `left`. */
  combine(left: PassStatistic, right: PassStatistic): PassStatistic;
  /** `itemWeight`: each row counted once per item. Default: `weight` */
  likelihood(statistic: PassStatistic): {
    readonly logLikelihood: number;
    readonly weight: number;
    readonly itemWeight?: number;
  };
  maximization(model: D, statistic: PassStatistic): { readonly model: D; readonly findings: readonly Finding[] };
  /** Makes the models of a fit. Without it the fit is plain EM: see {@link maximization}. */
  advance?(acceleration: Acceleration): Advance<D>;
  release(): void;
}

/** The EM algorithm of one estimator: what `em(estimator)` of `@dml/stats` returns. */
export interface Algorithm<T, D, C extends Columns> {
  /** Compared between ranks, and not otherwise used. */
  readonly estimator: unknown;
  /** The cut of the rows into segments, the units of reduction. Depends on the number and kind of the rows alone. */
  readonly segments: { count(rowCount: number): number; start(rowCount: number, segment: number): number };
  readonly stopping: {
    /** @throws for options out of range */
    check(options: StopOptions): void;
    /**
     * @param before  what the last call returned, in this process
     * @throws for a likelihood with which a fit cannot go on
     */
    decide(path: readonly Iterate[], options: StopOptions, weight: number, before?: Decision): Decision;
    /** What there is to say at the end of a fit. */
    conclude?(
      path: readonly Iterate[],
      options: StopOptions,
      weight: number,
      reason: StopReason | 'failed',
    ): { readonly remainingGain: number; readonly findings: readonly Finding[] };
    /** Whether a fit can be given up, because another has reached an objective above its limit. Without it: never. */
    isLosing?(path: readonly Iterate[], reached: number): boolean;
  };
  /** Log-density of the prior at `model`: 0 without a prior, NaN where it is not known. Without this: 0. */
  logPrior?(model: D): number;
  trialSeed(seed: Seed, trial: number | string): Seed;
  /** The fold of each row in a cross-validation, 0 … foldCount - 1, from its global number alone. */
  foldOf(seed: Seed, foldCount: number): (row: number) => number;
  /**
   * Encodes rows whose numbers, in messages, start at `firstRow`.
   * @param numbers  the number of each row from `firstRow` on. Default 0, 1, 2, …
   * @throws for a row that the estimator cannot hold
   */
  encode(rows: readonly T[], firstRow?: number, numbers?: ArrayLike<number>): C;
  slice(columns: C, start: number, end: number): C;
  take(columns: C, rows: Int32Array): C;
  concat(parts: readonly C[]): C;
  /** Which of the rows `[firstRow, firstRow + count)` of `rowCount` in all the start uses; numbers from 0. */
  startRows(rowCount: number, firstRow: number, count: number, seed: Seed): Int32Array;
  /** Whether `encode` makes the columns that the other algorithm's `encode` makes. Without it: yes. */
  sharesColumns?(other: { readonly estimator: unknown }): boolean;
  /** @throws for a model that the estimator could not have made */
  checkModel?(model: D, schema: C): void;
  start(
    columns: C,
    options: {
      readonly seed: Seed;
      readonly method: StartMethod;
      readonly weights?: Float64Array;
      /** The share of each component in each row, component after component, instead of drawn ones. */
      readonly labels?: Float64Array;
      /** A model near which the start is made, where the estimator can. */
      readonly near?: D | undefined;
      /** Receives the findings of the M step of the start. */
      readonly findings?: Finding[];
    },
  ): D;
  steps(schema: C): Steps<D, C>;
  /** log f(x) of rows `[start, end)`. */
  seqLogDensity(model: D, columns: C, start: number, end: number, out: Float64Array): void;
}

/** What the rows say about one parameter. */
export interface ParameterUncertainty {
  /** As in `components[0].mu`. */
  readonly path: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Ends of the interval. */
  readonly low: number;
  readonly high: number;
}

/** Standard errors and intervals of all parameters of a fit. */
export interface StandardErrors {
  readonly parameters: readonly ParameterUncertainty[];
  /** Replicates that were fitted. */
  readonly replicates: number;
  /** Replicates of which no model could be estimated. */
  readonly failed: number;
  /** Replicates in which a component is nearer to another one of the model than to the one it was matched with. */
  readonly ambiguous: number;
}

/** How rows are weighed anew, and what follows from the fits: what `resampling(options)` of `@dml/stats` returns. */
export interface Resampling {
  /** Compared between ranks. */
  readonly options: Readonly<Record<string, string | number>>;
  /** Fits to make. */
  readonly replicates: number;
  /** The weight of a row in a replicate, from its number among the rows of all ranks and its own weight. */
  weightOf(replicate: number): (row: number, weight: number) => number;
  /**
   * @param fits  the model of each replicate; `undefined` for one that failed
   * @throws when too few replicates have a model
   */
  summary(model: unknown, fits: readonly unknown[]): StandardErrors;
}

/** How trials ended. */
export interface TrialCounts {
  /** Trials run. */
  readonly trials: number;
  /** How many ended within 1e-5 (1 + |best|) of the best, itself included; of those that are degenerate only if all are. */
  readonly agreeing: number;
  /** How many were given up because their limit lay below the best. */
  readonly dropped: number;
  /** How many ended with a part that is dead, or degenerate where likelihoods have no bound. */
  readonly degenerate: number;
  /** How many found no model. */
  readonly failed: number;
}

/** One iterate of a search for the number of components. */
export interface SearchIterate extends Iterate {
  readonly componentCount: number;
  /** The trial, from 0. */
  readonly trial: number;
  /** Share of all trials up to `to` that have ended, 0 … 1. A search may end before 1 is reached. */
  readonly progress: number;
}

/** What numbers of components are compared by. The smallest wins. */
export type Criterion = 'aic' | 'bic' | 'caic' | 'sabic' | 'icl';

/** Which numbers of components are tried, and what they are compared by. */
export interface ComponentSearchOptions {
  /** The smallest number of components, an integer >= 1. Default 1. */
  readonly from?: number;
  /** The largest number of components, an integer >= `from`. */
  readonly to: number;
  /** Default `'bic'`. */
  readonly criterion?: Criterion;
  /** Starts for each number of components, an integer >= 1. Default 10. */
  readonly trials?: number;
  /** The search ends after so many numbers of components in a row that are no better than the best, an integer >= 1. Default 3. */
  readonly patience?: number;
  /** What n counts where rows hold sequences: their items, or the rows. Default `'items'`. */
  readonly unit?: 'items' | 'sequences';
}

/** One number of components: its best fit, and how its trials ended. */
export interface ComponentRow extends TrialCounts {
  readonly componentCount: number;
  readonly logLikelihood: number;
  readonly parameterCount: number;
  /** Total weight of the rows. */
  readonly weight: number;
  /** The n of `bic`, `caic` and `sabic`. */
  readonly n: number;
  readonly aic: number;
  readonly bic: number;
  readonly caic: number;
  readonly sabic: number;
  /** These three for mixtures only. */
  readonly icl?: number;
  readonly entropy?: number;
  readonly entropyR2?: number;
}

/** Why a search has ended: at `to`, after `patience` numbers of components that were no better, or by the signal. */
export type SearchEnd = 'to' | 'patience' | 'aborted';

/** The search for a number of components: what `componentSearch(estimatorOf)` of `@dml/stats` returns. */
export interface ComponentSearch<T, D, C extends Columns> {
  /** @throws for options out of range */
  check(owner: string, options: ComponentSearchOptions): void;
  algorithm(componentCount: number): Algorithm<T, D, C>;
  /** The number of sums of {@link sums}. */
  readonly sumsLength: number;
  /** Sums over rows `[start, end)` under a model of so many components; those of several runs of rows are added. */
  sums(componentCount: number, model: D, columns: C, start: number, end: number, weights?: Float64Array): Float64Array;
  /** The row of the table; `model` and `sums` are absent when all trials failed. */
  row(
    componentCount: number,
    model: D | undefined,
    sums: Float64Array | undefined,
    counts: TrialCounts,
    options: ComponentSearchOptions,
  ): ComponentRow;
  /** The place of the row to choose, -1 when there is none; and why the search ends here, if it does. */
  decide(
    table: readonly ComponentRow[],
    options: ComponentSearchOptions,
  ): { readonly best: number; readonly ended: SearchEnd | undefined };
}
