/** The estimator of the rows that `rowsOf` gives. */

import {
  type AnyDistribution,
  automaticEstimator,
  BernoulliEstimator,
  CategoricalEstimator,
  type Columns,
  type Estimator,
  GaussianEstimator,
  LogGaussianEstimator,
  NegativeBinomialEstimator,
  NormalGammaDistribution,
  OptionalEstimator,
  PoissonEstimator,
  profileRows,
  RecordEstimator,
} from '@dml/stats';
import type { Level, NumberFacts } from './facts.js';
import { presentValues, type TypedColumn } from './inferTypes.js';
import type { Row } from './rowsOf.js';
import { type Table, TableError } from './table.js';

/** An estimator of rows: what `optimize`, `chooseComponents` and the calls of the other packages take. */
export type RowEstimator = Estimator<Row, AnyDistribution, Columns, unknown>;

/** Anything that a record takes as a field. */
type FieldEstimator = ConstructorParameters<typeof RecordEstimator>[0][string];

/**
 * A record with one estimator for each column that is used, optional where cells are missing. Each leaf has one imaginary row like
 * all rows (for means a hundredth of one), as those of `automaticEstimator` have: no component of a mixture can end on a single
 * value. A missing cell says nothing of the component of its row, save in columns with `missingTells`: there each component has a
 * probability that the cell is missing.
 * @param table  needed for columns of nested values alone
 * @throws {TableError} when no column is used
 * @example
 * const types = inferTypes(table);
 * const row = estimatorOf(types, table);
 * const { model } = optimize(rowsOf(table, types), new MixtureEstimator([row, row]), { seed: 1 });
 */
export function estimatorOf(types: readonly TypedColumn[], table?: Table): RowEstimator {
  const used = types.filter(({ isUsed }) => isUsed);
  if (used.length === 0) {
    const reasons = types.map(({ name, reason }) => `"${name}": ${reason}`).join('; ');
    throw new TableError(`no column is left for a model. ${reasons}. Keep one of them if it does tell something.`);
  }
  const fields = used.map((column): [string, FieldEstimator] => [column.name, fieldOf(column, table)]);
  // The record takes and gives rows of exactly these names.
  return new RecordEstimator(Object.fromEntries(fields)) as unknown as RowEstimator;
}

function fieldOf(column: TypedColumn, table: Table | undefined): FieldEstimator {
  const estimator = presentOf(column, table);
  if (column.missing === 0) return estimator;
  return new OptionalEstimator(estimator, { ignoreMissing: column.missingTells !== true }) as FieldEstimator;
}

function presentOf(column: TypedColumn, table: Table | undefined): FieldEstimator {
  const { name, type, numbers, levels = [] } = column;
  if (type === 'nested') return nestedOf(name, table);
  if (type === 'category') return categoryOf(levels);
  if (type === 'boolean') {
    const total = levels.reduce((sum, [, count]) => sum + count, 0);
    const yes = levels.find(([level]) => level === true || level === 1)?.[1] ?? 0;
    return new BernoulliEstimator({ pseudoCount: 1, prior: { p: yes / total } }) as FieldEstimator;
  }
  if (numbers === undefined) throw new TableError(`"${name}" has no cell that a model could use.`, { column: name });
  return numberOf(type, numbers);
}

function numberOf(type: TypedColumn['type'], facts: NumberFacts): FieldEstimator {
  const { mean, variance, logMean = mean, logVariance = variance } = facts;
  if (type === 'positive')
    return new LogGaussianEstimator({ prior: momentPrior(logMean, logVariance) }) as FieldEstimator;
  if (type !== 'count') return new GaussianEstimator({ prior: momentPrior(mean, variance) });
  if (variance <= mean) {
    return new PoissonEstimator({
      pseudoCount: 1,
      prior: { lambda: Math.max(mean, Number.EPSILON) },
    }) as FieldEstimator;
  }
  const prior = { mean, size: (mean * mean) / (variance - mean) };
  return new NegativeBinomialEstimator({ pseudoCount: 1, prior }) as FieldEstimator;
}

/**
 * One imaginary row for the variance, a hundredth of one for the mean. As a distribution over both it has a density, so a fit knows
 * its objective: it can be accelerated, and given up as soon as another start is better. The variance of equal numbers counts as 1: a
 * prior needs one.
 */
function momentPrior(mu: number, variance: number): NormalGammaDistribution {
  const sigma2 = variance > 0 ? variance : 1;
  return NormalGammaDistribution.ofImaginaryRows({ mu, muCount: 0.01, sigma2, sigma2Count: 1 });
}

function categoryOf(levels: readonly (readonly [Level, number])[]): FieldEstimator {
  const total = levels.reduce((sum, [, count]) => sum + count, 0);
  const prior = levels.map(([level, count]) => [level, count / total] as const);
  return new CategoricalEstimator<Level>({ pseudoCount: 1, prior }) as FieldEstimator;
}

function nestedOf(name: string, table: Table | undefined): FieldEstimator {
  const column = table?.columns.find((other) => other.name === name);
  if (column?.kind !== 'others') {
    throw new TableError(`"${name}" must be a column of lists, sets or objects to be nested.`, { column: name });
  }
  return automaticEstimator(profileRows(presentValues(column))).estimator as FieldEstimator;
}
