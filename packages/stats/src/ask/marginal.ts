/** The marginal distribution of some values of a row. */

import type { ConditionalDistribution } from '../combinators/conditional.js';
import { givenLevels } from '../combinators/conditionalLevels.js';
import type { AnyDistribution, Step } from '../contract.js';
import { ParameterError } from '../errors.js';
import type { Level } from '../families/categorical.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { exp } from '../numeric/elementary.js';
import { componentsIn } from './mixtures.js';
import { checkQueried } from './queried.js';
import type { MarginalOf, StepsOf } from './steps.js';

/**
 * The distribution of some values of a row: the others are integrated out. For one step it is that of the value, which has
 * moments, tails and quantiles where its family has; for a list of steps that of rows of those values alone, in the order of
 * the list. Exact, for every model of rows with steps:
 *
 * - a record has the names of its fields, a composite its positions from 0, a multivariate Gaussian its coordinates from 0;
 * - a conditional has 0, the level, and 1, the value: Σ_g h(g) f_g;
 * - a mixture, an optional and an ignored model have the steps of what they are made of: Σ_k w_k f_k of the components' marginals;
 * - a joint mixture has 0 and 1, its two values, and a labelled mixture 0, the value; a Dirichlet distribution its coordinates;
 * - a sequence and a hidden Markov or semi-Markov model have those of their items, a hidden Markov tree those of its nodes.
 *
 * A step that the rows of the model lack does not compile.
 * @param model  the model
 * @param steps  a step, or a list of at least one, each once
 * @throws {ParameterError} for steps that do not exist, in code that is not type-checked; for the value of a conditional without
 *   a categorical of its levels
 * @example
 * const child = new RecordDistribution({
 *   height: new GaussianDistribution({ mu: 120, sigma2: 25 }),
 *   school: new CategoricalDistribution({ north: 0.5, south: 0.5 }),
 * });
 * const adult = new RecordDistribution({
 *   height: new GaussianDistribution({ mu: 175, sigma2: 80 }),
 *   school: new CategoricalDistribution({ none: 1 }),
 * });
 * const all = new MixtureDistribution([child, adult], { w: [0.25, 0.75] });
 * marginal(all, 'height').quantile(0.5); // 171.39…
 * marginal(all, ['school']).density({ school: 'none' }); // 0.75
 */
export function marginal<D extends AnyDistribution, const S extends StepsOf<D> | readonly StepsOf<D>[]>(
  model: D,
  steps: S,
): MarginalOf<D, S> {
  checkQueried('marginal', model);
  return marginalOf(model, steps) as MarginalOf<D, S>; // what the members called below build, family by family
}

function marginalOf(model: AnyDistribution, steps: Step | readonly Step[]): AnyDistribution {
  const mixture = componentsIn(model);
  if (mixture !== undefined) {
    return mixtureOf(
      mixture.components.map((component) => marginalOf(component, steps)),
      mixture.w,
    );
  }
  if (model.toJSON().type === 'Conditional') return ofConditional(model as never, steps);
  if (model.marginalOf !== undefined) return model.marginalOf(steps, marginalOf);
  throw new ParameterError('marginal', 'model', 'a distribution of rows with fields, positions or coordinates', model);
}

function mixtureOf(components: readonly AnyDistribution[], w: readonly number[]): AnyDistribution {
  return new MixtureDistribution<readonly AnyDistribution[]>(components, { w });
}

function ofConditional(
  model: ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>,
  steps: Step | readonly Step[],
): AnyDistribution {
  if (steps === 0) return model.given;
  if (steps !== 1) throw new ParameterError('marginal', 'steps', '0, the level, or 1, the value', steps);
  const levels = givenLevels('marginal', model);
  const impossible = levels.find(({ dist }) => dist === null);
  if (impossible !== undefined) {
    throw new ParameterError('marginal', 'model.dists', 'a distribution for each level', impossible.level);
  }
  const shares = levels.map(({ logWeight }) => exp(logWeight));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return mixtureOf(
    levels.map(({ dist }) => dist!),
    shares.map((share) => share / total),
  );
}
