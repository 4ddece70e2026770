/**
 * Words of known documents, by hidden states (probabilistic latent semantic indexing): a row is a document d with words w_n and
 * counts c_n, log p = log P(d) + Σ_n c_n log Σ_k P(w_n | k) P(k | d) + log g(Σ c). Each document has state probabilities of its
 * own, as parameters; the states' word probabilities are shared.
 * Model and estimator stand in one file, as each makes the other; columns and passes have files of their own.
 * Source: Hofmann (1999), Probabilistic latent semantic indexing; (2001), Unsupervised learning by probabilistic latent
 * semantic analysis, section 3.
 */

import { checkEstimatorOptions, checkPriorOptions, pseudoCountOf } from '../../checks/options.js';
import {
  checkCells,
  checkDistribution,
  checkFields,
  checkObject,
  checkProbabilities,
  checkProbabilityRows,
  checkPseudoCount,
} from '../../checks/parameters.js';
import {
  type ListSamplerOptions,
  lengthEstimator,
  lengthOrNone,
  lengthSampler,
} from '../../combinators/lengthModel.js';
import type { Counted } from '../../combinators/multinomialColumns.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { notARow } from '../posterior.js';
import { frozenTable, logTablePrior, logWeightPrior } from '../weights.js';
import { type IntegerPlsiColumns, IntegerPlsiEncoder, type IntegerPlsiRow, isPlsiRow } from './plsiColumns.js';
import {
  IntegerPlsiAccumulator,
  type IntegerPlsiKeys,
  type IntegerPlsiStatistic,
  PlsiMemory,
  type PlsiModel,
  plsiShares,
} from './plsiCounts.js';

export type {
  IntegerPlsiAccumulator,
  IntegerPlsiColumns,
  IntegerPlsiEncoder,
  IntegerPlsiKeys,
  IntegerPlsiRow,
  IntegerPlsiStatistic,
};

type Table = ReadonlyArray<ArrayLike<number>>;

/** Parameters of {@link IntegerPlsiDistribution}. */
export interface IntegerPlsiParameters<L extends AnyDistribution = AnyDistribution> {
  /** P(word | state): K rows of V numbers that sum to 1. */
  readonly words: Table;
  /** P(state | document): D rows of K numbers that sum to 1. */
  readonly states: Table;
  /** P(document): D numbers that sum to 1. */
  readonly documents: ArrayLike<number>;
  /** Distribution of the number of words Σc. Default: none; it scores 0. */
  readonly length?: L;
}

/**
 * Words of known documents.
 * @example
 * const d = new IntegerPlsiDistribution({
 *   words: [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]],
 *   states: [[0.9, 0.1], [0.2, 0.8]],
 *   documents: [0.5, 0.5],
 * });
 * d.density([0, [[2, 1]]]); // 0.5 (0.9 · 0.1 + 0.1 · 0.7) = 0.08
 */
export class IntegerPlsiDistribution<L extends AnyDistribution = NullDistribution>
  extends PrintedModel
  implements Distribution<IntegerPlsiRow, IntegerPlsiColumns>, PlsiModel
{
  static readonly typeName = 'IntegerPlsi';
  static readonly typeVersion = 1;
  readonly words: readonly (readonly number[])[];
  readonly states: readonly (readonly number[])[];
  readonly documents: readonly number[];
  readonly length: L;
  readonly #wordTable: Float64Array;
  readonly #stateTable: Float64Array;
  readonly #logDocuments: Float64Array;
  readonly #memory = new PlsiMemory();

  /** @throws {ParameterError} unless all rows are probabilities, of as many states and documents */
  constructor(parameters: IntegerPlsiParameters<L>) {
    super();
    const owner = 'IntegerPlsiDistribution';
    const {
      words,
      states,
      documents,
      length: given,
    } = checkObject(owner, parameters, ['words', 'states', 'documents']);
    const length = lengthOrNone(owner, given);
    checkProbabilities(owner, 'documents', documents);
    if (!Array.isArray(words) || words.length === 0) {
      throw new ParameterError(owner, 'words', 'a list of at least one row', words);
    }
    checkProbabilities(owner, 'words[0]', words[0]!);
    checkProbabilityRows(owner, 'words', words, words.length, words[0]!.length);
    checkProbabilityRows(owner, 'states', states, documents.length, words.length);
    this.words = frozenTable(words);
    this.states = frozenTable(states);
    this.documents = Object.freeze(Array.from(documents));
    this.length = length;
    const stateCount = words.length;
    this.#wordTable = new Float64Array(stateCount * words[0]!.length);
    for (const [k, row] of this.words.entries()) {
      for (let word = 0; word < row.length; word++) this.#wordTable[word * stateCount + k] = row[word]!;
    }
    this.#stateTable = new Float64Array(stateCount * documents.length);
    for (const [d, row] of this.states.entries()) this.#stateTable.set(row, d * stateCount);
    this.#logDocuments = Float64Array.from(documents, log);
  }

  get stateCount(): number {
    return this.words.length;
  }

  get wordTable(): Float64Array {
    return this.#wordTable;
  }

  get stateTable(): Float64Array {
    return this.#stateTable;
  }

  get logDocuments(): Float64Array {
    return this.#logDocuments;
  }

  /** NaN for anything but a document with words; -Infinity for a word or a document out of range, and a count below 0. */
  logDensity(x: IntegerPlsiRow): number {
    if (!isPlsiRow(x)) return Number.NaN;
    const [document, words] = x;
    const states = this.states[document];
    if (states === undefined) return -Infinity;
    let sum = this.#logDocuments[document]!;
    let total = 0;
    for (const [word, count] of words) {
      if (!(count >= 0 && count < Infinity)) return -Infinity;
      total += count;
      if (count > 0) sum += count * log(states.reduce((p, share, k) => p + share * (this.words[k]![word] ?? 0), 0));
    }
    return addLogs(sum, this.length.logDensity(total));
  }

  density(x: IntegerPlsiRow): number {
    return exp(this.logDensity(x));
  }

  /** Σ c log P(w | k) of each state: the words alone, as if all were of one state. NaN for anything but a row of the model. */
  componentLogDensity(x: IntegerPlsiRow): number[] {
    if (!isPlsiRow(x)) return this.words.map(() => Number.NaN);
    const [, words] = x;
    return this.words.map((row) =>
      words.reduce((sum, [word, count]) => (count > 0 ? sum + count * log(row[word] ?? 0) : sum), 0),
    );
  }

  /**
   * The expected share of each state in the words of the row: Σ_n c_n P(k | w_n, d) / Σ c, K numbers. Without words, and for a
   * row of density zero, those of the document.
   * @throws {ParameterError} for anything but a row of the model
   */
  posterior(x: IntegerPlsiRow): number[] {
    const states = isPlsiRow(x) ? this.states[x[0]] : undefined;
    if (states === undefined) throw notARow('IntegerPlsiDistribution.posterior', this.encoder(), x);
    const words = x[1].filter(([, count]) => count > 0);
    const shares = states.map(() => 0);
    for (const [word, count] of words) {
      const joint = states.map((share, k) => share * (this.words[k]![word] ?? 0));
      const norm = joint.reduce((sum, p) => sum + p, 0);
      if (norm === 0) return [...states];
      joint.forEach((p, k) => {
        shares[k]! += (count * p) / norm;
      });
    }
    const total = words.reduce((sum, [, count]) => sum + count, 0);
    return total > 0 ? shares.map((share) => share / total) : [...states];
  }

  seqLogDensity(columns: IntegerPlsiColumns, start: number, end: number, out: Float64Array): void {
    this.#memory.score(this, undefined, columns, start, end, out);
  }

  /**
   * Draws a document, a number of words and the words; equal ones are counted, in ascending order.
   * @param options  `length`: words of every document drawn, in place of the model of the length
   * @throws {ParameterError} when there is neither
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<readonly [document: number, words: Counted<number>[]]> {
    const nextTotal = lengthSampler('IntegerPlsiDistribution', this.length, seed, options);
    const rng = random(childSeed(seed, 'words'));
    return samplerOf(() => {
      const document = drawIndex(rng, this.documents);
      const total = nextTotal();
      const counts = new Map<number, number>();
      for (let n = 0; n < total; n++) {
        const word = drawIndex(rng, this.words[drawIndex(rng, this.states[document]!)]!);
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      return [document, [...counts].sort(([a], [b]) => a - b)] as const;
    });
  }

  encoder(): IntegerPlsiEncoder {
    return new IntegerPlsiEncoder(this.words[0]!.length, this.documents.length, this.length.encoder());
  }

  /** With a pseudo count, all tables are pulled towards those of this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): IntegerPlsiEstimator<ReturnType<L['estimator']>> {
    const pseudoCount = pseudoCountOf('IntegerPlsiDistribution', options);
    const { words, states, documents } = this;
    return new IntegerPlsiEstimator({
      stateCount: words.length,
      valueCount: words[0]!.length,
      documentCount: documents.length,
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      ...(options.pseudoCount === undefined
        ? {}
        : {
            pseudoCount: { words: pseudoCount, states: pseudoCount, documents: pseudoCount },
            prior: { words, states, documents },
          }),
    });
  }

  toJSON() {
    const { words, states, documents, length } = this;
    return { type: 'IntegerPlsi', words, states, documents, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IntegerPlsiDistribution<AnyDistribution> {
    const owner = 'IntegerPlsiDistribution';
    const { words, states, documents, length } = checkFields(owner, fields, {
      words: 'array',
      states: 'array',
      documents: 'numbers',
      length: 'unknown',
    });
    return new this({
      words: words as Table,
      states: states as Table,
      documents,
      length: checkDistribution(owner, 'length', length),
    });
  }
}

/** Options of {@link IntegerPlsiEstimator}. */
export interface IntegerPlsiOptions<L extends AnyEstimator = AnyEstimator> {
  /** Number of hidden states K >= 1. */
  readonly stateCount: number;
  /** Words are 0 … valueCount - 1. */
  readonly valueCount: number;
  /** Documents are 0 … documentCount - 1. */
  readonly documentCount: number;
  /** Estimator of the number of words. Default: none. */
  readonly length?: L;
  /**
   * Imaginary words over all states, imaginary words of each document, and imaginary rows over the documents, spread evenly or
   * as `prior` says. Default 0: maximum likelihood.
   */
  readonly pseudoCount?: { readonly words?: number; readonly states?: number; readonly documents?: number };
  /** How the imaginary words and rows are spread: the tables of a model. Needs `pseudoCount`. */
  readonly prior?: { readonly words?: Table; readonly states?: Table; readonly documents?: ArrayLike<number> };
  /** Ties the tables to those of other models. */
  readonly keys?: IntegerPlsiKeys;
}

/**
 * EM: the words of each row are shared among the states by P(k | w, d); each table is then normalised.
 * @example
 * const estimator = new IntegerPlsiEstimator({ stateCount: 2, valueCount: 3, documentCount: 2 });
 * const { model } = optimize([[0, [[0, 3], [1, 1]]], [1, [[2, 4]]]], estimator, { seed: 1 });
 * model.states[1]; // P(state | document 1)
 */
export class IntegerPlsiEstimator<L extends AnyEstimator = NullEstimator>
  implements Estimator<IntegerPlsiRow, IntegerPlsiDistribution<ModelOf<L>>, IntegerPlsiColumns, IntegerPlsiStatistic>
{
  readonly #length: AnyEstimator;

  /** @throws {ParameterError} */
  constructor(readonly options: IntegerPlsiOptions<L>) {
    const owner = 'IntegerPlsiEstimator';
    const isSize = (_: string, name: string, value: unknown) => {
      if (!(Number.isSafeInteger(value) && (value as number) >= 1)) {
        throw new ParameterError(owner, name, 'an integer >= 1', value);
      }
    };
    checkEstimatorOptions(owner, options, {
      stateCount: isSize,
      valueCount: isSize,
      documentCount: isSize,
      length: true,
      pseudoCount: { words: checkPseudoCount, states: checkPseudoCount, documents: checkPseudoCount },
      prior: ['words', 'states', 'documents'],
      keys: ['words', 'states', 'documents'],
    });
    const { stateCount, valueCount, documentCount, prior } = options;
    for (const [name, size] of Object.entries({ stateCount, valueCount, documentCount })) isSize(owner, name, size);
    checkCells(owner, '(valueCount + documentCount) · stateCount', (valueCount + documentCount) * stateCount);
    checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
    const { words, states, documents } = prior ?? {};
    if (words !== undefined) checkProbabilityRows(owner, 'prior.words', words, stateCount, valueCount);
    if (states !== undefined) checkProbabilityRows(owner, 'prior.states', states, documentCount, stateCount);
    if (documents !== undefined) checkProbabilities(owner, 'prior.documents', documents, documentCount);
    this.#length = lengthEstimator(owner, options.length);
  }

  encoder(): IntegerPlsiEncoder {
    const { valueCount, documentCount } = this.options;
    return new IntegerPlsiEncoder(valueCount, documentCount, this.#length.encoder());
  }

  #ownLength(): number {
    const { stateCount, valueCount, documentCount } = this.options;
    return (valueCount + documentCount) * stateCount + documentCount;
  }

  statisticLength({ lengths }: IntegerPlsiColumns): number | undefined {
    return lengthWithChildren(this.#ownLength(), [this.#length], () => lengths);
  }

  accumulator({ lengths }: IntegerPlsiColumns, statistic?: Float64Array): IntegerPlsiAccumulator {
    const { own, children } = accumulatorsOf(this.#ownLength(), [this.#length], () => lengths, statistic);
    const { stateCount, valueCount, documentCount, keys = {} } = this.options;
    return new IntegerPlsiAccumulator(stateCount, valueCount, documentCount, own, children[0]!, keys);
  }

  /** A state without words, and a document without any, has an even row; the report names states without words. */
  estimate(
    { words, states, documents, length }: IntegerPlsiStatistic,
    report?: Report,
  ): IntegerPlsiDistribution<ModelOf<L>> {
    const { stateCount, valueCount, documentCount, pseudoCount = {}, prior } = this.options;
    const ofState = Array.from({ length: stateCount }, (_, k) => {
      const isDead = words.every((count, at) => count === 0 || at % stateCount !== k);
      if (isDead) report?.at('words', k).add('dead', 'no word belongs to this state.');
      const imaginary = (pseudoCount.words ?? 0) / stateCount;
      return plsiShares(words, k, stateCount, valueCount, imaginary, prior?.words?.[k]);
    });
    const ofDocument = Array.from({ length: documentCount }, (_, d) =>
      plsiShares(states, d * stateCount, 1, stateCount, pseudoCount.states ?? 0, prior?.states?.[d]),
    );
    return new IntegerPlsiDistribution({
      words: ofState,
      states: ofDocument,
      documents: plsiShares(documents, 0, 1, documentCount, pseudoCount.documents ?? 0, prior?.documents),
      length: this.#length.estimate(length, report?.at('length')) as ModelOf<L>,
    });
  }

  get hasPrior(): boolean {
    const { words = 0, states = 0, documents = 0 } = this.options.pseudoCount ?? {};
    return words + states + documents > 0 || anyPrior([this.#length]);
  }

  parameterBlocks(model: IntegerPlsiDistribution<ModelOf<L>>): readonly ParameterBlock[] {
    const { stateCount, valueCount, documentCount, pseudoCount = {}, prior, keys = {} } = this.options;
    const { words = 0, states = 0, documents = 0 } = pseudoCount;
    return [
      {
        key: keys.words,
        count: stateCount * (valueCount - 1),
        logPrior: logTablePrior(model.words, words / stateCount, prior?.words),
      },
      {
        key: keys.states,
        count: documentCount * (stateCount - 1),
        logPrior: logTablePrior(model.states, states, prior?.states),
      },
      {
        key: keys.documents,
        count: documentCount - 1,
        logPrior: logWeightPrior(model.documents, { pseudoCount: documents, prior: prior?.documents }),
      },
      ...blocksWithChildren(undefined, [], [this.#length], [model.length]),
    ];
  }
}
