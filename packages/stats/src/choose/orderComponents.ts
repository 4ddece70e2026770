/** The same mixture, or hidden Markov model, with its components in an order that does not depend on the start of a fit. */
import type { AnyDistribution } from '../contract.js';
import { ParameterError } from '../errors.js';
import { HiddenMarkovDistribution } from '../latent/hiddenMarkov/model.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';

/** How to order components: the heaviest first, the smallest value first, or as a list says. */
export type ComponentOrder<D> = 'weight' | ((component: D, k: number) => number) | readonly number[];

/**
 * The model with its components in another order. Its density is the same; two fits can then be compared component by component.
 * @param model  a mixture, or a hidden Markov model, whose components are its states
 * @param by  `'weight'`: by decreasing `w`, of states P(first state). A function of a component: by increasing values. A list: component k is `by[k]`
 *   of the model, as `matchLabels` says. Components that are equal keep their order. Default `'weight'`
 * @throws {ParameterError} for a value that is NaN, or a list that is not an order of all components
 * @example
 * const model = gaussianMixture({ mu: [5, -5], sigma2: 1, w: [0.5, 0.5] });
 * orderComponents(model, ({ mu }) => mu).components[0]!.mu; // -5
 */
export function orderComponents<Ds extends readonly AnyDistribution[]>(
  model: MixtureDistribution<Ds>,
  by?: ComponentOrder<Ds[number]>,
): MixtureDistribution<readonly Ds[number][]>;
export function orderComponents<Ds extends readonly AnyDistribution[], L extends AnyDistribution>(
  model: HiddenMarkovDistribution<Ds, L>,
  by?: ComponentOrder<Ds[number]>,
): HiddenMarkovDistribution<readonly Ds[number][], L>;
export function orderComponents(
  model:
    | MixtureDistribution<readonly AnyDistribution[]>
    | HiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution>,
  by: ComponentOrder<never> = 'weight',
): AnyDistribution {
  if (model instanceof MixtureDistribution) {
    const order = orderOf(model.components, model.w, by);
    const components = order.map((k) => model.components[k]!);
    return new MixtureDistribution<readonly AnyDistribution[]>(components, { w: order.map((k) => model.w[k]!) });
  }
  if (!(model instanceof HiddenMarkovDistribution)) {
    throw new ParameterError('orderComponents', 'model', 'a mixture or a hidden Markov model', model);
  }
  const { emissions, w, transitions, length, end, terminalValues } = model;
  const order = orderOf(emissions, w, by);
  const pick = <V>(list: readonly V[]) => order.map((s) => list[s]!);
  return new HiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution>(pick(emissions), {
    w: pick(w),
    transitions: pick(transitions).map(pick),
    length,
    terminalValues,
    ...(end && { end: pick(end) }),
  });
}

function orderOf(
  components: readonly AnyDistribution[],
  w: readonly number[],
  by: ComponentOrder<never>,
): readonly number[] {
  if (typeof by === 'object') {
    const isOrder = Array.isArray(by) && by.length === w.length && w.every((_, k) => by.includes(k));
    if (isOrder) return by;
    throw new ParameterError('orderComponents', 'by', `a list with each of 0 to ${w.length - 1} once`, by);
  }
  if (by !== 'weight' && typeof by !== 'function') {
    throw new ParameterError('orderComponents', 'by', "'weight', a function of a component, or a list", by);
  }
  const values = components.map((component, k) => (by === 'weight' ? -w[k]! : by(component as never, k)));
  const bad = values.findIndex((value) => typeof value !== 'number' || Number.isNaN(value));
  if (bad >= 0) throw new ParameterError('orderComponents', `by of component ${bad}`, 'a number', values[bad]);
  return [...w.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
}
