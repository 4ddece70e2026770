/**
 * The E step of probabilistic latent semantic indexing: state k takes the share P(word | k) P(k | document) / norm of a word,
 * with norm = Σ_k P(word | k) P(k | document).
 */

import type { Accumulator, AnyDistribution, Draws, Scratch, TiedNode } from '../../contract.js';
import { kernels } from '../../numeric/kernels/index.js';
import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild, scoreChild } from '../../tree/children.js';
import { tiedCounts } from '../../tree/tie.js';
import { ScoredBlock } from '../scoredBlock.js';
import type { IntegerPlsiColumns } from './plsiColumns.js';

/** What the E step needs of a model. */
export interface PlsiModel extends AnyDistribution {
  readonly stateCount: number;
  /** P(word | state), word-major: the states of a word together. */
  readonly wordTable: Float64Array;
  /** P(state | document), row-major [D × K]. */
  readonly stateTable: Float64Array;
  readonly logDocuments: Float64Array;
  readonly length: AnyDistribution;
}

/**
 * Additive over rows: expected words of each state (word-major [V × K]), of each document and state [D × K], rows of each
 * document [D], and the statistic of the lengths.
 */
export interface IntegerPlsiStatistic {
  readonly words: Float64Array;
  readonly states: Float64Array;
  readonly documents: Float64Array;
  readonly length: unknown;
}

/** Keys: models that share one get equal tables. */
export interface IntegerPlsiKeys {
  readonly words?: string | undefined;
  readonly states?: string | undefined;
  readonly documents?: string | undefined;
}

/** How much of a word its drawn state gets at a start; all states share the rest. */
const SHARE = 0.9;

/** Working memory of a block of rows, and the tables of the model where the kernels use them in place. */
export class PlsiMemory {
  readonly #norms = new GrowingScratch();
  readonly #logs = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  readonly #words = new GrowingScratch();
  readonly #states = new GrowingScratch();
  #model: PlsiModel | undefined;

  from(scratch: Scratch): void {
    for (const part of [this.#norms, this.#logs, this.#lengths, this.#words, this.#states]) part.from(scratch);
    this.#model = undefined;
  }

  /** The arguments that both kernels begin with: the tables, and rows `[start, end)`. */
  #block(model: PlsiModel, { documents, offsets, words }: IntegerPlsiColumns, start: number, end: number) {
    const { wordTable, stateTable, stateCount } = model;
    const ofWords = this.#words.atLeast(wordTable.length).subarray(0, wordTable.length);
    const ofStates = this.#states.atLeast(stateTable.length).subarray(0, stateTable.length);
    if (this.#model !== model) {
      ofWords.set(wordTable);
      ofStates.set(stateTable);
      this.#model = model;
    }
    const block = [offsets.subarray(start, end + 1), end - start, documents.subarray(start, end)] as const;
    return [ofWords, ofStates, stateCount, ...block, words.subarray(offsets[start], offsets[end])] as const;
  }

  /** Adds the shares of the states in the words of the block, after `score`. Rows with an impossible word count nothing. */
  absorb(
    model: PlsiModel,
    columns: IntegerPlsiColumns,
    start: number,
    end: number,
    weights: Float64Array,
    wordSums: Float64Array,
    stateSums: Float64Array,
  ): void {
    const counts = columns.counts.subarray(columns.offsets[start], columns.offsets[end]);
    const block = this.#block(model, columns, start, end);
    latentKernels().wordShares(...block, counts, weights, this.#norms.atLeast(0), wordSums, stateSums);
  }

  /** Log-densities of rows `[start, end)` into `out`; the norms of their words stay. */
  score(
    model: PlsiModel,
    child: Accumulator | undefined,
    columns: IntegerPlsiColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    const { logDocuments, length } = model;
    const { documents, offsets, counts, lengths } = columns;
    const first = offsets[start]!;
    const wordCount = offsets[end]! - first;
    const [norms, logs] = [this.#norms.atLeast(wordCount), this.#logs.atLeast(wordCount)];
    const isOfModel =
      columns.valueCount * model.stateCount === model.wordTable.length && columns.documentCount === logDocuments.length;
    if (!isOfModel) return void out.fill(-Infinity, 0, end - start); // words of another vocabulary
    latentKernels().wordNorms(...this.#block(model, columns, start, end), norms);
    kernels().log(norms, wordCount, logs);
    const ofLengths = this.#lengths.atLeast(end - start);
    scoreChild(child, length, lengths, start, end, ofLengths);
    for (let row = start; row < end; row++) {
      let sum = logDocuments[documents[row]!]!;
      for (let n = offsets[row]!; n < offsets[row + 1]!; n++) sum += counts[n]! * logs[n - first]!;
      out[row - start] = addLogs(sum, ofLengths[row - start]!);
    }
  }
}

/** Shares the words of each row among the states. */
export class IntegerPlsiAccumulator implements Accumulator<IntegerPlsiColumns, IntegerPlsiStatistic, PlsiModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #words: Float64Array;
  readonly #states: Float64Array;
  readonly #documents: Float64Array;
  readonly #memory = new PlsiMemory();
  readonly #scored = new ScoredBlock<IntegerPlsiColumns, PlsiModel>('IntegerPlsiAccumulator');

  /** @param own  V × K words, D × K states, D documents */
  constructor(
    readonly stateCount: number,
    valueCount: number,
    documentCount: number,
    own: Float64Array,
    readonly length: Accumulator,
    keys: IntegerPlsiKeys,
  ) {
    const [ofWords, ofStates] = [valueCount * stateCount, documentCount * stateCount];
    this.#words = own.subarray(0, ofWords);
    this.#states = own.subarray(ofWords, ofWords + ofStates);
    this.#documents = own.subarray(ofWords + ofStates);
    this.kind = `IntegerPlsi[${stateCount}, ${valueCount}, ${documentCount}]`;
    this.children = [
      tiedCounts(this.#words, keys.words, `words of ${stateCount} states`),
      tiedCounts(this.#states, keys.states, `documents of ${stateCount} states`),
      tiedCounts(this.#documents, keys.documents, 'documents'),
      length,
    ];
  }

  begin(model: PlsiModel | undefined, { lengths }: IntegerPlsiColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#scored.from(scratch);
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: PlsiModel, columns: IntegerPlsiColumns, start: number, end: number, out: Float64Array): void {
    this.#memory.score(model, this.length, columns, start, end, out);
    this.#scored.remember(model, columns, start, end);
  }

  /** A row with an impossible word counts for its document and its length only. */
  seqUpdate(columns: IntegerPlsiColumns, start: number, end: number, weights: Float64Array, model?: PlsiModel): void {
    const scorer = this.#scored.take(this, columns, start, end, model);
    for (let row = start; row < end; row++) this.#documents[columns.documents[row]!]! += weights[row - start]!;
    this.#memory.absorb(scorer, columns, start, end, weights, this.#words, this.#states);
    this.length.seqUpdate(columns.lengths, start, end, weights, scorer.length);
  }

  /** Each word is of a state that is drawn for it, mostly. No word is impossible for a state: each has one more, of all words. */
  seqInitialize(columns: IntegerPlsiColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { stateCount } = this;
    const { documents, offsets, words, counts, lengths } = columns;
    const spread = stateCount / this.#words.length;
    for (let at = 0; at < this.#words.length; at++) this.#words[at]! += spread;
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      const rng = draws.row(row);
      const shares = documents[row]! * stateCount;
      this.#documents[documents[row]!]! += weight;
      for (let n = offsets[row]!; n < offsets[row + 1]!; n++) {
        const drawn = Math.floor(rng() * stateCount);
        const total = weight * counts[n]!;
        for (let k = 0; k < stateCount; k++) {
          const share = total * ((1 - SHARE) / stateCount + (k === drawn ? SHARE : 0));
          this.#words[words[n]! * stateCount + k]! += share;
          this.#states[shares + k]! += share;
        }
      }
    }
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine({ words, states, documents, length }: IntegerPlsiStatistic): void {
    for (let at = 0; at < words.length; at++) this.#words[at]! += words[at]!;
    for (let at = 0; at < states.length; at++) this.#states[at]! += states[at]!;
    for (let at = 0; at < documents.length; at++) this.#documents[at]! += documents[at]!;
    this.length.combine(length);
  }

  value(): IntegerPlsiStatistic {
    return {
      words: this.#words.slice(),
      states: this.#states.slice(),
      documents: this.#documents.slice(),
      length: this.length.value(),
    };
  }

  fromValue({ words, states, documents, length }: IntegerPlsiStatistic): void {
    this.#words.set(words);
    this.#states.set(states);
    this.#documents.set(documents);
    this.length.fromValue(length);
  }
}

/** (n + c s) / Σ for `count` entries n from `start` on, `step` apart, with s even without a prior. Even where all are 0. */
export function plsiShares(
  counts: Float64Array,
  start: number,
  step: number,
  count: number,
  pseudoCount: number,
  prior: ArrayLike<number> | undefined,
): number[] {
  const shares = new Array<number>(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    shares[i] = counts[start + i * step]! + pseudoCount * (prior?.[i] ?? 1 / count);
    total += shares[i]!;
  }
  for (let i = 0; i < count; i++) shares[i] = total > 0 ? shares[i]! / total : 1 / count;
  return shares;
}
