/** What a model says of a row of which a part is known: a model of any family, down to its leaves. */
import type { AnyDistribution, Conditioned } from '../contract.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { posteriorOf } from '../latent/posterior.js';
import { largestIndex } from '../leaf/tableQueries.js';
import { log } from '../numeric/elementary.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { componentsIn, type WeightedComponents } from './mixtures.js';

/** Log-density of the known values, and the distribution of the others. A model without parts is known as a whole. */
export function conditionOn(model: AnyDistribution, part: unknown): Conditioned {
  const mixture = componentsIn(model);
  if (mixture !== undefined) return conditionMixture(mixture, part);
  if (model.conditioned !== undefined) return model.conditioned(part, conditionOn);
  return { logDensity: model.logDensity(part), rest: undefined };
}

/** Weights w_k f_k(part), normalised, and what each component says of the rest. */
function conditionMixture({ components, w }: WeightedComponents, part: unknown): Conditioned {
  const answers = components.map((component) => conditionOn(component, part));
  const scores = answers.map((answer) => answer.logDensity);
  const logDensity = logSumExp(scores.map((score, k) => (w[k] === 0 ? -Infinity : log(w[k]!) + score)));
  const shares = logDensity > -Infinity ? posteriorOf(scores, w) : undefined;
  const likeliest = shares && answers[largestIndex(shares)]!.rest;
  if (likeliest === undefined) return { logDensity, rest: undefined };
  // A component that cannot say what the rest is has weight 0 here: it keeps its place.
  const rest = answers.map((answer) => answer.rest ?? likeliest);
  return { logDensity, rest: new MixtureDistribution<readonly AnyDistribution[]>(rest, { w: shares! }) };
}
