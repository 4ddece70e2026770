/**
 * What is known of the parameters of a joint mixture: of the cells (component of x_1, component of x_2), whose probabilities are
 * one Dirichlet vector, and of each component.
 */
import { bayesOf, bayesOfParts, tablePoint } from '../../bayes/children.js';
import type { Part } from '../../bayes/conjugate.js';
import type { FieldColumns } from '../../combinators/composite.js';
import type { AnyDistribution, AnyEstimator, Bayes, Columns } from '../../contract.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { exp, log } from '../../numeric/elementary.js';
import { logSumExp } from '../../numeric/logSumExp.js';
import { meanLogsOf, weightsPart } from '../mixtures/mixtureBayes.js';
import { isDirichlet } from '../mixtures/mixtureEstimators.js';
import type { Router } from '../route.js';
import { estimateWeights } from '../weights.js';
import { JointMemory, type JointMixtureStatistic, type JointModel, scoreJoint } from './jointResponsibilities.js';

/** What is known after the data of the cells, row-major [K1 × K2], and of the components of both sides. */
export interface JointMixturePosterior<Qs, Rs> {
  /** A Dirichlet distribution, or without a prior the probabilities themselves. */
  readonly cells: DirichletDistribution | ArrayLike<number>;
  readonly components1: Qs;
  readonly components2: Rs;
}

/** What a joint mixture says itself. */
export interface JointParts<D> {
  readonly sides: readonly [readonly AnyEstimator[], readonly AnyEstimator[]];
  readonly routers: readonly [Router, Router];
  readonly prior: DirichletDistribution | undefined;
  pool(statistic: JointMixtureStatistic): JointMixtureStatistic | undefined;
  /** @param cells  probabilities, row-major */
  modelOf(
    components1: readonly AnyDistribution[],
    components2: readonly AnyDistribution[],
    cells: ArrayLike<number>,
  ): D;
  withPrior(
    components1: readonly AnyEstimator[],
    components2: readonly AnyEstimator[],
    prior: DirichletDistribution | undefined,
  ): AnyEstimator;
}

/** `undefined` when neither the cells nor a component have a prior that is a distribution. */
export function bayesOfJoint<
  D extends AnyDistribution & {
    readonly sides: readonly [readonly AnyDistribution[], readonly AnyDistribution[]];
    readonly logCells: Float64Array;
  },
  Qs,
  Rs,
>(parts: JointParts<D>): Bayes<D, JointMixtureStatistic, JointMixturePosterior<Qs, Rs>, FieldColumns> | undefined {
  type Known = JointMixturePosterior<Qs, Rs>;
  const { sides, routers, prior } = parts;
  const estimators = [...sides[0], ...sides[1]];
  if (prior === undefined && estimators.every(({ bayes }) => bayes === undefined)) return undefined;
  const children = estimators.map(bayesOf);
  const [count1, count2] = [sides[0].length, sides[1].length];
  const cells =
    prior === undefined ? tablePoint((counts: Float64Array) => estimateWeights(counts)) : weightsPart(prior);
  // One for each component of a side.
  const knownOf = (known: Known) => [
    ...(known.components1 as readonly unknown[]),
    ...(known.components2 as readonly unknown[]),
  ];
  const whole = bayesOfParts([cells, ...(children as unknown as readonly Part[])], {
    statistics: (statistic: JointMixtureStatistic) => [
      statistic.cells,
      ...statistic.components1,
      ...statistic.components2,
    ],
    models: (model: D) => [Array.from(model.logCells, exp), ...model.sides[0], ...model.sides[1]],
    known: (known: Known) => [known.cells, ...knownOf(known)],
    join: ([shares, ...list]) =>
      ({ cells: shares, components1: list.slice(0, count1), components2: list.slice(count1) }) as Known,
    mode([shares, ...list]) {
      const models = list as readonly AnyDistribution[];
      return parts.modelOf(models.slice(0, count1), models.slice(count1), shares as ArrayLike<number>);
    },
  });
  return {
    ...whole,
    // Components without a prior have the floors of a mixture.
    posterior: (statistic, pooled = parts.pool(statistic)) => whole.posterior(statistic, pooled),
    expectedScorer(known) {
      const list = knownOf(known);
      const scorers = children.map((child, k) => child.expectedScorer(list[k]));
      const memory = new JointMemory();
      const model: JointModel = {
        sides: [scorers.slice(0, count1), scorers.slice(count1)],
        logCells: meanLogsOf(known.cells),
        isUnbounded: scorers.some((scorer) => scorer.isUnbounded === true),
        seqLogDensity({ fields }, start, end, out) {
          const scoreSide = (side: 0 | 1, k: number, from: number, to: number, scores: Float64Array) =>
            routers[side].seqLogDensity(k, model.sides[side][k]!, fields[side] as Columns, from, to, scores);
          scoreJoint(model, start, end, scoreSide, memory, out);
        },
      };
      return model;
    },
    ...(children.every((child) => child.predictiveLogDensity !== undefined) && {
      predictiveLogDensity(known: Known, row: unknown) {
        const [list, shares] = [knownOf(known), isDirichlet(known.cells) ? known.cells.mean : known.cells];
        const values = row as readonly [unknown, unknown];
        const scores = children.map((child, k) => child.predictiveLogDensity!(list[k], values[k < count1 ? 0 : 1]));
        return logSumExp(
          Array.from(
            { length: count1 * count2 },
            (_, cell) => log(shares[cell]!) + scores[Math.floor(cell / count2)]! + scores[count1 + (cell % count2)]!,
          ),
        );
      },
    }),
    withPrior(known) {
      const list = knownOf(known);
      const next = children.map((child, k) => child.withPrior(list[k]));
      return parts.withPrior(
        next.slice(0, count1),
        next.slice(count1),
        isDirichlet(known.cells) ? known.cells : undefined,
      );
    },
  };
}
