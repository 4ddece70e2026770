/**
 * Merges of components in the fit of a Dirichlet-process mixture. Coordinate ascent stays where two components share the rows of
 * one cluster: each gains by its share, and the bound of one component for both can be many nats higher. So now and then a
 * pass tries a model in which two components are one; the fit goes on from it when the bound is higher than it would otherwise
 * be, and goes back when it is not.
 *
 * All decisions are pure functions of reduced statistics, so all ranks decide alike.
 *
 * Sources: Ueda, Nakano, Ghahramani & Hinton, SMEM algorithm for mixture models (2000); Hughes & Sudderth, Memoized online
 * variational inference for Dirichlet process mixture models (2013), section 3.3.
 */
import { bayesOf } from '../../bayes/children.js';
import type { AnyEstimator, Columns, Finding, FitMechanics } from '../../contract.js';
import { EstimationError } from '../../errors.js';
import type { Advance, Advanced, AdvanceState, PassStatistic } from '../../steps.js';
import type { ProcessAccumulator, ProcessModel, ProcessStatistic } from './processAccumulator.js';

/** Passes before the first try, and from try to try. */
const [FIRST, PERIOD] = [6, 2];
/** Tries in a row that fail before merging ends. */
const MAX_TRIES = 16;

/** Where the fit stands: plain data, as a checkpoint holds it. */
interface MergeState<D> extends AdvanceState<D> {
  readonly inner: AdvanceState<D>;
  /** Passes so far. */
  readonly passes: number;
  /** Tries that have failed since the last merge. */
  readonly tries: number;
  /** The objective of the last pass that was no failed try. */
  readonly objective: number;
  /** Present while a try is under way: what it must exceed, and where the fit goes on when it does not. */
  readonly base?: { readonly objective: number; readonly instead: Advanced<D> };
}

/**
 * `steps` with tries of merges between them.
 * @param component  the estimator of each component, with a prior that is a distribution
 */
export function mergingAdvance<D extends ProcessModel>(
  component: AnyEstimator,
  steps: Advance<D>,
  { schema, logPrior, maximization, accumulatorIn }: FitMechanics<D, Columns>,
): Advance<D> {
  const stateOf = (state: AdvanceState<D>) => state as MergeState<D>; // made here
  const objectiveOf = (model: D, statistic: PassStatistic) =>
    (statistic instanceof Float64Array ? statistic[0]! : statistic.logLikelihood) + logPrior(model);

  function isRejected(state: AdvanceState<D>, model: D, statistic: PassStatistic): boolean {
    const { base, inner } = stateOf(state);
    if (base === undefined) return steps.isRejected(inner, model, statistic);
    return !(objectiveOf(model, statistic) > base.objective);
  }

  /** The model of a try, where the M step gives one without a finding of its own. */
  function tried(
    model: D,
    statistic: PassStatistic,
    tries: number,
    known: readonly Finding[],
  ): { readonly model: D; readonly findings: readonly Finding[] } | undefined {
    const numbers = statistic instanceof Float64Array ? statistic.slice() : undefined;
    const accumulator = accumulatorIn(numbers, model) as unknown as ProcessAccumulator; // that of the process
    if (!(statistic instanceof Float64Array)) accumulator.combine(statistic.value as ProcessStatistic);
    if (!mergePair(component, schema, model, accumulator, tries)) return undefined;
    try {
      const estimated = maximization(
        model,
        statistic instanceof Float64Array ? numbers! : { ...statistic, value: accumulator.value() }, // a copy of the first
      );
      return estimated.findings.length > known.length ? undefined : estimated;
    } catch (error) {
      if (error instanceof EstimationError) return undefined;
      throw error;
    }
  }

  return {
    isAccelerated: steps.isAccelerated,
    initial: { step: 'plain', inner: steps.initial, passes: 0, tries: 0, objective: -Infinity } as MergeState<D>,
    isRejected,
    next(state, model, statistic) {
      const { inner, base, passes: before, tries, objective: reached } = stateOf(state);
      const passes = before + 1;
      const enter = ({ state: entering, ...next }: Advanced<D>, own: Pick<MergeState<D>, 'tries' | 'objective'>) => ({
        ...next,
        state: { step: entering.step, inner: entering, passes, ...own } as MergeState<D>,
      });
      const isFailed = isRejected(state, model, statistic);
      if (base !== undefined && isFailed) return enter(base.instead, { tries: tries + 1, objective: reached });
      const objective = isFailed ? reached : objectiveOf(model, statistic);
      // After a merge the statistics before it tell no direction.
      const next = steps.next(base === undefined ? inner : steps.initial, model, statistic);
      const failed = base === undefined ? tries : 0;
      const isDue = !isFailed && passes >= FIRST && passes % PERIOD === 0 && failed < MAX_TRIES;
      const instead = isDue ? tried(model, statistic, failed, next.findings) : undefined;
      if (instead === undefined) return enter(next, { tries: failed, objective });
      // A plain step would gain about as much as the last one.
      const least = objective + Math.max(0, objective - reached);
      const own = { step: 'merge', inner: next.state, passes, tries: failed, objective } as const;
      return { ...instead, state: { ...own, base: { objective: least, instead: next } } as MergeState<D> };
    },
  };
}

/** Memory for accumulators that see no rows. */
const scratch = { float64: (length: number) => new Float64Array(length) };

/**
 * Makes one of the pair of components number `tries`: of those that rows belong to, in the order of what the rows of each lose by
 * common parameters.
 * @returns false when there is no such pair
 */
function mergePair(
  component: AnyEstimator,
  schema: Columns,
  model: ProcessModel,
  accumulator: ProcessAccumulator,
  tries: number,
): boolean {
  const pairs = pairsOf(component, schema, model, accumulator.value());
  const pair = pairs[tries % pairs.length]; // a pair that failed early may succeed once the others have settled
  if (pair !== undefined) accumulator.merge(pair.k, pair.other, component.accumulator(schema).value());
  return pair !== undefined;
}

interface ComponentPair {
  readonly k: number;
  readonly other: number;
  /** In nats, about: the divergences of what is known of both together from what is known of each. */
  readonly loss: number;
}

/** Components of fewer rows than this are empty. */
const LEAST_ROWS = 0.5;

/**
 * Pairs that may be one. What a merge gains is at most that rows need not choose, log 2 for each, and what the second
 * component's parameters cost: pairs that lose far more are left out.
 */
function pairsOf(
  component: AnyEstimator,
  schema: Columns,
  { components }: ProcessModel,
  { counts, components: statistics }: ProcessStatistic,
): readonly ComponentPair[] {
  const bayes = bayesOf(component);
  const known = statistics.map((statistic) => bayes.posterior(statistic));
  const used = [...counts.keys()].filter((k) => counts[k]! >= LEAST_ROWS);
  const pairs = used.flatMap((k, at) =>
    used.slice(at + 1).map((other) => {
      const both = component.accumulator(schema);
      both.begin?.(components[k]!, schema, scratch);
      both.combine(statistics[k]);
      both.combine(statistics[other]);
      const together = bayes.posterior(both.value());
      const loss = bayes.divergence(together, known[k]) + bayes.divergence(together, known[other]);
      return { k, other, loss };
    }),
  );
  return pairs
    .filter(({ k, other, loss }) => loss < 50 + 2 * (counts[k]! + counts[other]!))
    .sort((a, b) => a.loss - b.loss);
}
