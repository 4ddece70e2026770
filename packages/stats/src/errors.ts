/** A path inside a row as text: `visits[3].name`; empty for the row itself. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const plain = /^[A-Za-z_$][\w$]*$/.test(step);
    if (!plain) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Around what stands in a list or an object, but has no JSON: a character without a meaning. */
const MARK = '\uE000';

/** What JSON would print as null, or index by index, by its name. */
function printed(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return MARK + value + MARK;
  if (!ArrayBuffer.isView(value)) return value;
  return `${MARK}${value.constructor.name}(${(value as Uint8Array).length ?? value.byteLength})${MARK}`;
}

/** A value as short text for a message: strings quoted, long ones cut. */
export function formatValue(value: unknown): string {
  let text: string;
  if (typeof value === 'string') text = JSON.stringify(value);
  else if (typeof value === 'bigint') text = `${value}n`;
  else if (typeof value === 'function') text = 'a function';
  else if (Object.is(value, -0)) text = '-0';
  else if (typeof value === 'object' && value !== null) {
    try {
      text = JSON.stringify(value, (_, inner) => printed(inner)) ?? Object.prototype.toString.call(value);
    } catch {
      text = Object.prototype.toString.call(value);
    }
    text = text.replace(/"?\uE000"?/g, '');
  } else text = String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The facts of a {@link DataError}. */
export interface DataErrorFacts {
  /** The family that refused the value. */
  readonly family: string;
  /** Row number, from 0. */
  readonly row: number;
  /** Where inside the row. */
  readonly path: readonly (string | number)[];
  /** What would have been accepted, as a noun phrase. */
  readonly expected: string;
  /** The offending value. */
  readonly found: unknown;
}

/**
 * A row that a family cannot hold.
 * @example
 * throw new DataError('Poisson', 1041, 'an integer >= 0', 2.5);
 * // Poisson: row 1041 must be an integer >= 0, found 2.5.
 */
export class DataError extends Error implements DataErrorFacts {
  override readonly name = 'DataError';
  readonly code = 'DATA';
  readonly family: string;
  readonly row: number;
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: unknown;

  constructor(family: string, row: number, expected: string, found: unknown, path: readonly (string | number)[] = []) {
    const where = path.length === 0 ? `row ${row}` : `row ${row}, field "${formatPath(path)}"`;
    super(`${family}: ${where} must be ${expected}, found ${formatValue(found)}.`);
    this.family = family;
    this.row = row;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }

  /** The same error seen from outside: at row `row`, below `steps`. */
  within(row: number, ...steps: readonly (string | number)[]): DataError {
    return placedWithin(this, row, steps);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function placedWithin(
  { family, expected, found, path }: DataError,
  row: number,
  steps: readonly (string | number)[],
): DataError {
  return new DataError(family, row, expected, found, [...steps, ...path]);
}

/** A parameter or option outside its range. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly code = 'PARAMETER';

  constructor(
    readonly owner: string,
    readonly parameter: string,
    readonly expected: string,
    readonly found: unknown,
  ) {
    super(`${owner}: ${parameter} must be ${expected}, found ${formatValue(found)}.`);
  }
}

/** A statistic from which no parameters follow, or a fit that cannot go on. */
export class EstimationError extends Error {
  override readonly name: string = 'EstimationError';
  readonly code = 'ESTIMATION';
}

/** A call that cannot be meant: an unknown option, arguments that do not fit together. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly code = 'OPTION';
}
