/** Which component, or which state, each row belongs to: for rows that are not encoded, in one pass. */
import { checkRows } from '../checks/rows.js';
import type { AnyDistribution, Columns, Distribution, Rows } from '../contract.js';
import { ParameterError } from '../errors.js';
import { allowWebAssembly } from '../numeric/kernels/webAssembly.js';
import { checkQueried } from './queried.js';

/** See {@link predict}. */
export interface Prediction {
  /** [n, K]: rows and components; of lists the items of all lists, and states. */
  readonly shape: readonly [rowCount: number, componentCount: number];
  /** The most probable component of each row, [n]; of several the first. */
  readonly labels: Int32Array;
  /** P(component k | row i) at `i * K + k`. Each row sums to 1. */
  readonly responsibilities: Float64Array;
  /** log f(row) of each row; of lists, of each list. */
  readonly logDensities: Float64Array;
}

/** See {@link predict}, for lists. */
export interface ListPrediction extends Prediction {
  /** List i has the items `[offsets[i], offsets[i + 1])` of `labels` and `responsibilities`; of a lookback model, the steps. */
  readonly offsets: Int32Array;
}

/** A model of rows that come from components. */
interface ComponentModel<T, C extends Columns> extends Distribution<T, C> {
  readonly components: readonly unknown[];
  seqPosterior(columns: C, start: number, end: number, out: Float64Array, evidence?: Float64Array): void;
}

/** A model of lists whose items come from states. */
interface StateModel<T> extends Distribution<readonly T[]> {
  readonly emissions: readonly unknown[];
  posterior(x: readonly T[]): number[][];
  /** The states of all lists in one pass. Default: `posterior` and `logDensity` of each. */
  seqPosterior?(columns: Columns, start: number, end: number, out: Float64Array, evidence: Float64Array): void;
}

/**
 * The components of rows under a mixture, or the states of the items of lists under a hidden Markov model: labels,
 * responsibilities and log-densities. A row of density 0 has the weights of the mixture as its responsibilities, and -Infinity as its
 * log-density; the items of such a list have responsibilities of 0, and label 0.
 * @param model  a mixture, also with labels or of a Dirichlet process; or a hidden Markov model, whose states are smoothed
 * @param rows  rows of the model
 * @throws {DataError} for a row that the model cannot hold
 * @throws {ParameterError} for a model of neither kind, in code that is not type-checked
 * @example
 * const model = gaussianMixture({ mu: [0, 10], sigma2: 1, w: [0.5, 0.5] });
 * const { labels, responsibilities, shape } = predict(model, [0.3, 9.1, 5]);
 * labels;              // Int32Array [0, 1, 0]
 * responsibilities[4]; // 0.5: row 2, component 0
 */
export function predict<T>(model: StateModel<T>, rows: readonly (readonly T[])[]): ListPrediction;
export function predict<T, C extends Columns>(model: ComponentModel<T, C>, rows: Rows<NoInfer<T>>): Prediction;
export function predict(model: object, rows: unknown): Prediction {
  allowWebAssembly();
  checkRows('predict: rows', rows);
  // The overloads say which models and rows these are; the model's encoder looks at the rows.
  const { components, emissions, seqPosterior } = checkQueried('predict', model as AnyDistribution) as Partial<
    StateModel<unknown>
  > &
    Partial<ComponentModel<unknown, Columns>>;
  if (emissions !== undefined)
    return predictLists(model as StateModel<unknown>, rows as readonly (readonly unknown[])[]);
  if (components !== undefined && seqPosterior !== undefined)
    return predictRows(model as ComponentModel<unknown, Columns>, rows as readonly unknown[]);
  throw new ParameterError('predict', 'model', 'a mixture or a hidden Markov model', model);
}

function predictRows(model: ComponentModel<unknown, Columns>, rows: readonly unknown[]): Prediction {
  const shape = [rows.length, model.components.length] as const;
  const responsibilities = new Float64Array(shape[0] * shape[1]);
  const logDensities = new Float64Array(rows.length);
  const columns = model.encoder().encode(rows);
  model.seqPosterior(columns, 0, rows.length, responsibilities, logDensities);
  return { shape, labels: labelsOf(responsibilities, shape), responsibilities, logDensities };
}

function predictLists(model: StateModel<unknown>, rows: readonly (readonly unknown[])[]): ListPrediction {
  const columns = model.encoder().encode(rows);
  const stateCount = model.emissions.length;
  const logDensities = new Float64Array(rows.length);
  const offsets = new Int32Array(rows.length + 1);
  let responsibilities: Float64Array;
  if (model.seqPosterior !== undefined) {
    // Models of lists have columns of lists, end to end.
    offsets.set((columns as Columns & { readonly offsets: Int32Array }).offsets);
    responsibilities = new Float64Array(offsets[rows.length]! * stateCount);
    model.seqPosterior(columns, 0, rows.length, responsibilities, logDensities);
  } else {
    const states = rows.map((row) => model.posterior(row));
    for (const [i, ofList] of states.entries()) offsets[i + 1] = offsets[i]! + ofList.length;
    responsibilities = Float64Array.from(states.flat(2));
    for (const [i, row] of rows.entries()) logDensities[i] = model.logDensity(row);
  }
  const shape = [offsets[rows.length]!, stateCount] as const;
  return { shape, labels: labelsOf(responsibilities, shape), responsibilities, logDensities, offsets };
}

function labelsOf(responsibilities: Float64Array, [rowCount, componentCount]: readonly [number, number]): Int32Array {
  const labels = new Int32Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const at = i * componentCount;
    for (let k = 1; k < componentCount; k++) {
      if (responsibilities[at + k]! > responsibilities[at + labels[i]!]!) labels[i] = k;
    }
  }
  return labels;
}
