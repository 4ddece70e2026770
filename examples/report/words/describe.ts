/** A fit in words: the model, how far to trust it, and the numbers of components that it was chosen from. Plain data. */
import {
  type AnyDistribution,
  type AnyEstimator,
  type BestOfResult,
  type ChosenComponents,
  type ComponentRow,
  type Criterion,
  EstimationError,
  type FitResult,
  type InformationCriteria,
  type Iterate,
  informationCriteria,
  type Rows,
  type Seed,
} from '@dml/stats';
import { modelFields } from '../model/json.js';
import { type Advice, type Note, noteOf, notesOnQuality } from './notes.js';
import { type Summary, type SummaryOptions, summary } from './summary.js';

/** A fit of any kind: of `optimize`, `bestOf` or `chooseComponents`. */
export type AnyFit = FitResult<AnyDistribution> &
  Partial<Pick<BestOfResult<AnyDistribution>, 'agreeing' | 'trialScores'>> &
  Partial<Pick<ChosenComponents<AnyDistribution>, 'table' | 'criterion' | 'componentCount'>>;

/** Options of {@link describe}. */
export interface DescribeOptions extends SummaryOptions {
  /** The rows of the fit: for information criteria, and for the shares of states. */
  readonly rows?: Rows<unknown>;
  /** The row weights of the fit. */
  readonly weights?: ArrayLike<number>;
  /** The estimator of the fit: tied parameters count once, fixed ones not at all. Default: that of the model. */
  readonly estimator?: AnyEstimator;
  /** What a person can do about notes of some kinds, where it is not to set an option of the library. */
  readonly advice?: Advice;
}

/** How a fit went. */
export interface FitFacts {
  readonly logLikelihood: number;
  /** The log-likelihood and the log-density of the prior, where there is one. */
  readonly objective?: number;
  readonly iterations: number;
  readonly reason: FitResult<unknown>['reason'];
  /** About how many nats are left to gain; NaN where that is not known. */
  readonly remainingGain: number;
  /** Starts, and how many of them came to the same likelihood. */
  readonly trials?: number;
  readonly agreeing?: number;
  readonly seed: Seed;
}

/** See {@link describe}. Plain data. */
export interface Description {
  readonly summary: Summary;
  readonly rowCount?: number;
  readonly fit: FitFacts;
  /** Where the rows are given, or a number of components was chosen. */
  readonly criteria?: InformationCriteria;
  /** A row for each number of components that was tried. */
  readonly table?: readonly ComponentRow[];
  readonly criterion?: Criterion;
  /** The chosen number of components. */
  readonly chosen?: number;
  readonly path: readonly Iterate[];
  /** What is doubtful, and what to do about it. */
  readonly notes: readonly Note[];
}

/**
 * A fit in words.
 * @example
 * const e = new GaussianEstimator();
 * const rows = [0.1, -0.2, 0.3, 9.8, 10.1, 10.3];
 * toText(describe(optimize(rows, new MixtureEstimator([e, e]), { seed: 1 }), { rows }));
 */
export function describe(fit: AnyFit, options: DescribeOptions = {}): Description {
  const { rows, weights, estimator, advice, ...summaryOptions } = options;
  const { model } = fit;
  const shares = options.shares ?? (rows === undefined ? undefined : occupancyOf(model, rows));
  const told = summary(model, { ...summaryOptions, ...(shares && { shares }) });
  const row = fit.table?.find(({ componentCount }) => componentCount === fit.componentCount);
  const criteria = row ?? (rows === undefined ? undefined : criteriaOf(rows, estimator, model, weights));
  const trials = row?.trials ?? fit.trialScores?.length;
  const agreeing = row?.agreeing ?? fit.agreeing;
  const { table, criterion, componentCount } = fit;
  const description = {
    summary: told,
    ...(rows && { rowCount: rows.length }),
    fit: {
      logLikelihood: fit.logLikelihood,
      ...(fit.objective === fit.logLikelihood || Number.isNaN(fit.objective) ? {} : { objective: fit.objective }),
      iterations: fit.iterations,
      reason: fit.reason,
      remainingGain: fit.remainingGain,
      ...(trials !== undefined && { trials }),
      ...(agreeing !== undefined && { agreeing }),
      seed: fit.seed,
    },
    ...(criteria && { criteria }),
    ...(table && { table }),
    ...(criterion && { criterion }),
    ...(componentCount !== undefined && { chosen: componentCount }),
    path: fit.path,
  };
  const findings = fit.findings.map((finding) => noteOf(finding, told, advice));
  const notes = [...findings, ...notesOnQuality(description, advice)];
  return { ...description, notes };
}

/** Of a hidden Markov model: the share of the items of these lists that each state has. */
function occupancyOf(model: AnyDistribution, rows: Rows<unknown>): readonly number[] | undefined {
  const { occupancy } = model as { readonly occupancy?: (lists: readonly unknown[]) => readonly number[] };
  return occupancy?.call(model, Array.from(rows));
}

/** `undefined` for a model whose parameters cannot be counted, as those of a Dirichlet process: they grow with the rows. */
function criteriaOf(
  rows: Rows<unknown>,
  estimator: AnyEstimator | undefined,
  model: AnyDistribution,
  weights: ArrayLike<number> | undefined,
): InformationCriteria | undefined {
  if (estimator === undefined && modelFields(model).type === 'DirichletProcessMixture') return undefined;
  try {
    return informationCriteria(rows, estimator ?? model.estimator(), model, weights === undefined ? {} : { weights });
  } catch (error) {
    if (error instanceof EstimationError) return undefined;
    throw error;
  }
}
