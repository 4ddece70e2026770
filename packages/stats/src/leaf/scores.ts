/** How blocks of rows are scored: what `seqLogDensity` and `seqAddLogDensity` of a family hand on to. */
import { checkObject } from '../checks/parameters.js';
import type { Columns } from '../contract.js';
import { kernels } from '../numeric/kernels/index.js';
import type { NumberColumns } from './numberEncoder.js';

/** Log-densities of rows `[start, end)`, stored into or added to `out[0 … end - start)`. */
export interface Scores<C extends Columns> {
  score(columns: C, start: number, end: number, out: Float64Array): void;
  add(columns: C, start: number, end: number, out: Float64Array): void;
}

/** The names of the columns of C that hold a number per row. */
export type ColumnName<C> = { readonly [N in keyof C]: C[N] extends Float64Array ? N : never }[keyof C] & string;

/**
 * Log-densities that are linear in stored columns: constant + Σ slope · column.
 * @example
 * const lambda = 2;
 * new LinearScores<PoissonColumns>({ x: Math.log(lambda), logFactorial: -1 }, -lambda);
 */
export class LinearScores<C extends Columns> implements Scores<C> {
  readonly #columns: readonly ColumnName<C>[];
  readonly #slopes: readonly number[];
  readonly #constant: number;

  /** @throws {ParameterError} unless `slopes` is an object */
  constructor(slopes: { readonly [N in ColumnName<C>]?: number }, constant: number) {
    checkObject('LinearScores', slopes, ['a slope for each column']);
    this.#columns = Object.keys(slopes) as ColumnName<C>[]; // the type of `slopes` has no other names
    this.#slopes = Object.values(slopes);
    this.#constant = constant;
  }

  score(columns: C, start: number, end: number, out: Float64Array): void {
    const { linearLogDensity, bilinearLogDensity } = kernels();
    this.#run(linearLogDensity, bilinearLogDensity, columns, start, end, out);
  }

  add(columns: C, start: number, end: number, out: Float64Array): void {
    const { addLinearLogDensity, addBilinearLogDensity } = kernels();
    this.#run(addLinearLogDensity, addBilinearLogDensity, columns, start, end, out);
  }

  /** The first one or two columns by the kernel for as many, any further ones added one by one. */
  #run(
    linear: ReturnType<typeof kernels>['linearLogDensity'],
    bilinear: ReturnType<typeof kernels>['bilinearLogDensity'],
    columns: C,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    const { stage, addLinearLogDensity } = kernels();
    const count = end - start;
    const staged = (k: number) => stage(columns[this.#columns[k]!] as Float64Array, start, count); // by ColumnName
    const slopes = this.#slopes;
    if (slopes.length === 1) linear(staged(0), count, slopes[0]!, this.#constant, out);
    else bilinear(staged(0), staged(1), count, slopes[0]!, slopes[1]!, this.#constant, out);
    for (let k = 2; k < slopes.length; k++) addLinearLogDensity(staged(k), count, slopes[k]!, 0, out);
  }
}

/** Log-probabilities when one number has all the mass: 0 there, -Infinity elsewhere. */
export class PointMassScores implements Scores<NumberColumns> {
  constructor(readonly at: number) {}

  score({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) out[row - start] = x[row] === this.at ? 0 : -Infinity;
  }

  add({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) if (x[row] !== this.at) out[row - start] = -Infinity;
  }
}

/** Log-densities of a normal distribution: constant - halfPrecision · (x - mu)². */
export class GaussianScores implements Scores<NumberColumns> {
  constructor(
    readonly mu: number,
    readonly halfPrecision: number,
    readonly constant: number,
  ) {}

  score({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    const { stage, gaussianLogDensity } = kernels();
    gaussianLogDensity(stage(x, start, end - start), end - start, this.mu, this.halfPrecision, this.constant, out);
  }

  add({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    const { stage, addGaussianLogDensity } = kernels();
    addGaussianLogDensity(stage(x, start, end - start), end - start, this.mu, this.halfPrecision, this.constant, out);
  }
}

/**
 * Log-densities one by one, each from the row's entries in the columns. For concentrated distributions: the terms of
 * {@link LinearScores} are then large and cancel, which leaves too few digits for a fit to tell a climb from rounding.
 */
export class EntryScores<C extends Columns> implements Scores<C> {
  constructor(readonly logDensityAt: (columns: C, row: number) => number) {}

  score(columns: C, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) out[row - start] = this.logDensityAt(columns, row);
  }

  add(columns: C, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) out[row - start]! += this.logDensityAt(columns, row);
  }
}

/** Log-densities one by one, where no kernel has them. */
export class RowScores implements Scores<NumberColumns> {
  constructor(readonly logDensity: (x: number) => number) {}

  score({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) out[row - start] = this.logDensity(x[row]!);
  }

  add({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) out[row - start]! += this.logDensity(x[row]!);
  }
}
