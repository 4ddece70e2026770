/** The accumulator of latent Dirichlet allocation. */

import type { MultinomialColumns } from '../../combinators/multinomialColumns.js';
import type { Accumulator, Draws, Encoder, Scratch, TiedNode } from '../../contract.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { digamma } from '../../numeric/special.js';
import { initializeChild, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import { startLabels } from '../labels.js';
import { ScoredBlock } from '../scoredBlock.js';
import { DocumentMemory, type ScoreTopic, type TopicModel } from './topicProportions.js';

/**
 * Additive over documents: their weight; Σ w E log θ_k and the expected words of each topic, [K]; the topics' statistics, and
 * the length's.
 */
export interface LatentDirichletAllocationStatistic {
  readonly weight: number;
  readonly logProportions: Float64Array;
  readonly words: Float64Array;
  readonly topics: readonly unknown[];
  readonly length: unknown;
}

/** Keys: models that share one get equal α, or equal topics. */
export interface LatentDirichletAllocationKeys {
  readonly alpha?: string | undefined;
  readonly topics?: string | undefined;
}

/** Finds the topic proportions of documents, and gives each topic the words that are likely its own. */
export class LatentDirichletAllocationAccumulator
  implements Accumulator<MultinomialColumns, LatentDirichletAllocationStatistic, TopicModel>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #memory = new DocumentMemory();
  readonly #scored = new ScoredBlock<MultinomialColumns, TopicModel>('LatentDirichletAllocationAccumulator');

  /** @param own  the weight, then K sums of logarithms, then K numbers of words */
  constructor(
    readonly topics: readonly Accumulator[],
    readonly length: Accumulator,
    readonly own: Float64Array,
    readonly encoder: Encoder<never, MultinomialColumns>,
    keys: LatentDirichletAllocationKeys,
  ) {
    this.kind = `LatentDirichletAllocation[${topics.map((topic) => topic.kind ?? '?').join(', ')}]`;
    this.children = [tiedCounts(own, keys.alpha, 'topic proportions'), tiedList(topics, keys.topics, 'topics'), length];
  }

  begin(model: TopicModel | undefined, { items, lengths }: MultinomialColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#scored.from(scratch);
    this.topics.forEach((child, t) => child.begin?.(model?.topics[t], items.values, scratch));
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: TopicModel, columns: MultinomialColumns, start: number, end: number, out: Float64Array): void {
    const scoreTopic: ScoreTopic = (t, values, from, to, scores) =>
      scoreChild(this.topics[t], model.topics[t]!, values, from, to, scores);
    this.#memory.fill(model, scoreTopic, columns, start, end, out);
    const ofLengths = this.#memory.lengths(end - start);
    scoreChild(this.length, model.length, columns.lengths, start, end, ofLengths);
    for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, ofLengths[i]!);
    this.#scored.remember(model, columns, start, end);
  }

  seqUpdate(columns: MultinomialColumns, start: number, end: number, weights: Float64Array, model?: TopicModel): void {
    const scorer = this.#scored.take(this, columns, start, end, model); // the topic rows become weights in place
    const { offsets, items, lengths } = columns;
    this.#memory.absorb(scorer.alpha, offsets, start, end, weights, this.own);
    this.topics.forEach((child, t) => {
      child.seqUpdate(items.values, offsets[start]!, offsets[end]!, this.#memory.topicRow(t), scorer.topics[t]);
    });
    this.length.seqUpdate(lengths, start, end, weights, scorer.length);
  }

  /** Each document is shared among the topics as a row is among the components of a mixture, and its words with it. */
  seqInitialize(columns: MultinomialColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    const topicCount = this.topics.length;
    const count = end - start;
    const labels = startLabels(this.encoder, columns, start, end, weights, topicCount, draws);
    const first = offsets[start]!;
    const rows = this.topics.map(() => new Float64Array(offsets[end]! - first));
    for (let d = 0; d < count; d++) {
      let total = 0;
      for (let n = offsets[start + d]!; n < offsets[start + d + 1]!; n++) {
        total += items.weights[n]!;
        for (let k = 0; k < topicCount; k++) {
          rows[k]![n - first] = weights[d]! * items.weights[n]! * labels[k * count + d]!;
        }
      }
      this.own[0]! += weights[d]!;
      for (let k = 0; k < topicCount; k++) {
        const words = total * labels[k * count + d]!;
        // As if α were 1.
        this.own[1 + k]! += weights[d]! * (digamma(1 + words) - digamma(topicCount + total));
        this.own[1 + topicCount + k]! += weights[d]! * words;
      }
    }
    this.topics.forEach((child, k) => {
      initializeChild(child, items.values, first, offsets[end]!, rows[k]!, draws.component(k));
    });
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine({ weight, logProportions, words, topics, length }: LatentDirichletAllocationStatistic): void {
    this.own[0]! += weight;
    for (let k = 0; k < logProportions.length; k++) {
      this.own[1 + k]! += logProportions[k]!;
      this.own[1 + logProportions.length + k]! += words[k]!;
    }
    this.topics.forEach((child, t) => child.combine(topics[t]));
    this.length.combine(length);
  }

  value(): LatentDirichletAllocationStatistic {
    const { length } = this.topics;
    return {
      weight: this.own[0]!,
      logProportions: this.own.slice(1, 1 + length),
      words: this.own.slice(1 + length),
      topics: this.topics.map((child) => child.value()),
      length: this.length.value(),
    };
  }

  fromValue({ weight, logProportions, words, topics, length }: LatentDirichletAllocationStatistic): void {
    this.own[0] = weight;
    this.own.set(logProportions, 1);
    this.own.set(words, 1 + logProportions.length);
    this.topics.forEach((child, t) => child.fromValue(topics[t]));
    this.length.fromValue(length);
  }
}
