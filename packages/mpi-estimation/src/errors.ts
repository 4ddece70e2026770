/** What every rank knows of an error that happened on one of them. */
export interface Failure {
  /** Name of the error's class, for instance `DataError`. */
  readonly name: string;
  readonly message: string;
  /** The error's own `code`, if it has one. */
  readonly code?: string;
  /** Global row number, if the error names a row. */
  readonly row?: number;
  /** The place inside the row. */
  readonly path?: readonly (string | number)[];
  /** Where in the program of that rank it happened. */
  readonly stack?: string;
}

/** A value as text for a message: short, and never the cause of another error. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const { name }: { readonly name?: unknown } = Object.getPrototypeOf(value)?.constructor ?? {};
    return typeof name === 'string' ? `an object of class ${name}` : 'an object';
  }
  return String(value);
}

/** The facts of an error, in a form that can be sent. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, row, path, stack } = error as Error & { code?: unknown; row?: unknown; path?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof row === 'number' ? { row } : {}),
    ...(Array.isArray(path) ? { path: path as readonly (string | number)[] } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}

/** A copy of an error of another rank. */
function echoOf({ name, message, stack }: Failure): Error {
  const echo = new Error(message);
  echo.name = name;
  if (stack !== undefined) echo.stack = stack;
  return echo;
}

/**
 * An error that happened on one rank, thrown on all ranks. `cause` is the error itself on the rank where it happened;
 * elsewhere an `Error` with its name, message and stack.
 */
export class RankError extends Error {
  override readonly name = 'RankError';
  readonly code = 'RANK';
  readonly row: number | undefined;
  readonly path: readonly (string | number)[] | undefined;

  /**
   * @param rank  where it happened
   * @param size  number of ranks; with one rank the message does not name it
   * @throws {OptionError} unless `failure` is an object
   */
  constructor(
    readonly rank: number,
    size: number,
    readonly failure: Failure,
    cause?: unknown,
  ) {
    checkFacts('RankError', 'failure', failure);
    super(size === 1 ? failure.message : `rank ${rank} of ${size}: ${failure.message}`, {
      cause: cause ?? echoOf(failure),
    });
    this.row = failure.row;
    this.path = failure.path;
    // Message and cause hold all of this: it is not printed twice.
    for (const name of ['failure', 'row', 'path']) Object.defineProperty(this, name, { enumerable: false });
  }
}

function checkFacts(owner: string, name: string, facts: unknown): void {
  if (typeof facts === 'object' && facts !== null) return;
  throw new OptionError(`${owner}: ${name} must be an object, found ${formatValue(facts)}.`);
}

/** Arguments that are wrong, or that differ between ranks. Thrown on all ranks. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly code = 'OPTION';
}

/** A checkpoint that cannot be read, or that belongs to another fit. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code = 'CHECKPOINT';
}

/** Rows that cannot be written to a disk or read from it. */
export class SpillError extends Error {
  override readonly name = 'SpillError';
  readonly code = 'SPILL';
}

/**
 * A fit that could not go on, every one of several starts that failed, or a cross-validation that was aborted. Thrown on all
 * ranks.
 */
export class FitError<R = unknown> extends Error {
  override readonly name = 'FitError';
  readonly code = 'FIT';
  /** The best model before the failure, with `reason: 'failed'`, on every rank; absent when there was none. */
  readonly result: R | undefined;
  /** Where it happened, when one rank is to blame. */
  readonly rank: number | undefined;
  readonly row: number | undefined;

  /** @throws {OptionError} unless `facts` is an object */
  constructor(message: string, facts: { readonly cause?: unknown; readonly result?: R } = {}) {
    checkFacts('FitError', 'the second argument', facts);
    const { cause, result } = facts;
    super(message, cause === undefined ? undefined : { cause });
    this.result = result;
    this.rank = cause instanceof RankError ? cause.rank : undefined;
    this.row = cause instanceof RankError ? cause.row : undefined;
    // The cause is printed; a whole model need not be.
    for (const name of ['result', 'rank', 'row']) Object.defineProperty(this, name, { enumerable: false });
  }
}

/** Whether the rows give no (further) model. Every rank meets the same error: it follows from reduced numbers. */
export function isEstimationError(error: unknown): error is Error {
  if (error instanceof FitError) return isEstimationError(error.cause);
  if (error instanceof RankError) return error.failure.name === 'EstimationError';
  return error instanceof Error && error.name === 'EstimationError';
}
