/** Several fits of one model from different starts: which of them is the best, and how many reached it. */
import { EstimationError } from '../errors.js';
import { objectiveOf } from './converge.js';
import { isSound } from './findings.js';
import { FitError, type FitResult } from './result.js';

/** How trials ended. */
export interface TrialCounts {
  /** Trials run. */
  readonly trials: number;
  /**
   * How many of the trials that may be chosen ended within 1e-5 (1 + |best|) of the best, including itself and those that started
   * near it. 1 of many means that another run may find a better one: use more trials.
   */
  readonly agreeing: number;
  /** How many were stopped because their limit was below the best. */
  readonly dropped: number;
  /**
   * How many ended with a part that is dead, or degenerate with an unbounded likelihood. They are not chosen, unless all that
   * ended are such.
   */
  readonly degenerate: number;
  /** How many found no model. */
  readonly failed: number;
}

const AGREEMENT = 1e-5;

/** Collects trials. */
export class Trials<D> {
  /** The score of each trial that was not dropped, in order; NaN for one that failed. */
  readonly scores: number[] = [];
  readonly #sound: number[] = [];
  readonly #failures: EstimationError[] = [];
  #best: FitResult<D> | undefined;
  #bestScore = -Infinity;
  #dropped = 0;

  /** The best fit so far, of those that are sound if there is one. */
  get best(): FitResult<D> | undefined {
    return this.#best;
  }

  /**
   * The model near which trial number `trial` of `count` starts: those of the second half, but not the first two, go on from the best
   * so far. `undefined` for a start of its own.
   */
  near(trial: number, count: number): D | undefined {
    return trial < Math.max(2, count / 2) ? undefined : this.#best?.model;
  }

  /** What a sound trial must reach to win or to agree. */
  get needed(): number {
    return this.#sound.length === 0 ? -Infinity : this.#least;
  }

  get #least(): number {
    return this.#bestScore - AGREEMENT * (1 + Math.abs(this.#bestScore));
  }

  /** @param score  by which trials are compared: an objective, or the log-likelihood of validation rows */
  add(fit: FitResult<D>, score: number): void {
    this.scores.push(score);
    const hadSound = this.#sound.length > 0;
    const sound = isSound(fit.findings);
    if (sound) this.#sound.push(score);
    const wins = sound === hadSound ? score > this.#bestScore : sound;
    if (this.#best !== undefined && !wins) return;
    this.#best = fit;
    this.#bestScore = score;
  }

  /** A trial that could not reach {@link needed}. */
  drop(): void {
    this.#dropped++;
  }

  /** A trial that found no model. @throws what is not a failure of the fit */
  fail(error: unknown): void {
    if (!(error instanceof EstimationError)) throw error;
    this.scores.push(Number.NaN);
    this.#failures.push(error);
  }

  counts(): TrialCounts {
    const compared = this.#sound.length > 0 ? this.#sound : this.scores;
    const failed = this.#failures.length;
    return {
      trials: this.scores.length + this.#dropped,
      agreeing: compared.filter((score) => score >= this.#least).length,
      dropped: this.#dropped,
      degenerate: this.scores.length - failed - this.#sound.length,
      failed,
    };
  }

  /** The error to throw when all trials failed. It carries the best model that one of them had reached. */
  error(owner: string): FitError<D> {
    const last = this.#failures[this.#failures.length - 1];
    const message = `${owner}: all ${this.scores.length} trials failed; the last one: ${last?.message}`;
    let best: FitResult<D> | undefined;
    for (const error of this.#failures) {
      if (!(error instanceof FitError) || error.result === undefined) continue;
      const result = error.result as FitResult<D>; // of trials of this model
      if (best === undefined || objectiveOf(result) > objectiveOf(best)) best = result;
    }
    return new FitError(message, best, { cause: last });
  }
}
