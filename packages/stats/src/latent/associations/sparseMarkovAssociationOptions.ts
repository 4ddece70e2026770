/** What sparse Markov associations take: rows, options and parameters, checked. */
import { checkEstimatorOptions } from '../../checks/options.js';
import { checkEstimator, checkProbabilities, checkPseudoCount } from '../../checks/parameters.js';
import { acceptedBy } from '../../columns/columns.js';
import { MultinomialEncoder } from '../../combinators/multinomialColumns.js';
import { NullEncoder } from '../../combinators/null.js';
import type { AnyEstimator, Encoder } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { IntegerEncoder } from '../../leaf/integers.js';
import { AssociationEncoder, checkBackground, checkSize, IndexEncoder, isIndex } from './associationColumns.js';
import { type SparseTable, type SparseTransitions, sparseTable } from './sparseTransitions.js';

/** At most so many values: the number source · V + target of a link must be exact. */
const MAX_VALUES = 94_906_265;

interface Encodes {
  encoder(): Encoder<unknown>;
}

/** The list of sources is there twice: by its values, and by those that occur, which are counted. */
export function encoderOf(valueCount: number, length: Encodes): AssociationEncoder<number, number> {
  const family = 'SparseMarkovAssociation';
  return new AssociationEncoder({
    family,
    source: new IndexEncoder(family, 'a source', valueCount),
    target: new IndexEncoder(family, 'a target', valueCount),
    link: new IntegerEncoder(`${family} links`, 0),
    linkOf: (source, target) =>
      isIndex(source, valueCount) && isIndex(target, valueCount) ? source * valueCount + target : Number.NaN,
    given: new MultinomialEncoder(new IntegerEncoder(`${family} sources`, 0), new NullEncoder()),
    length: length.encoder(),
    isOfBoth: true,
  });
}

/** Lengths of the two sides; a family need not take all pairs of them. */
const SOURCES = [0, 1, 2, 3, 5, 8, 100];
const TARGETS = [0, 1, 2, 3, 4, 7, 100];

/** @throws {ParameterError} unless `length` takes pairs of whole numbers, and only these */
export function checkTakesPairs(owner: string, what: string, length: Encodes): void {
  const accepts = acceptedBy(length.encoder());
  const isDensity = accepts([0.5, 0.5]) && !accepts('a pair') && !accepts(['a', 'b']);
  const isTaken = SOURCES.some((sources) => TARGETS.some((targets) => accepts([sources, targets])));
  if (!isDensity && isTaken) return;
  throw new ParameterError(owner, 'length', `${what} over pairs of integers >= 0`, length);
}

/** Keys: models that share one get equal probabilities of the sources, or equal transitions. */
export interface SparseMarkovAssociationKeys {
  readonly initial?: string | undefined;
  readonly transitions?: string | undefined;
}

/** Options of the estimator of a sparse Markov association. */
export interface SparseMarkovAssociationOptions<L extends AnyEstimator = AnyEstimator> {
  /** Sources and targets are 0 … valueCount - 1. */
  readonly valueCount: number;
  /** The probability that a target comes from no source, in [0, 1). It is not estimated. Default 0. */
  readonly background?: number;
  /** Estimator of the pair of the number of sources and the number of targets. Default: none. */
  readonly length?: L;
  /**
   * Imaginary sources, spread evenly over all values; and imaginary targets of each source, spread evenly over the targets that it
   * has; or as `prior` says. Default 0: maximum likelihood.
   */
  readonly pseudoCount?: { readonly initial?: number; readonly transitions?: number };
  /** How the imaginary sources and targets are spread: the tables of a model. Needs `pseudoCount`. */
  readonly prior?: { readonly initial?: ArrayLike<number>; readonly transitions?: SparseTransitions };
  /** Ties the tables to those of other models. */
  readonly keys?: SparseMarkovAssociationKeys;
}

/** @throws {ParameterError} @returns the table of imaginary targets, where one is given */
export function checkSparseOptions(owner: string, options: SparseMarkovAssociationOptions): SparseTable | undefined {
  checkEstimatorOptions(owner, options, {
    valueCount: checkSize,
    background: checkBackground,
    length: checkEstimator,
    pseudoCount: { initial: checkPseudoCount, transitions: checkPseudoCount },
    prior: ['initial', 'transitions'],
    keys: ['initial', 'transitions'],
  });
  const { valueCount, pseudoCount, prior } = options;
  checkSize(owner, 'valueCount', valueCount);
  if (valueCount > MAX_VALUES) throw new ParameterError(owner, 'valueCount', `<= ${MAX_VALUES}`, valueCount);
  if (prior !== undefined && pseudoCount === undefined) {
    throw new ParameterError(owner, 'pseudoCount', 'given together with prior', undefined);
  }
  const { initial, transitions } = prior ?? {};
  if (initial !== undefined) checkProbabilities(owner, 'prior.initial', initial, valueCount);
  return transitions && sparseTable(owner, 'prior.transitions', transitions, valueCount);
}

/** Frozen lists that were looked at once: a fit has the same one in all its iterations, and it may be long. */
const checkedLists = /* @__PURE__ */ new WeakSet<ArrayLike<number>>();

/** The probabilities of the sources, as a list that nothing changes. @throws {ParameterError} */
export function checkedInitial(owner: string, initial: ArrayLike<number>): readonly number[] {
  if (Array.isArray(initial) && checkedLists.has(initial)) return initial as readonly number[];
  checkProbabilities(owner, 'initial', initial);
  if (initial.length > MAX_VALUES) {
    throw new ParameterError(owner, 'initial.length', `<= ${MAX_VALUES}`, initial.length);
  }
  const list = Object.freeze(Array.from(initial));
  checkedLists.add(list);
  return list;
}
