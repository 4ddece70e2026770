/** The columns of the Weibull distribution: logarithms, and the range of all of them. */

import { joinEntries, sameClass } from '../../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../../contract.js';
import { exp, log } from '../../numeric/elementary.js';
import { kernels } from '../../numeric/kernels/index.js';
import { itself, NumberEncoder, POSITIVE } from '../numberEncoder.js';
import type { Scores } from '../scores.js';

/** Each row and its logarithm, and the range of all logarithms of the whole column (Infinity and -Infinity without rows). */
export interface WeibullColumns extends Columns {
  readonly logX: Float64Array;
  readonly x: Float64Array;
  readonly minLog: number;
  readonly maxLog: number;
}

interface LogColumns extends Columns {
  readonly logX: Float64Array;
  readonly x: Float64Array;
}

const LOGARITHMS = /* @__PURE__ */ new NumberEncoder<LogColumns>('Weibull', POSITIVE, { logX: log, x: itself });

/** Refuses everything but finite numbers > 0; takes their logarithm once. */
export class WeibullEncoder implements Encoder<number, WeibullColumns> {
  violation(row: unknown): Violation | undefined {
    return LOGARITHMS.violation(row);
  }

  /** @throws {DataError} at the first row that is not a finite number > 0 */
  encode(rows: readonly number[]): WeibullColumns {
    const { rowCount, logX, x } = LOGARITHMS.encode(rows);
    const minLog = logX.reduce((least, y) => Math.min(least, y), Infinity);
    const maxLog = logX.reduce((most, y) => Math.max(most, y), -Infinity);
    return { rowCount, logX, x, minLog, maxLog };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other);
  }

  concat(parts: readonly WeibullColumns[]): WeibullColumns {
    const logX = joinEntries(parts.map((part) => part.logX));
    const x = joinEntries(parts.map((part) => part.x));
    const minLog = Math.min(...parts.map((part) => part.minLog));
    const maxLog = Math.max(...parts.map((part) => part.maxLog));
    return { rowCount: logX.length, logX, x, minLog, maxLog };
  }

  /** (log x_i - log x_row)² / 2 Var(log x). */
  squaredDistances(columns: WeibullColumns): AddSquaredDistances {
    return LOGARITHMS.squaredDistances(columns);
  }
}

/** Log-densities constant + (k - 1) t - exp(k t) of t = log x - log λ, which is rounded before a large k multiplies it. */
export class WeibullScores implements Scores<WeibullColumns> {
  readonly #shape: number;
  readonly #logScale: number;
  readonly #constant: number;

  constructor(shape: number, logScale: number, logNormalizer: number) {
    this.#shape = shape;
    this.#logScale = logScale;
    this.#constant = logNormalizer;
  }

  score({ logX }: WeibullColumns, start: number, end: number, out: Float64Array): void {
    const shape = this.#shape;
    const logScale = this.#logScale;
    const constant = this.#constant;
    const count = end - start;
    for (let i = 0; i < count; i++) out[i] = shape * (logX[start + i]! - logScale);
    kernels().exp(out, count, out);
    for (let i = 0; i < count; i++) out[i] = constant + (shape - 1) * (logX[start + i]! - logScale) - out[i]!;
  }

  add({ logX }: WeibullColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) {
      const t = logX[row]! - this.#logScale;
      out[row - start]! += this.#constant + (this.#shape - 1) * t - exp(this.#shape * t);
    }
  }
}
