/** Several fits of one model, each from a start of its own: which of them is the best, and how many found it. */
import { FitError, isEstimationError } from '../errors.js';
import type { Finding, TrialCounts } from '../ports.js';
import type { Fit } from './job.js';
import { objectiveOf } from './path.js';

const AGREEMENT = 1e-5;

/** Whether a fit may win by its likelihood: no part of it is dead, or on a border where likelihoods have no bound. */
function isSound(findings: readonly Finding[]): boolean {
  return findings.every(({ kind, isBounded }) => kind === 'unconverged' || isBounded === true);
}

/** Collects trials, as `bestOf` of `@dml/stats` does. Every rank collects the same. */
export class Trials<D> {
  /** The score of each trial that was not dropped, in order; NaN for one that failed. */
  readonly scores: number[] = [];
  readonly #sound: number[] = [];
  readonly #failures: Error[] = [];
  #best: Fit<D> | undefined;
  #bestScore = -Infinity;
  #dropped = 0;

  /** The best fit so far, of those that are sound if there is one. */
  get best(): Fit<D> | undefined {
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
  add(fit: Fit<D>, score: number): void {
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
    if (!isEstimationError(error)) throw error;
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
  error(owner: string): FitError<Fit<D>> {
    const last = this.#failures[this.#failures.length - 1];
    const message = `${owner}: all ${this.scores.length} trials failed; the last one: ${last?.message}`;
    let best: Fit<D> | undefined;
    for (const error of this.#failures) {
      if (!(error instanceof FitError) || error.result === undefined) continue;
      const result = error.result as Fit<D>; // of trials of this model
      if (best === undefined || objectiveOf(result) > objectiveOf(best)) best = result;
    }
    return new FitError(message, { cause: last, ...(best === undefined ? {} : { result: best }) });
  }
}
