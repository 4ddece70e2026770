/**
 * Labels from a joint model of rows and their labels: P(label | rest) is proportional to f(label, rest).
 * Source: Duda, Hart & Stork, Pattern Classification (2001), ch. 2.
 */

import { checkOptions } from '../checks/options.js';
import { checkDistribution } from '../checks/parameters.js';
import { checkRows } from '../checks/rows.js';
import type { Columns, Distribution } from '../contract.js';
import { DataError, ParameterError } from '../errors.js';
import { largestIndex } from '../leaf/tableQueries.js';
import { exp } from '../numeric/elementary.js';
import { allowWebAssembly } from '../numeric/kernels/webAssembly.js';

/** See {@link classify}. Lists have an entry for each row. */
export interface Classification<L> {
  /** The most probable label; of several the first in `labels`. */
  readonly predicted: readonly L[];
  /** The probabilities of all labels, in the order of `labels`. */
  readonly posteriors: readonly (readonly number[])[];
  /** The probability of the label that the row has; NaN for a row without one. */
  readonly posterior: readonly number[];
  /** How many other labels are at least as probable as the one that the row has: 0 for the best. NaN for a row without one. */
  readonly rank: readonly number[];
}

/** Options of {@link classify}. */
export interface ClassifyOptions<L> {
  /** The labels to choose from. */
  readonly labels: readonly L[];
  /** Where the label is in a row: the index in a list, or the name of the field of a record. Default 0. */
  readonly field?: number | string;
}

/**
 * The probability of each label for each row, under a joint model in which the label is a field of the row: a composite, a
 * record, a mixture of these. The label of a row is used only to report its probability; it is null or undefined for
 * a row without one.
 * @param model  the joint model
 * @param rows  lists or records, with the label in `field`
 * @returns labels with equal densities have equal probabilities; so have all labels when the row is impossible
 * @throws {ParameterError} for an invalid model, and without labels
 * @throws {OptionError} for rows that are not a list, and an unknown option
 * @throws {DataError} for a row that is not a list or record, or with a label that is not among `labels`
 * @example
 * const joint = new CompositeDistribution([
 *   new CategoricalDistribution({ low: 0.5, high: 0.5 }),
 *   new GaussianDistribution({ mu: 0, sigma2: 1 }),
 * ]);
 * classify(joint, [['low', 0.3]], { labels: ['low', 'high'] }).posterior; // [0.5]: the label tells nothing about the number
 */
export function classify<T, L>(
  model: Distribution<T, Columns>,
  rows: readonly T[],
  options: ClassifyOptions<L>,
): Classification<L> {
  allowWebAssembly();
  checkDistribution('classify', 'model', model);
  checkRows('classify: rows', rows);
  checkOptions('classify', options, ['labels', 'field']);
  const { labels, field = 0 } = options;
  if (!Array.isArray(labels) || labels.length === 0) {
    throw new ParameterError('classify', 'labels', 'a list of at least one label', labels);
  }
  const own = rows.map((row, i) => placeOf(labels, labelOf(row, i, field), i, field));
  const encoder = model.encoder();
  const scores = labels.map((label) => {
    const out = new Float64Array(rows.length);
    const labelled = rows.map((row) => withLabel(row, field, label));
    model.seqLogDensity(encoder.encode(labelled), 0, rows.length, out);
    return out;
  });
  const posteriors = rows.map((_, i) => softmax(scores.map((ofLabel) => ofLabel[i]!)));
  const posterior = own.map((k, i) => (k < 0 ? Number.NaN : posteriors[i]![k]!));
  return {
    posteriors,
    posterior,
    predicted: posteriors.map((shares) => labels[largestIndex(shares)]!),
    rank: own.map((k, i) => (k < 0 ? Number.NaN : posteriors[i]!.filter((share) => share >= posterior[i]!).length - 1)),
  };
}

function labelOf(row: unknown, i: number, field: number | string): unknown {
  const isFound =
    typeof field === 'number' ? Array.isArray(row) && field in row : typeof row === 'object' && row !== null;
  if (!isFound) throw new DataError('classify', i, `a row with its label in ${JSON.stringify(field)}`, row);
  return (row as Readonly<Record<number | string, unknown>>)[field];
}

/** -1 for a row without a label. */
function placeOf(labels: readonly unknown[], label: unknown, i: number, field: number | string): number {
  const place = labels.indexOf(label);
  if (place >= 0 || label === null || label === undefined) return place;
  throw new DataError('classify', i, 'one of the labels, or null', label, [field]);
}

/** A copy of the row with another label; the other fields are those of the row. */
function withLabel<T>(row: T, field: number | string, label: unknown): T {
  const copy = Array.isArray(row) ? [...row] : { ...row };
  (copy as Record<number | string, unknown>)[field] = label;
  return copy as T; // of the shape that the model takes: its encoder looks at it next
}

/** exp(score) / Σ exp(score): equal scores have equal shares. All alike when no score is finite. */
function softmax(scores: readonly number[]): number[] {
  const largest = scores.reduce((a, b) => Math.max(a, b));
  if (!Number.isFinite(largest)) return scores.map(() => 1 / scores.length);
  const shares = scores.map((score) => exp(score - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
