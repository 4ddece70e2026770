/** The tables of a joint mixture: P(component of x_1), P(component of x_2 | component of x_1), and the other way round. */
import { withoutPrior } from '../../bayes/conjugate.js';
import { checkEstimatorOptions, checkPriorOptions } from '../../checks/options.js';
import { checkProbabilities, checkProbabilityRows, checkPseudoCount } from '../../checks/parameters.js';
import { ParameterError } from '../../errors.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { exp } from '../../numeric/elementary.js';
import { isDirichlet } from '../mixtures/mixtureEstimators.js';
import { estimateWeights, logTablePrior, logWeightPrior, type Table } from '../weights.js';
import type { JointMixtureKeys } from './jointResponsibilities.js';

/** Rows to columns and back. */
export function transposed(table: ReadonlyArray<ArrayLike<number>>): number[][] {
  return Array.from({ length: table[0]!.length }, (_, j) => Array.from(table, (row) => row[j]!));
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The numbers divided by their sum; even ones where all are 0. */
export function normalized(values: readonly number[]): number[] {
  const total = sumOf(values);
  return values.map((value) => (total > 0 ? value / total : 1 / values.length));
}

/** @throws {ParameterError} unless the columns of `tau21` sum to 1 */
export function checkColumns(
  owner: string,
  table: ReadonlyArray<ArrayLike<number>>,
  rowCount: number,
  count: number,
): void {
  const isTable = Array.isArray(table) && table.length === rowCount && table.every((row) => row?.length === count);
  checkProbabilityRows(owner, 'tau21 by columns', isTable ? transposed(table) : table, count, rowCount);
}

/** Parameters of `JointMixtureDistribution`. */
export interface JointMixtureParameters {
  /** P(component of x_1): K1 numbers that sum to 1. */
  readonly w1: ArrayLike<number>;
  /** P(component of x_2 | component of x_1): K1 rows of K2 numbers that sum to 1. */
  readonly tau12: ReadonlyArray<ArrayLike<number>>;
  /** P(component of x_2): K2 numbers. Not needed for the density. Default: Σ_k w_k τ_kj. */
  readonly w2?: ArrayLike<number>;
  /** P(component of x_1 | component of x_2): K1 rows of K2 numbers, columns sum to 1. Not needed for the density. Default: by Bayes. */
  readonly tau21?: ReadonlyArray<ArrayLike<number>>;
}

/** Imaginary rows of `JointMixtureOptions`. */
export interface JointMixturePseudoCount {
  /** Over the components of the first value. */
  readonly w1?: number;
  /** Over the components of the second value. */
  readonly w2?: number;
  /** Over all K1 × K2 cells, for both conditional tables. */
  readonly tau?: number;
}

/** How imaginary rows are spread: the tables of a model. */
export interface JointMixturePrior {
  readonly w1?: readonly number[];
  readonly w2?: readonly number[];
  readonly tau12?: Table;
  readonly tau21?: Table;
}

/** What decides the tables beside the data. */
export interface JointTablePriors {
  /** Imaginary rows, and how they are spread. */
  readonly pseudoCount?: JointMixturePseudoCount;
  readonly spread?: JointMixturePrior;
  /** A distribution over the cells, row-major [K1 × K2]. */
  readonly cells?: DirichletDistribution;
}

/** @throws {ParameterError} for other options than those of `JointMixtureEstimator`, and for priors of other sizes */
export function checkedPriors(
  owner: string,
  options: {
    readonly pseudoCount?: JointMixturePseudoCount;
    readonly prior?: JointMixturePrior | DirichletDistribution;
    readonly keys?: JointMixtureKeys;
  },
  count1: number,
  count2: number,
): JointTablePriors {
  const rows = withoutPrior<typeof options, JointMixturePrior>(owner, options, 'Dirichlet');
  checkEstimatorOptions(owner, rows, {
    pseudoCount: { w1: checkPseudoCount, w2: checkPseudoCount, tau: checkPseudoCount },
    prior: ['w1', 'w2', 'tau12', 'tau21'],
    keys: ['cells', 'components1', 'components2'],
  });
  checkPriorOptions(owner, rows, { prior: 'pseudoCount' }, { isNeeded: false });
  const { pseudoCount, prior: spread = {} } = rows;
  const { w1, w2, tau12, tau21 } = spread;
  if (w1 !== undefined) checkProbabilities(owner, 'prior.w1', w1, count1);
  if (w2 !== undefined) checkProbabilities(owner, 'prior.w2', w2, count2);
  if (tau12 !== undefined) checkProbabilityRows(owner, 'prior.tau12', tau12, count1, count2);
  if (tau21 !== undefined) checkColumns(owner, tau21, count1, count2);
  const { prior } = options;
  if (!isDirichlet(prior)) return { ...(pseudoCount && { pseudoCount }), spread };
  if (prior.alpha.length === count1 * count2) return { cells: prior };
  throw new ParameterError(owner, 'prior', `over ${count1} × ${count2} cells`, prior);
}

/** The tables from the expected rows of each cell, row-major with `length2` columns, and the rows of each component. */
export function estimateTables(
  cells: Float64Array,
  length2: number,
  { pseudoCount: { w1: c1 = 0, w2: c2 = 0, tau: c = 0 } = {}, spread = {}, cells: prior }: JointTablePriors,
): JointMixtureParameters & { readonly counts1: Float64Array; readonly counts2: Float64Array } {
  const table = Array.from({ length: cells.length / length2 }, (_, k) => cells.slice(k * length2, (k + 1) * length2));
  const columns = transposed(table).map((column) => Float64Array.from(column));
  const countsOf = (rows: readonly Float64Array[]) => Float64Array.from(rows, (row) => sumOf(Array.from(row)));
  const [counts1, counts2] = [countsOf(table), countsOf(columns)];
  if (prior !== undefined) return { counts1, counts2, ...tablesOf(prior.updated(cells).densest(), length2) };
  const rowsOf = (rows: readonly Float64Array[], priors: Table | undefined) =>
    rows.map((row, r) => estimateWeights(row, { pseudoCount: c / rows.length, prior: priors?.[r] }));
  const priorColumns = spread.tau21 && transposed(spread.tau21);
  return {
    counts1,
    counts2,
    w1: estimateWeights(counts1, { pseudoCount: c1, prior: spread.w1 }),
    w2: estimateWeights(counts2, { pseudoCount: c2, prior: spread.w2 }),
    tau12: rowsOf(table, spread.tau12),
    tau21: transposed(rowsOf(columns, priorColumns)),
  };
}

/**
 * What the imaginary rows of {@link estimateTables}, or the distribution, add to the log-likelihood; `undefined` without any. The
 * density has `w1` and `tau12` alone, so rows of the other direction add nothing.
 */
export function logTablesPrior(
  { w1, tau12, logCells }: { readonly w1: ArrayLike<number>; readonly tau12: Table; readonly logCells: Float64Array },
  { pseudoCount, spread = {}, cells }: JointTablePriors,
): number | undefined {
  if (cells !== undefined) return cells.logDensity(Array.from(logCells, exp));
  if (pseudoCount === undefined) return undefined;
  const { w1: c1 = 0, tau: c = 0 } = pseudoCount;
  const ofRows = logTablePrior(tau12, c / tau12.length, spread.tau12) ?? 0;
  return (logWeightPrior(w1, { pseudoCount: c1, prior: spread.w1 }) ?? 0) + ofRows;
}

/** The tables that follow from the probabilities of the cells, row-major with `length2` columns. */
export function tablesOf(
  cells: ArrayLike<number>,
  length2: number,
): { readonly w1: readonly number[]; readonly tau12: readonly (readonly number[])[] } {
  const rows = Array.from({ length: cells.length / length2 }, (_, k) =>
    Array.from({ length: length2 }, (_cell, j) => cells[k * length2 + j]!),
  );
  return { w1: rows.map(sumOf), tau12: rows.map(normalized) };
}
