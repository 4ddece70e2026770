/** The columns of the Weibull distribution: logarithms, and the range of all of them. */

import { joinEntries, sameClass } from '../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../contract.js';
import { log } from '../numeric/elementary.js';
import { NumberEncoder, POSITIVE } from './numberEncoder.js';

/** The logarithm of each row, and the range of all logarithms of the whole column (Infinity and -Infinity without rows). */
export interface WeibullColumns extends Columns {
  readonly logX: Float64Array;
  readonly minLog: number;
  readonly maxLog: number;
}

interface LogColumns extends Columns {
  readonly logX: Float64Array;
}

const LOGARITHMS = /* @__PURE__ */ new NumberEncoder<LogColumns>('Weibull', POSITIVE, { logX: log });

/** Refuses everything but finite numbers > 0; takes their logarithm once. */
export class WeibullEncoder implements Encoder<number, WeibullColumns> {
  violation(row: unknown): Violation | undefined {
    return LOGARITHMS.violation(row);
  }

  /** @throws {DataError} at the first row that is not a finite number > 0 */
  encode(rows: readonly number[]): WeibullColumns {
    const { rowCount, logX } = LOGARITHMS.encode(rows);
    const minLog = logX.reduce((least, y) => Math.min(least, y), Infinity);
    const maxLog = logX.reduce((most, y) => Math.max(most, y), -Infinity);
    return { rowCount, logX, minLog, maxLog };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other);
  }

  concat(parts: readonly WeibullColumns[]): WeibullColumns {
    const logX = joinEntries(parts.map((part) => part.logX));
    const minLog = Math.min(...parts.map((part) => part.minLog));
    const maxLog = Math.max(...parts.map((part) => part.maxLog));
    return { rowCount: logX.length, logX, minLog, maxLog };
  }

  /** (log x_i - log x_row)² / 2 Var(log x). */
  squaredDistances(columns: WeibullColumns): AddSquaredDistances {
    return LOGARITHMS.squaredDistances(columns);
  }
}
