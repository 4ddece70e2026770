/** What all leaf distributions do alike: they hand blocks of rows on to their scores, and print themselves. */
import type { AnyEstimator, Columns, Distribution, Encoder, ModelJSON, Sampler, Seed } from '../contract.js';
import { exp } from '../numeric/elementary.js';
import { INSPECT, modelText } from '../tree/modelText.js';
import type { NumberEncoder } from './numberEncoder.js';
import type { Scores } from './scores.js';

/**
 * The base of a leaf distribution. Its parameters, `logDensity`, queries and sampler are the family's own.
 * @typeParam C  the columns
 * @typeParam T  the rows
 */
export abstract class LeafDistribution<
  C extends Columns,
  T = number,
  E extends Encoder<T, C> = NumberEncoder<C> & Encoder<T, C>,
> implements Distribution<T, C>
{
  readonly #encoder: E;
  readonly #scores: Scores<C>;

  protected constructor(encoder: E, scores: Scores<C>) {
    this.#encoder = encoder;
    this.#scores = scores;
  }

  /** Natural log of the density (or probability) of one row; -Infinity outside the support, NaN for NaN. */
  abstract logDensity(x: T): number;

  /** A generator of rows, reproducible by its seed. */
  abstract sampler(seed: Seed): Sampler<T>;

  abstract estimator(options?: { readonly pseudoCount?: number }): AnyEstimator;

  /** The type and the parameters. */
  abstract toJSON(): ModelJSON;

  /** `exp(logDensity(x))`. */
  density(x: T): number {
    return exp(this.logDensity(x));
  }

  /** Scores rows `[start, end)` into `out[0 … end - start)`. */
  seqLogDensity(columns: C, start: number, end: number, out: Float64Array): void {
    this.#scores.score(columns, start, end, out);
  }

  /** As `seqLogDensity`, but adds to `out`. */
  seqAddLogDensity(columns: C, start: number, end: number, out: Float64Array): void {
    this.#scores.add(columns, start, end, out);
  }

  encoder(): E {
    return this.#encoder;
  }

  /** The class and its parameters. */
  toString(): string {
    return modelText(this);
  }

  /** The same, for `console.log` in Node. */
  [INSPECT](): string {
    return modelText(this);
  }
}
