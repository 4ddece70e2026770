/** The tables of a mixture of bags, P(mixture) and P(topic | mixture): what is asked of them beside the data, and their M step. */
import { checkProbabilities, checkProbabilityRows } from '../../checks/parameters.js';
import { ParameterError } from '../../errors.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { isDirichlet } from '../mixtures/mixtureEstimators.js';
import { estimateWeights, logWeightPrior, type Table, type WeightOptions } from '../weights.js';

/** How the imaginary bags are spread over mixtures, and the items of each mixture over topics. */
interface BagTableShares {
  readonly w?: readonly number[];
  readonly tau?: Table;
}

/** Priors of both tables that are distributions. */
export interface BagTablePriors {
  /** Over P(mixture). */
  readonly w?: DirichletDistribution;
  /** Over P(topic | mixture), for each mixture. */
  readonly tau?: readonly DirichletDistribution[];
}

/** Options of the tables. */
export interface BagTableOptions {
  readonly mixtureCount: number;
  readonly pseudoCount?: number;
  readonly prior?: BagTableShares | BagTablePriors;
}

export class BagTables {
  readonly mixtureCount: number;
  readonly priors: BagTablePriors;
  readonly #shares: BagTableShares;
  readonly #pseudoCount: number;

  /** @throws {ParameterError} for priors of other sizes, and for imaginary rows beside distributions */
  constructor(owner: string, options: BagTableOptions, topicCount: number) {
    const { mixtureCount, pseudoCount, prior = {} } = options;
    const { w, tau } = prior;
    this.mixtureCount = mixtureCount;
    this.#pseudoCount = pseudoCount ?? 0;
    const isDistribution = isDirichlet(w) || (Array.isArray(tau) && tau.some(isDirichlet));
    this.priors = isDistribution ? (prior as BagTablePriors) : {};
    this.#shares = isDistribution ? {} : (prior as BagTableShares);
    if (!isDistribution) {
      if (w !== undefined) checkProbabilities(owner, 'prior.w', w as readonly number[], mixtureCount);
      if (tau !== undefined) checkProbabilityRows(owner, 'prior.tau', tau as Table, mixtureCount, topicCount);
      return;
    }
    if (pseudoCount !== undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'left out where the prior is a distribution', pseudoCount);
    }
    if (w !== undefined && !(isDirichlet(w) && w.alpha.length === mixtureCount)) {
      throw new ParameterError(owner, 'prior.w', `a Dirichlet distribution over ${mixtureCount} mixtures`, w);
    }
    const isRow = (row: unknown) => isDirichlet(row) && row.alpha.length === topicCount;
    if (tau !== undefined && !(Array.isArray(tau) && tau.length === mixtureCount && tau.every(isRow))) {
      const expected = `a list of ${mixtureCount} Dirichlet distributions over ${topicCount} topics`;
      throw new ParameterError(owner, 'prior.tau', expected, tau);
    }
  }

  get hasPrior(): boolean {
    return this.priors.w !== undefined || this.priors.tau !== undefined || this.#pseudoCount > 0;
  }

  /** P(mixture) from the expected bags of each. */
  w(bags: Float64Array): ArrayLike<number> {
    const { w } = this.priors;
    return w === undefined ? estimateWeights(bags, this.#ofW) : w.updated(bags).densest();
  }

  /** P(topic | mixture m) from the expected items of each topic. */
  tau(m: number, items: Float64Array): ArrayLike<number> {
    const { tau } = this.priors;
    return tau === undefined ? estimateWeights(items, this.#ofTau(m)) : tau[m]!.updated(items).densest();
  }

  /** What the prior of P(mixture), or imaginary bags, add to the log-likelihood; `undefined` without any. */
  logPriorOfW(w: ArrayLike<number>): number | undefined {
    return this.priors.w === undefined ? logWeightPrior(w, this.#ofW) : this.priors.w.logDensity(w);
  }

  /** What the prior of P(topic | mixture m), or imaginary items, add to the log-likelihood; `undefined` without any. */
  logPriorOfTau(m: number, row: ArrayLike<number>): number | undefined {
    const { tau } = this.priors;
    return tau === undefined ? logWeightPrior(row, this.#ofTau(m)) : tau[m]!.logDensity(row);
  }

  /** Of both tables. */
  logPrior({ w, tau }: { readonly w: ArrayLike<number>; readonly tau: Table }): number | undefined {
    const terms = [this.logPriorOfW(w), ...tau.map((row, m) => this.logPriorOfTau(m, row))];
    const known = terms.filter((term) => term !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, term) => sum + term, 0);
  }

  get #ofW(): WeightOptions {
    return { pseudoCount: this.#pseudoCount, prior: this.#shares.w };
  }

  /** As many imaginary items as bags, evenly over the mixtures. */
  #ofTau(m: number): WeightOptions {
    return { pseudoCount: this.#pseudoCount / this.mixtureCount, prior: this.#shares.tau?.[m] };
  }
}
