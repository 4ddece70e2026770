/** What a lookback hidden Markov model is asked about one list: the states of its steps. */

import { checkOptions } from '../../checks/options.js';
import { checkCount } from '../../checks/parameters.js';
import { NullEncoder } from '../../combinators/null.js';
import type { AnyDistribution, Encoder, Sampler, Seed } from '../../contract.js';
import { formatPath, ParameterError } from '../../errors.js';
import { drawIndex } from '../../numeric/random.js';
import { logEmissionOf } from '../hiddenMarkov/inference.js';
import type { HiddenMarkovDistribution } from '../hiddenMarkov/model.js';
import { viterbiPath } from '../hiddenMarkov/viterbi.js';
import { LookbackEncoder } from './columns.js';
import { continuationSampler, type LookbackPath, lookbackSampler, type SampledModel } from './sampling.js';
import type { StepDistribution } from './stepFamily.js';
import { type Step, stepsOf } from './steps.js';

const OWNER = 'LookbackHiddenMarkovDistribution';

/** What the answers need of a model. */
interface AskedModel extends SampledModel {
  readonly steps: HiddenMarkovDistribution<readonly StepDistribution[], AnyDistribution>;
  readonly stepEncoder: Encoder<unknown>;
}

/** The steps of a list about whose states something is asked. @throws {ParameterError} for anything but a list of items */
export function knownSteps({ lag, stepEncoder }: AskedModel, method: string, x: readonly unknown[]): Step[] {
  const violation = new LookbackEncoder(lag, stepEncoder, new NullEncoder()).violation(x);
  if (violation === undefined) return stepsOf(x, lag);
  const { path, expected, found } = violation;
  throw new ParameterError(`${OWNER}.${method}`, `x${formatPath(path)}`, expected, found);
}

/** The most probable states of all steps. @throws {ParameterError} for an impossible list, naming an item */
export function viterbiSteps(model: AskedModel, x: readonly unknown[]): number[] {
  const steps = knownSteps(model, 'viterbi', x);
  const scores = logEmissionOf(model.steps.emissions, steps);
  const { path, impossibleAt } = viterbiPath(scores, steps.length, model.steps.chain.logChain);
  if (path !== undefined) return Array.from(path);
  const at = Math.max(0, impossibleAt + model.lag - 1); // the last item of the step
  const expected = 'an item that some path of states gives after the items before it';
  throw new ParameterError(`${OWNER}.viterbi`, `x[${at}]`, expected, x[at]);
}

/** Draws the states of all steps from P(states | list). @throws {ParameterError} for an impossible list */
export function stepsGiven(model: AskedModel, x: readonly unknown[], seed: Seed): Sampler<number[]> {
  const steps = knownSteps(model, 'sampleGiven', x);
  checkPossible(model, 'sampleGiven', 'x', x, steps);
  return model.steps.sampleGiven(steps, seed);
}

function checkPossible(
  model: AskedModel,
  method: string,
  name: string,
  x: readonly unknown[],
  steps: readonly Step[],
): readonly number[] | undefined {
  const last = model.steps.filtered(steps)[steps.length - 1];
  if (last?.every((p) => p === 0) !== true) return last;
  throw new ParameterError(`${OWNER}.${method}`, name, 'a possible list', x);
}

/** What continues a list. */
export interface LookbackPathOptions<T> {
  /** Draws what follows this list, of at least `lag` items. Default: lists from their first item on. */
  readonly after?: readonly T[];
  /** How many items follow it. Needed with `after`. */
  readonly count?: number;
}

/** @throws {ParameterError} */
export function pathsOf(model: AskedModel, seed: Seed, options: LookbackPathOptions<unknown>): Sampler<LookbackPath> {
  const owner = `${OWNER}.pathSampler`;
  checkOptions(owner, options, ['after', 'count']);
  const { after, count } = options;
  if (after === undefined) {
    if (count === undefined) return lookbackSampler(owner, model, seed);
    throw new ParameterError(owner, 'count', 'left out without after, as length decides', count);
  }
  if (count === undefined)
    throw new ParameterError(owner, 'count', 'given, as a length says nothing of what follows', count);
  checkCount(owner, 'count', count);
  const steps = knownSteps(model, 'pathSampler', after);
  const last = checkPossible(model, 'pathSampler', 'after', after, steps);
  if (last === undefined) throw new ParameterError(owner, 'after', `a list of at least ${model.lag} items`, after);
  const next = model.w.map((_, a) => last.reduce((sum, p, b) => sum + p * model.transitions[b]![a]!, 0));
  const continued = { items: after, next: (rng: () => number) => drawIndex(rng, next) };
  return continuationSampler(owner, model, seed, continued, count);
}
