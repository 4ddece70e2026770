/** The EM loop of one fit, on every rank. All decisions are pure functions of reduced numbers, so all ranks decide alike. */
import { FitError, isEstimationError } from '../errors.js';
import type { Advance, Advanced, AdvanceState, Columns, Decision, Iterate, Steps } from '../ports.js';
import { attempt, attemptAsync, exchange, type Outcome, settle } from '../ranks/exchange.js';
import { turn } from '../ranks/turn.js';
import { withBadRow } from './badRow.js';
import type { Estimate, Fit, FitJob, FitState } from './job.js';
import { changedWeights, ownWeights, planOf, sumOwn } from './pass.js';
import { iterateAfter, scoresOf } from './path.js';
import { type OwnSums, type Reduced, reductionOf } from './reduce.js';
import type { Score } from './score.js';

/** Collective: runs EM from `state` to its end. */
export async function runFit<T, D, C extends Columns>(job: FitJob<T, D, C>, state: FitState<D>): Promise<Fit<D>> {
  const { comm, algorithm, shard, stopwatch } = job;
  const path: Iterate[] = [...state.path];
  let { model, findings, best } = state;
  let bestIteration = -1;
  let weight = 0;
  const fitOf = (reached: Estimate<D>, reason: Fit<D>['reason']): Fit<D> => {
    const conclusion = algorithm.stopping.conclude?.(path, job.stop, weight, reason);
    return {
      model: reached.model,
      // The findings of the rejected M step say why the likelihood fell.
      findings: [...reached.findings, ...(reason === 'decreased' ? findings : (conclusion?.findings ?? []))],
      ...scoresOf(path[bestIteration]!),
      bestIteration,
      iterations: path.length - 1,
      reason,
      remainingGain: conclusion?.remainingGain ?? Number.NaN,
      path,
      acceleration: job.acceleration === 'none' ? 'none' : advance.isAccelerated ? 'auto' : 'unavailable',
      seed: job.seed,
    };
  };
  const steps = algorithm.steps(shard.schema);
  const advance = steps.advance?.(job.acceleration) ?? plainAdvance(steps);
  let advanced = state.advance ?? advance.initial;
  let decision: Decision | undefined;
  try {
    const reduction = reductionOf(comm, planOf(shard, job.validation, steps), job.codec);
    const weightsOf = job.weightOf === undefined ? ownWeights : changedWeights(algorithm, shard, job.weightOf);
    // What happened on this rank since the last message. A failure is sent with the next one, so that no rank waits
    // for this rank.
    let latest: Outcome<unknown> = { value: undefined };
    for (;;) {
      const own: Outcome<OwnSums> =
        'failure' in latest
          ? latest
          : await stopwatch.time('expectation', () => attemptAsync(() => sumOwn(job, steps, model, weightsOf)));
      const wantsAbort = job.signal?.aborted ?? false;
      const { statistic, validation, isAborted }: Reduced = stopwatch.timeSync('reduction', () =>
        reduction.reduce(own, wantsAbort),
      );
      const likelihood = steps.likelihood(statistic);
      const { logLikelihood } = likelihood;
      weight = likelihood.itemWeight ?? likelihood.weight;
      const isRejected = advance.isRejected(advanced, model, statistic);
      const logPrior = algorithm.logPrior?.(model);
      const iterate = iterateAfter(path, { logLikelihood, logPrior, validation, step: advanced.step, isRejected });
      path.push(iterate);
      const decided = attempt(() => algorithm.stopping.decide(path, job.stop, weight, decision));
      if ('failure' in decided) throw await withBadRow(job, model, decided);
      decision = decided.value;
      bestIteration = decision.best;
      if (best === undefined || bestIteration === iterate.iteration) best = { model, findings };
      latest = await attemptAsync(async () => job.onIterate?.(iterate));
      await turn();
      const reason = decision.stop ?? (isAborted || job.isGivenUp?.(path) === true ? 'aborted' : undefined);
      if (reason !== undefined) {
        exchange(comm, latest);
        return fitOf(best, reason);
      }
      const next: Outcome<Advanced<D>> = stopwatch.timeSync('maximization', () =>
        attempt(() => advance.next(advanced, model, statistic)),
      );
      if ('failure' in next) {
        latest = next;
        continue;
      }
      ({ state: advanced, model, findings } = next.value);
      const reached = { model, findings, path, best, advance: advanced };
      if (!('failure' in latest)) latest = await attemptAsync(async () => job.onState?.(reached));
    }
  } catch (error) {
    // Every rank is here, with the same path.
    const isReached = Number.isFinite(path[bestIteration]?.logLikelihood);
    if (best === undefined || !isReached || !isEstimationError(error)) throw error;
    throw new FitError(error.message, { cause: error, result: fitOf(best, 'failed') });
  } finally {
    steps.release();
  }
}

/** Plain EM, for an algorithm that knows no other. */
function plainAdvance<D, C extends Columns>(steps: Steps<D, C>): Advance<D> {
  const state: AdvanceState = { step: 'plain' };
  return {
    isAccelerated: false,
    initial: state,
    isRejected: () => false,
    next: (_state, model, statistic) => ({ state, ...steps.maximization(model, statistic) }),
  };
}

/** Collective: one E step and one M step. */
export async function onePass<T, D, C extends Columns>(
  pass: Pick<FitJob<T, D, C>, 'comm' | 'algorithm' | 'shard' | 'codec'>,
  model: D,
): Promise<Estimate<D> & { readonly entered: Score }> {
  const { comm, algorithm, shard, codec } = pass;
  const steps = algorithm.steps(shard.schema);
  try {
    const own = await attemptAsync(() => sumOwn({ ...pass, validation: undefined }, steps, model, ownWeights));
    const { statistic } = reductionOf(comm, planOf(shard, undefined, steps), codec).reduce(own, false);
    const next = attempt(() => steps.maximization(model, statistic));
    const { logLikelihood, weight } = steps.likelihood(statistic);
    return { ...settle(comm, next), entered: { logLikelihood, weight } };
  } finally {
    steps.release();
  }
}
