/** Components over the same rows, each with a weight: what all mixtures are made of, and how they score. */

import { checkObject, checkProbabilities } from '../checks/parameters.js';
import type { AnyDistribution, Columns, RowOf, Sampler, Seed } from '../contract.js';
import { doubles, frozenList } from '../numeric/doubles.js';
import { log } from '../numeric/elementary.js';
import { kernels, RUN } from '../numeric/kernels/index.js';
import { childSeed, drawIndex, random, samplerOf } from '../numeric/random.js';
import { withWorkspace } from '../numeric/scratch.js';
import { componentScores, type RowPrior, toPosteriors } from './posterior.js';
import { Router } from './route.js';
import { checkAlike } from './sharedRows.js';

/** The row that all components share. */
export type ComponentRow<Cs extends readonly unknown[]> = RowOf<Cs[number]>;

/** Rows `from … from + count` and their log-densities: those of component k begin at `k * stride`. */
interface Run {
  readonly scores: Float64Array;
  readonly stride: number;
  readonly from: number;
  readonly count: number;
  /** For a number per row. */
  readonly room: Float64Array;
}

export class WeightedComponents<Ds extends readonly AnyDistribution[]> {
  readonly w: readonly number[];
  /** log w. */
  readonly logWeights: Float64Array;
  /** True when a component's density has no upper bound. */
  readonly isUnbounded: boolean;
  readonly router: Router;
  readonly #components: Ds;

  /**
   * @param family  of the mixture, for messages
   * @throws {ParameterError} unless all components are over the same rows, and `w` has K probabilities
   */
  constructor(family: string, components: Ds, parameters: { readonly w: ArrayLike<number> }) {
    const owner = `${family}Distribution`;
    checkAlike(owner, 'components', components);
    this.#components = components;
    const { w } = checkObject(owner, parameters, ['w']);
    checkProbabilities(owner, 'w', w, components.length);
    this.w = frozenList(w);
    this.logWeights = doubles(this.w.map(log));
    this.isUnbounded = components.some((component) => component.isUnbounded === true);
    this.router = new Router(family, components);
  }

  /** log f_k(x) of each component, without the weights. */
  logDensity(x: ComponentRow<Ds>): number[] {
    return componentScores(this.#components, x);
  }

  /** log Σ_k w_k f_k of rows `[start, end)` into `out`. */
  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    const { logWeights } = this;
    this.#forEachRun(columns, start, end, ({ scores, stride, from, count }) => {
      kernels().logEvidence(scores, stride, logWeights.length, count, logWeights, out.subarray(from - start));
    });
  }

  /**
   * P(component k | row) of rows `[start, end)` into `posteriors`, row-major [(end - start) × K], and log f(row) into `evidence`,
   * where they are given.
   */
  seqPosterior(
    columns: Columns,
    start: number,
    end: number,
    { posteriors, evidence }: { readonly posteriors?: Float64Array; readonly evidence?: Float64Array },
    prior?: RowPrior,
  ): void {
    const { logWeights } = this;
    const componentCount = logWeights.length;
    this.#forEachRun(columns, start, end, ({ scores, stride, from, count, room }) => {
      const scoreRow = (k: number, i: number, out: Float64Array) =>
        this.#score(k, columns, from + i, from + i + 1, out);
      toPosteriors(scores, stride, from, count, logWeights, room, scoreRow, prior);
      evidence?.set(room.subarray(0, count), from - start);
      for (let i = 0; posteriors !== undefined && i < count; i++) {
        for (let k = 0; k < componentCount; k++) {
          posteriors[(from - start + i) * componentCount + k] = scores[k * stride + i]!;
        }
      }
    });
  }

  /** Runs of rows, scored by all components of positive weight. */
  #forEachRun(columns: Columns, start: number, end: number, use: (run: Run) => void): void {
    withWorkspace((scratch) => {
      const stride = Math.min(RUN, end - start);
      const scores = scratch.float64(this.w.length * stride);
      const room = scratch.float64(stride);
      for (let from = start; from < end; from += stride) {
        const count = Math.min(stride, end - from);
        for (let k = 0; k < this.w.length; k++) {
          const ofComponent = scores.subarray(k * stride, k * stride + count);
          if (this.w[k]! > 0) this.#score(k, columns, from, from + count, ofComponent);
        }
        use({ scores, stride, from, count, room });
      }
    });
  }

  #score(k: number, columns: Columns, start: number, end: number, out: Float64Array): void {
    this.router.seqLogDensity(k, this.#components[k]!, columns, start, end, out);
  }

  /** Draws rows with the components that they come from. */
  sampler(seed: Seed): Sampler<readonly [row: ComponentRow<Ds>, component: number]> {
    const samplers = this.#components.map((f, k) => f.sampler(childSeed(seed, k)));
    const rng = random(childSeed(seed, 'component'));
    return samplerOf(() => {
      const k = drawIndex(rng, this.w);
      // Every component draws the row type that all of them share.
      return [samplers[k]!.sample() as ComponentRow<Ds>, k] as const;
    });
  }
}
