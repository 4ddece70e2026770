/**
 * What is known of a mixture's parameters: the weights, and what each component knows. With the labels of the rows integrated
 * out they are not independent; `posterior` is that of expected labels, as variational inference takes it.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.2.
 */
import { bayesOf, bayesOfParts, tablePart, tablePoint } from '../../bayes/children.js';
import type { Part } from '../../bayes/conjugate.js';
import type { AnyDistribution, AnyEstimator, Bayes, Columns, Scorer } from '../../contract.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { log } from '../../numeric/elementary.js';
import { kernels } from '../../numeric/kernels/index.js';
import { logSumExp } from '../../numeric/logSumExp.js';
import { withWorkspace } from '../../numeric/scratch.js';
import type { RowPrior } from '../posterior.js';
import type { MixtureModel, MixtureStatistic } from '../responsibilities.js';
import type { Router } from '../route.js';
import { isDirichlet, type MixtureEstimators } from './mixtureEstimators.js';

/** What is known after the data of the weights and of the components' parameters. */
export interface MixturePosterior<Qs> {
  /** A Dirichlet distribution, or without a prior the weights themselves. */
  readonly w: DirichletDistribution | ArrayLike<number>;
  readonly components: Qs;
}

/** What a mixture says itself. */
export interface MixtureParts<D> {
  readonly components: readonly AnyEstimator[];
  readonly prior: unknown;
  readonly parts: Pick<MixtureEstimators, 'router' | 'pooling' | 'weightsOf' | 'logPriorOf'>;
  modelOf(components: readonly AnyDistribution[], w: ArrayLike<number>): D;
  withPrior(components: readonly AnyEstimator[], prior: DirichletDistribution | undefined): AnyEstimator;
}

/** `undefined` when neither the weights nor a component have a prior that is a distribution. */
export function bayesOfMixture<
  D extends AnyDistribution & { readonly components: readonly AnyDistribution[]; readonly w: readonly number[] },
  Qs,
>(mixture: MixtureParts<D>): Bayes<D, MixtureStatistic, MixturePosterior<Qs>> | undefined {
  const { components, prior, parts } = mixture;
  const ofWeights = isDirichlet(prior) ? prior : undefined;
  if (ofWeights === undefined && components.every((component) => component.bayes === undefined)) return undefined;
  const children = components.map(bayesOf);
  const weights =
    ofWeights === undefined
      ? tablePoint(
          (counts: Float64Array) => parts.weightsOf(counts),
          (w: ArrayLike<number>) => parts.logPriorOf(w) ?? 0,
        )
      : weightsPart(ofWeights);
  const knownOf = ({ components: list }: MixturePosterior<Qs>) => list as readonly unknown[]; // one for each component
  const whole = bayesOfParts([weights, ...(children as unknown as readonly Part[])], {
    statistics: ({ counts, components: list }: MixtureStatistic) => [counts, ...list],
    models: ({ components: list, w }: D) => [w, ...list],
    known: (known: MixturePosterior<Qs>) => [known.w, ...knownOf(known)],
    join: ([w, ...list]) => ({ w: w as MixturePosterior<Qs>['w'], components: list as Qs }),
    mode: ([w, ...list]) => mixture.modelOf(list as readonly AnyDistribution[], w as ArrayLike<number>),
  });
  return {
    ...whole,
    // Components without a prior have the floors of a mixture.
    posterior: (statistic, pooled = parts.pooling?.pool([statistic])) => whole.posterior(statistic, pooled),
    expectedScorer(known): Scorer {
      const list = knownOf(known);
      const scorers = children.map((child, k) => child.expectedScorer(list[k]));
      const logWeights = meanLogsOf(known.w);
      const model: MixtureModel = {
        scorers,
        logWeights,
        isUnbounded: scorers.some((scorer) => scorer.isUnbounded === true),
        seqLogDensity: (columns, start, end, out) => scoreRows(parts.router, model, columns, start, end, out),
      };
      return model;
    },
    ...(children.every((child) => child.predictiveLogDensity !== undefined) && {
      predictiveLogDensity(known, row) {
        const [list, w] = [knownOf(known), isDirichlet(known.w) ? known.w.mean : known.w];
        return logSumExp(children.map((child, k) => log(w[k]!) + child.predictiveLogDensity!(list[k], row)));
      },
    }),
    withPrior(known) {
      const list = knownOf(known);
      const next = children.map((child, k) => child.withPrior(list[k]));
      return mixture.withPrior(next, isDirichlet(known.w) ? known.w : undefined);
    },
  };
}

/** Weights, or other probabilities that sum to 1, with a Dirichlet prior. */
export function weightsPart(prior: DirichletDistribution): Part {
  return tablePart(
    prior,
    (known, counts: Float64Array) => known.updated(counts),
    (known) => known.densest(),
  );
}

/** E log w of weights that are known by a distribution, or log w of those that are known themselves. */
export function meanLogsOf(w: DirichletDistribution | ArrayLike<number>): Float64Array {
  return Float64Array.from(isDirichlet(w) ? w.meanLogs() : Array.from(w, log));
}

/**
 * log Σ_k exp(log w_k + score of component k).
 * @param enter  what rows add to the scores of components, as a {@link RowPrior} has it
 */
export function scoreRows(
  router: Router,
  { scorers, logWeights }: MixtureModel,
  columns: Columns,
  start: number,
  end: number,
  out: Float64Array,
  enter?: RowPrior['enter'],
): void {
  const count = end - start;
  withWorkspace((scratch) => {
    const scores = scratch.float64(scorers.length * count);
    scorers.forEach((scorer, k) => {
      router.seqLogDensity(k, scorer, columns, start, end, scores.subarray(k * count, (k + 1) * count));
    });
    enter?.(start, count, scores, count, scorers.length);
    kernels().logEvidence(scores, count, scorers.length, count, logWeights, out);
  });
}
