/**
 * The variational E step of latent Dirichlet allocation. A document's topic proportions θ get the distribution Dirichlet(γ), and
 * its word n the topic probabilities φ_n, such that the bound
 *   Σ_n c_n Σ_k φ_nk (E_k + log f_k(v_n) - log φ_nk) + Σ_k (α_k - γ_k) E_k + log B(γ) - log B(α),  E_k = ψ(γ_k) - ψ(Σγ),
 * on the log-likelihood is as large as possible. With φ_nk = f_k(v_n) exp(ψ(γ'_k)) / norm_n, for the γ' before the last change,
 * it is Σ_n c_n log norm_n - Σ_k (γ_k - α_k) ψ(γ'_k) + log B(γ) - log B(α).
 * Source: Blei, Ng & Jordan, Latent Dirichlet allocation (2003), section 5.2 and appendix A.3, with counts.
 */

import type { MultinomialColumns } from '../../combinators/multinomialColumns.js';
import type { Columns, Scorer, Scratch } from '../../contract.js';
import { exp, log } from '../../numeric/elementary.js';
import { kernels } from '../../numeric/kernels/index.js';
import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { addLogs, logSumExp } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { digamma, lgamma } from '../../numeric/special.js';
import { takeOutMaxima } from '../bags.js';

/** Where the iterations for a document stop, unless told otherwise. */
export const GAMMA_THRESHOLD = 1e-8;

/** What the E step needs of a model. */
export interface TopicModel extends Scorer<MultinomialColumns> {
  readonly topics: readonly Scorer[];
  readonly alpha: readonly number[];
  readonly gammaThreshold: number;
  readonly length: Scorer;
}

/** Scores words `[start, end)` under topic `t` into `out`. */
export type ScoreTopic = (t: number, values: Columns, start: number, end: number, out: Float64Array) => void;

/** The α of the topics that fill up a row of four: their share of any document is 0. */
const NO_TOPIC = 1e-300;
/** How far α may differ between topics for one start to do. */
const EQUAL = 1e-9;
/** Smaller norms are those of words whose topics have shares that underflow. */
const MIN_NORM = 1e-290;
/** Iterations for a document of which a norm underflows; the kernel has as many. */
const MAX_ITERATIONS = 10_000;

/** log B(α) = Σ log Γ(α_k) - log Γ(Σα), of `count` entries from `start` on. */
function logBeta(alpha: ArrayLike<number>, start: number, count: number): number {
  let sum = 0;
  let total = 0;
  for (let k = start; k < start + count; k++) {
    sum += lgamma(alpha[k]!);
    total += alpha[k]!;
  }
  return sum - lgamma(total);
}

/** γ and exp(ψ(γ')) of the documents of a block, and the norms of their words. */
class Solution {
  readonly gamma = new GrowingScratch();
  readonly shares = new GrowingScratch();
  readonly norms = new GrowingScratch();
  readonly logNorms = new GrowingScratch();

  get parts(): readonly GrowingScratch[] {
    return [this.gamma, this.shares, this.norms, this.logNorms];
  }
}

/** Working memory of a block of documents. */
export class DocumentMemory {
  readonly #topics = new GrowingScratch();
  readonly #density = new GrowingScratch();
  readonly #maxima = new GrowingScratch();
  readonly #counts = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  readonly #solution = new Solution();
  readonly #other = new Solution();
  #stride = 0;
  #width = 0;
  #topicRows: readonly Float64Array[] = [];
  #isPossible = new Uint8Array(0);

  from(scratch: Scratch): void {
    const parts = [this.#topics, this.#density, this.#maxima, this.#counts, this.#lengths];
    for (const part of [...parts, ...this.#solution.parts, ...this.#other.parts]) part.from(scratch);
    this.#stride = 0;
  }

  /** Room for the scores of lengths. */
  lengths(count: number): Float64Array {
    return this.#lengths.atLeast(count);
  }

  /** Scores, then weights, of topic `t` for the words of the block. */
  topicRow(t: number): Float64Array {
    return this.#topicRows[t]!;
  }

  /** γ_k of document `d` of the block. */
  gamma(d: number, k: number): number {
    return this.#solution.gamma.atLeast(0)[d * this.#width + k]!;
  }

  #reserve(topicCount: number, wordCount: number): void {
    this.#width = 4 * Math.ceil(topicCount / 4);
    if (wordCount > this.#stride || this.#topicRows.length !== topicCount) {
      this.#stride = Math.max(1024, wordCount) + 8;
      const all = this.#topics.atLeast(topicCount * this.#stride);
      this.#topicRows = Array.from({ length: topicCount }, (_, t) =>
        all.subarray(t * this.#stride, (t + 1) * this.#stride),
      );
    }
    this.#maxima.atLeast(wordCount);
    this.#counts.atLeast(wordCount);
    this.#density.atLeast(wordCount * this.#width);
  }

  /**
   * The bounds of documents `[start, end)` into `out`, without the lengths; and what `absorb` needs into the memory. The bound
   * may have several maxima: the one that is reached when all topics start with as many words counts, or, where it is higher,
   * the one from words in proportion to α. For a rare topic the first is often too many.
   */
  fill(
    model: Omit<TopicModel, 'seqLogDensity'>,
    scoreTopic: ScoreTopic,
    { offsets, items }: MultinomialColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    const { topics, alpha } = model;
    const first = offsets[start]!;
    const wordCount = offsets[end]! - first;
    this.#reserve(topics.length, wordCount);
    topics.forEach((_, t) => scoreTopic(t, items.values, first, first + wordCount, this.#topicRows[t]!));
    const maxima = this.#maxima.atLeast(0);
    takeOutMaxima(this.#topicRows, wordCount, maxima);
    this.#transpose(wordCount);
    const counts = this.#counts.atLeast(0);
    for (let n = 0; n < wordCount; n++) counts[n] = items.weights[first + n]!;
    const block = offsets.subarray(start, end + 1);
    const total = alpha.reduce((sum, a) => sum + a, 0);
    const isEqual = alpha.every((a) => Math.abs(a - alpha[0]!) <= EQUAL * total);
    this.#solve(model, block, this.#solution, () => 1 / topics.length);
    if (!isEqual) this.#solve(model, block, this.#other, (k) => alpha[k]! / total);
    const constant = logBeta(alpha, 0, alpha.length);
    for (let d = 0; d < end - start; d++) {
      const [from, to] = [block[d]! - first, block[d + 1]! - first];
      let isPossible = true;
      for (let n = from; n < to; n++) if (maxima[n] === -Infinity) isPossible = false;
      this.#isPossible[d] = isPossible ? 1 : 0;
      if (!isPossible) {
        out[d] = -Infinity;
        continue;
      }
      let bound = this.#bound(alpha, this.#solution, from, to, d);
      const other = isEqual ? undefined : this.#bound(alpha, this.#other, from, to, d);
      if (other !== undefined && (bound === undefined || other > bound)) {
        bound = other;
        this.#adopt(from, to, d);
      }
      out[d] = (bound ?? this.#settle(model, scoreTopic, items.values, first, from, to, d)) - constant;
    }
  }

  /** The densities word by word. An impossible word has no say in its document, which is impossible anyway. */
  #transpose(wordCount: number): void {
    const density = this.#density.atLeast(0);
    const maxima = this.#maxima.atLeast(0);
    const topicCount = this.#topicRows.length;
    for (let k = 0; k < this.#width; k++) {
      const row = this.#topicRows[k];
      for (let n = 0; n < wordCount; n++) density[n * this.#width + k] = row === undefined ? 0 : row[n]!;
    }
    for (let n = 0; n < wordCount; n++) {
      if (maxima[n] === -Infinity) density.fill(1, n * this.#width, n * this.#width + topicCount);
    }
  }

  /** @param shareOf  the part of a document's different words that topic k starts with */
  #solve(
    { alpha, gammaThreshold }: Omit<TopicModel, 'seqLogDensity'>,
    block: Int32Array,
    solution: Solution,
    shareOf: (k: number) => number,
  ): void {
    const documentCount = block.length - 1;
    const wordCount = block[documentCount]! - block[0]!;
    const padded = new Float64Array(this.#width).fill(NO_TOPIC);
    padded.set(alpha);
    const gamma = solution.gamma.atLeast(documentCount * this.#width);
    const shares = solution.shares.atLeast(documentCount * this.#width);
    const [norms, logNorms] = [solution.norms.atLeast(wordCount), solution.logNorms.atLeast(wordCount)];
    if (this.#isPossible.length < documentCount) this.#isPossible = new Uint8Array(documentCount);
    for (let d = 0; d < documentCount; d++) {
      const words = block[d + 1]! - block[d]!;
      for (let k = 0; k < this.#width; k++) {
        gamma[d * this.#width + k] = padded[k]! + (k < alpha.length ? words * shareOf(k) : 0);
      }
    }
    const [density, counts] = [this.#density.atLeast(0), this.#counts.atLeast(0)];
    const { topicProportions } = latentKernels();
    const { log: logOf } = kernels();
    topicProportions(density, this.#width, block, documentCount, counts, padded, gammaThreshold, gamma, shares, norms);
    logOf(norms, wordCount, logNorms);
  }

  /** The bound of document `d` without log B(α); `undefined` where a norm underflows. */
  #bound(
    alpha: readonly number[],
    { gamma: gammas, shares: allShares, norms: allNorms, logNorms: logs }: Solution,
    from: number,
    to: number,
    d: number,
  ): number | undefined {
    const [gamma, shares] = [gammas.atLeast(0), allShares.atLeast(0)];
    const [norms, logNorms] = [allNorms.atLeast(0), logs.atLeast(0)];
    const [maxima, counts] = [this.#maxima.atLeast(0), this.#counts.atLeast(0)];
    const at = d * this.#width;
    let bound = logBeta(gamma, at, alpha.length);
    for (let n = from; n < to; n++) {
      if (!(norms[n]! >= MIN_NORM)) return undefined;
      bound += counts[n]! * (maxima[n]! + logNorms[n]!);
    }
    for (let k = 0; k < alpha.length; k++) {
      const words = gamma[at + k]! - alpha[k]!;
      if (words > 0) bound -= words * log(shares[at + k]!);
    }
    return bound;
  }

  /** Takes the other solution of document `d`. */
  #adopt(from: number, to: number, d: number): void {
    const rows = [d * this.#width, (d + 1) * this.#width] as const;
    for (const name of ['gamma', 'shares'] as const) {
      this.#solution[name].atLeast(0).set(this.#other[name].atLeast(0).subarray(...rows), rows[0]);
    }
    this.#solution.norms.atLeast(0).set(this.#other.norms.atLeast(0).subarray(from, to), from);
  }

  /**
   * One document again, in logs: a word of its is possible only under topics whose shares underflow. The φ go in the place of
   * the densities. @returns the bound without log B(α)
   */
  #settle(
    { topics, alpha, gammaThreshold }: Omit<TopicModel, 'seqLogDensity'>,
    scoreTopic: ScoreTopic,
    values: Columns,
    first: number,
    from: number,
    to: number,
    d: number,
  ): number {
    const topicCount = topics.length;
    const scores = topics.map((_, t) => {
      const row = new Float64Array(to - from);
      scoreTopic(t, values, first + from, first + to, row);
      return row;
    });
    const [density, gamma] = [this.#density.atLeast(0), this.#solution.gamma.atLeast(0)];
    const [counts, at] = [this.#counts.atLeast(0), d * this.#width];
    for (let k = 0; k < topicCount; k++) gamma[at + k] = alpha[k]! + (to - from) / topicCount;
    const joint = new Float64Array(topicCount);
    let likelihood = 0;
    let proportions = 0;
    for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      const psi = Float64Array.from({ length: topicCount }, (_, k) => digamma(gamma[at + k]!));
      const sums = new Float64Array(topicCount);
      likelihood = 0;
      for (let n = from; n < to; n++) {
        for (let k = 0; k < topicCount; k++) joint[k] = addLogs(scores[k]![n - from]!, psi[k]!);
        const norm = logSumExp(joint);
        likelihood += counts[n]! * norm;
        for (let k = 0; k < topicCount; k++) {
          const share = norm === Infinity ? Number(joint[k] === Infinity) : exp(joint[k]! - norm);
          density[n * this.#width + k] = share;
          sums[k]! += counts[n]! * share;
        }
      }
      let [change, total] = [0, 0];
      proportions = 0;
      for (let k = 0; k < topicCount; k++) {
        const after = alpha[k]! + sums[k]!;
        change += Math.abs(after - gamma[at + k]!);
        total += gamma[at + k]!;
        proportions += sums[k]! > 0 ? sums[k]! * psi[k]! : 0;
        gamma[at + k] = after;
      }
      if (!(change > gammaThreshold * total)) break;
    }
    this.#solution.shares.atLeast(0).fill(1, at, at + topicCount);
    this.#solution.norms.atLeast(0).fill(1, from, to);
    return likelihood - proportions + logBeta(gamma, at, topicCount);
  }

  /**
   * Turns the topic rows into the weights w c φ of the words. Adds to `own`: the weight of documents, Σ w E_k, and Σ w c φ for
   * each topic. Impossible documents are left out.
   */
  absorb(
    alpha: readonly number[],
    offsets: Int32Array,
    start: number,
    end: number,
    weights: Float64Array,
    own: Float64Array,
  ): void {
    const topicCount = alpha.length;
    const [density, counts] = [this.#density.atLeast(0), this.#counts.atLeast(0)];
    const gamma = this.#solution.gamma.atLeast(0);
    const shares = this.#solution.shares.atLeast(0);
    const norms = this.#solution.norms.atLeast(0);
    const first = offsets[start]!;
    for (let row = start; row < end; row++) {
      const d = row - start;
      const at = d * this.#width;
      const weight = this.#isPossible[d] === 1 ? weights[d]! : 0;
      for (let n = offsets[row]! - first; n < offsets[row + 1]! - first; n++) {
        const scale = weight === 0 ? 0 : (weight * counts[n]!) / norms[n]!;
        const word = n * this.#width;
        for (let k = 0; k < topicCount; k++) this.#topicRows[k]![n] = scale * shares[at + k]! * density[word + k]!;
      }
      if (weight === 0) continue;
      let total = 0;
      for (let k = 0; k < topicCount; k++) total += gamma[at + k]!;
      const ofTotal = digamma(total);
      own[0]! += weight;
      for (let k = 0; k < topicCount; k++) {
        own[1 + k]! += weight * (digamma(gamma[at + k]!) - ofTotal);
        own[1 + topicCount + k]! += weight * (gamma[at + k]! - alpha[k]!);
      }
    }
  }
}

/**
 * One document, whose values need not be such as can be encoded.
 * @param scores  log f_k of each word, by topic
 * @returns the bound and γ; the concentrations where the document is impossible
 */
export function solveDocument(
  model: TopicModel,
  scores: readonly (readonly number[])[],
  counts: Float64Array,
): { readonly bound: number; readonly gamma: readonly number[] } {
  const values = { rowCount: counts.length };
  const columns = {
    rowCount: 1,
    offsets: Int32Array.of(0, counts.length),
    items: { ...values, values, weights: counts },
    lengths: values,
  };
  const memory = new DocumentMemory();
  const out = new Float64Array(1);
  memory.fill(model, (t, _, start, end, row) => row.set(scores[t]!.slice(start, end)), columns, 0, 1, out);
  const bound = out[0]!;
  return { bound, gamma: Array.from(model.alpha, (a, k) => (bound === -Infinity ? a : memory.gamma(0, k))) };
}
