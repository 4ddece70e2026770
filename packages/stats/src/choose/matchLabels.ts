/** Matches the components of two fits, by the rows that they have in common. */
import type { Prediction } from '../ask/predict.js';
import { isRows } from '../checks/rows.js';
import { ParameterError } from '../errors.js';
import { assignment } from './assignment.js';

/** See {@link matchLabels}. */
export interface LabelMatch {
  /** `order[k]`: the label of the second that corresponds to label k of the first; -1 where there is none. */
  readonly order: readonly number[];
  /** The labels of the second by the names of the first; -1 for a label without a match. */
  readonly labels: Int32Array;
  /** The share of the rows whose labels agree after matching. */
  readonly agreement: number;
}

type Labelling = Prediction | ArrayLike<number>;

/**
 * Matches two labellings of the same rows, such as those of two fits from different starts: the pairing of labels with the largest
 * number of common rows. Predictions count by their responsibilities, plain labels by 1.
 * @param first  labels 0, 1, … of each row, or the result of `predict`
 * @param second  the same for the same rows
 * @throws {ParameterError} for lists of different lengths, or labels that are not integers >= 0
 * @example
 * const { order, labels, agreement } = matchLabels([0, 0, 1, 1, 2], [2, 2, 0, 1, 1]);
 * order;     // [2, 0, 1]: label 0 of the first is label 2 of the second
 * labels;    // Int32Array [0, 0, 1, 2, 2]
 * agreement; // 0.8
 * @see Stephens (2000), Dealing with label switching in mixture models, J. R. Statist. Soc. B 62
 */
export function matchLabels(first: Labelling, second: Labelling): LabelMatch {
  const [a, b] = [sharesOf('first', first), sharesOf('second', second)];
  if (a.labels.length !== b.labels.length) {
    throw new ParameterError('matchLabels', 'second', `${a.labels.length} rows, as the first`, b.labels.length);
  }
  const count = Math.max(a.componentCount, b.componentCount);
  const together = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < a.labels.length; i++) {
    a.each(i, (k, share) => {
      b.each(i, (l, other) => {
        together[k]![l]! += share * other;
      });
    });
  }
  const order = assignment(together.map((row) => row.map((shared) => -shared)))
    .slice(0, a.componentCount)
    .map((l) => (l < b.componentCount ? l : -1));
  const names = new Map(order.map((l, k) => [l, k]));
  const labels = b.labels.map((l) => names.get(l) ?? -1);
  let agreeing = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === a.labels[i]) agreeing++;
  return { order, labels, agreement: labels.length === 0 ? 1 : agreeing / labels.length };
}

/** A table of all pairs of labels has this many rows at most. */
const MAX_LABELS = 4096;

/** @throws {ParameterError} for what is neither a list of labels nor a prediction */
function checkPrediction(name: string, given: Partial<Prediction> | null | undefined): Prediction {
  const { shape, labels, responsibilities } = given ?? {};
  const isPrediction =
    Array.isArray(shape) &&
    labels instanceof Int32Array &&
    responsibilities instanceof Float64Array &&
    responsibilities.length === shape[0] * shape[1] &&
    labels.length === shape[0] &&
    shape[1] <= MAX_LABELS;
  if (isPrediction) return given as Prediction;
  throw new ParameterError('matchLabels', name, 'a list of labels, or what predict returns', given);
}

interface Shares {
  readonly componentCount: number;
  readonly labels: Int32Array;
  each(row: number, use: (component: number, share: number) => void): void;
}

function sharesOf(name: string, labelling: Labelling): Shares {
  if (!isRows(labelling)) {
    const { shape, labels, responsibilities } = checkPrediction(name, labelling as Prediction);
    const componentCount = shape[1];
    return {
      componentCount,
      labels,
      each(row, use) {
        for (let k = 0; k < componentCount; k++) use(k, responsibilities[row * componentCount + k]!);
      },
    };
  }
  let most = -1;
  // Each label is counted with each: larger ones are names, not numbers from 0.
  for (let i = 0; i < labelling.length; i++) {
    const label = labelling[i]!;
    if (Number.isSafeInteger(label) && label >= 0 && label < MAX_LABELS) most = Math.max(most, label as number);
    else throw new ParameterError('matchLabels', `${name}[${i}]`, `a label 0, 1, 2, … below ${MAX_LABELS}`, label);
  }
  const labels = Int32Array.from(labelling as ArrayLike<number>);
  return { componentCount: most + 1, labels, each: (row, use) => use(labels[row]!, 1) };
}
