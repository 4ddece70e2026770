/** The inputs, the state and the result of a fit. */
import type {
  Acceleration,
  AdvanceState,
  Algorithm,
  Codec,
  Columns,
  Communicator,
  Finding,
  Iterate,
  Seed,
  StopOptions,
  StopReason,
} from '../ports.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Stopwatch } from '../timings.js';

/** The state of a fit: everything that is needed to go on from here. */
export interface FitState<D> {
  /** The model that enters the next pass, and the findings of its M step. */
  readonly model: D;
  readonly findings: readonly Finding[];
  /** Iterates so far, the one of `model` excluded. */
  readonly path: readonly Iterate[];
  /** Where acceleration stands; undefined before the first pass. */
  readonly advance?: AdvanceState;
  /** The iterate to return if the fit ended here; undefined before the first pass. */
  readonly best: Estimate<D> | undefined;
}

/** A model with the findings of its M step. */
export interface Estimate<D> {
  readonly model: D;
  readonly findings: readonly Finding[];
}

/** The result of a fit; the model is on every rank. */
export interface Fit<D> extends Estimate<D> {
  readonly logLikelihood: number;
  /** Log-density of the prior: 0 without one, NaN where it is not known; and the sum of both. */
  readonly logPrior: number;
  readonly objective: number;
  readonly bestIteration: number;
  readonly iterations: number;
  /** About how many nats are left to gain; NaN where that is not known. */
  readonly remainingGain: number;
  /** `'failed'` only in the result of a `FitError`. */
  readonly reason: StopReason | 'failed';
  readonly acceleration: Acceleration | 'unavailable';
  readonly seed: Seed;
  readonly path: readonly Iterate[];
}

/** The inputs of a fit. */
export interface FitJob<T, D, C extends Columns> {
  readonly comm: Communicator;
  readonly algorithm: Algorithm<T, D, C>;
  readonly shard: Shard<C>;
  readonly validation: Shard<C> | undefined;
  readonly stop: StopOptions;
  readonly acceleration: Acceleration;
  /** Of the start. */
  readonly seed: Seed;
  readonly codec: Codec | undefined;
  readonly signal: AbortSignal | undefined;
  readonly stopwatch: Stopwatch;
  /** Replaces the weights of rows, for fits to a part of them. Receives the global row number. */
  readonly weightOf?: ((row: number, weight: number) => number) | undefined;
  /** After each iterate. What it throws, or rejects with, ends the fit on all ranks, as do the errors of `onState`. */
  readonly onIterate?: ((iterate: Iterate) => unknown) | undefined;
  /** Ends the fit as if it was aborted. Called on every rank with the same path. */
  readonly isGivenUp?: ((path: readonly Iterate[]) => boolean) | undefined;
  /** After each M step. */
  readonly onState?: ((state: FitState<D>) => Promise<void>) | undefined;
}
