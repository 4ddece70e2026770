/** Fits of 1, 2, 3, … components, each from a few starts, one iterate at a time, so that a message can stop them. */

import {
  type AnyEstimator,
  type ColumnRows,
  type ComponentRow,
  type Criterion,
  type FitResult,
  informationCriteria,
  optimizeSteps,
} from '@dml/stats';
import type { Row } from '@dml-examples/tables';
import type { Candidate } from '../protocol.js';
import type { Mixture } from './picture.js';

export type Fit = FitResult<Mixture>;

export interface SearchWatch {
  /** Called a few times per second. */
  readonly onProgress: (share: number, words: string, model: Mixture | undefined) => void;
  /** Called after each number of components. */
  readonly onCandidates: (candidates: readonly Candidate[]) => void;
}

const STARTS = 4;
/** The search ends after so many numbers of components that are no better than the best. */
const PATIENCE = 3;
/** Starts agree when they end this near the best one, as a share of it; `chooseComponents` counts them so, too. */
const AGREEMENT = 1e-5;
/** Milliseconds between two pictures. */
const PAUSE = 100;

export class Search {
  readonly #rows: ColumnRows<Row>;
  readonly #estimatorOf: (k: number) => AnyEstimator;
  readonly #estimators = new Map<number, AnyEstimator>();
  readonly #criterion: Criterion;
  readonly #stopping = new AbortController();
  readonly #fits = new Map<number, Fit>();
  readonly #table: ComponentRow[] = [];
  #shownAt = 0;

  constructor(rows: ColumnRows<Row>, estimatorOf: (k: number) => AnyEstimator, criterion: Criterion) {
    this.#rows = rows;
    this.#estimatorOf = estimatorOf;
    this.#criterion = criterion;
  }

  get isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Ends the search after the iterate at hand; what was found stays. */
  stop(): void {
    this.#stopping.abort();
  }

  fitOf(k: number): Fit | undefined {
    return this.#fits.get(k);
  }

  /** A fit with the comparison that it comes from. */
  comparedFit(k: number): Fit & { table: readonly ComponentRow[]; criterion: Criterion; componentCount: number } {
    return { ...this.#fits.get(k)!, table: this.#table, criterion: this.#criterion, componentCount: k };
  }

  estimator(k: number): AnyEstimator {
    const found = this.#estimators.get(k) ?? this.#estimatorOf(k);
    this.#estimators.set(k, found);
    return found;
  }

  /** @returns the best number of components. @throws the error of the last start where none has a model */
  async run(most: number, watch: SearchWatch): Promise<number> {
    let best: Candidate | undefined;
    for (let k = 1; k <= most && !(this.isStopped && best !== undefined); k++) {
      const row = await this.#fit(k, most, watch);
      if (row === undefined) break;
      this.#table.push(row);
      const candidates = this.#table.map((entry) => this.#candidateOf(entry));
      const candidate = candidates.at(-1)!;
      if (best === undefined || candidate.criterion < best.criterion) best = candidate;
      watch.onCandidates(candidates);
      if (k - best.k >= PATIENCE) break;
    }
    return best!.k;
  }

  #candidateOf(row: ComponentRow): Candidate {
    const { componentCount, agreeing, trials } = row;
    return { k: componentCount, criterion: row[this.#criterion]!, agreeing, trials };
  }

  async #fit(k: number, most: number, watch: SearchWatch): Promise<ComponentRow | undefined> {
    const starts = k === 1 ? 1 : STARTS;
    const found: Fit[] = [];
    let failure: unknown;
    let failed = 0;
    for (let start = 0; start < starts && !(this.isStopped && found.length > 0); start++) {
      // Stopped before this number of components has a model: those before it have one.
      if (this.isStopped && this.#fits.size > 0) return undefined;
      try {
        found.push(await this.#start(k, start, (k - 1 + start / starts) / most, watch));
      } catch (error) {
        failure = error;
        failed++;
      }
    }
    if (found.length === 0) {
      if (this.#fits.size > 0) return undefined;
      throw failure;
    }
    const height = ({ objective, logLikelihood }: Fit) => (Number.isNaN(objective) ? logLikelihood : objective);
    const fit = found.reduce((high, other) => (height(other) > height(high) ? other : high));
    this.#fits.set(k, fit);
    const criteria = informationCriteria(this.#rows, this.estimator(k), fit.model);
    const best = height(fit);
    const agreeing = found.filter((other) => best - height(other) <= AGREEMENT * (1 + Math.abs(best))).length;
    const trials = found.length + failed;
    return { componentCount: k, ...criteria, trials, agreeing, failed, dropped: 0, degenerate: 0 };
  }

  async #start(k: number, start: number, share: number, watch: SearchWatch): Promise<Fit> {
    const steps = optimizeSteps(this.#rows as readonly unknown[], this.estimator(k), {
      seed: `0/${start}`,
      signal: this.#stopping.signal,
    });
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value as Fit; // a mixture: its estimator is one
      const { iteration, logLikelihood, result } = step.value;
      const now = performance.now();
      if (now - this.#shownAt < PAUSE) continue;
      this.#shownAt = now;
      const words = `${k} ${k === 1 ? 'component' : 'components'}, start ${start + 1}, iteration ${iteration}: log-likelihood ${logLikelihood.toFixed(1)}`;
      watch.onProgress(share, words, result.model as Mixture);
    }
  }
}
