/** The distribution of the rest of a row of which a part is known. */
import { isPart } from '../checks/steps.js';
import type { AnyDistribution, Step } from '../contract.js';
import { formatPath, ParameterError } from '../errors.js';
import { conditionOn } from './condition.js';
import { componentsIn } from './mixtures.js';
import type { NoOtherSteps, PartOf, RestOf } from './parts.js';
import { checkQueried } from './queried.js';

/**
 * The distribution of the rest of a row, given a part of it. Exact:
 *
 * - fields of a record and of a composite are independent, so the others do not change; positions of a composite are renumbered;
 * - a multivariate Gaussian has the mean μ_a + Σ_ab Σ_bb⁻¹ (x_b - μ_b) and the covariance Σ_aa - Σ_ab Σ_bb⁻¹ Σ_ba in the remaining
 *   coordinates, in their order;
 * - a conditional with the level, `{ 0: level }`, is the level's distribution; with the value, `{ 1: value }`, the levels by
 *   Bayes' rule; with a part of the value, levels and the rest of the value;
 * - a mixture has the components given the part, with weights in proportion to w_k f_k(part); a joint mixture its cells.
 *
 * What is known is an object by name, position or coordinate: `{ species: 'Gentoo' }`, `{ 0: 45.2, 3: 4750 }`. A value may itself
 * be a part: `{ measures: { 0: 45.2 } }`. The result is a distribution like any other, with moments, `marginal`, `sampler`.
 * A step that the rows lack does not compile; the type of the result has the remaining fields.
 * @param model  the model
 * @param part  what is known. A missing value of an optional field counts as known to be missing; leave unknown values out
 * @throws {ParameterError} for a part that is impossible under the model, naming the value; for steps that do not exist; for a
 *   part that leaves nothing; for rows that are known as a whole or not at all
 * @example
 * const one = new RecordDistribution({
 *   length: new GaussianDistribution({ mu: 39, sigma2: 7 }),
 *   species: new CategoricalDistribution({ Adelie: 1 }),
 * });
 * const other = new RecordDistribution({
 *   length: new GaussianDistribution({ mu: 48, sigma2: 10 }),
 *   species: new CategoricalDistribution({ Adelie: 0.1, Gentoo: 0.9 }),
 * });
 * const model = new MixtureDistribution([one, other], { w: [0.5, 0.5] });
 * marginal(given(model, { species: 'Gentoo' }), 'length').mean; // 48
 * marginal(given(model, { length: 39.1 }), 'species').density('Adelie'); // 0.9828…
 */
export function given<D extends AnyDistribution, const P extends PartOf<D>>(
  model: D,
  part: P & NoOtherSteps<P, PartOf<D>>,
): RestOf<D, P> {
  checkQueried('given', model);
  if (!isPart(part)) throw new ParameterError('given', 'part', 'an object with the known values by step', part);
  const { logDensity, rest } = conditionOn(model, part);
  if (!(logDensity > -Infinity)) {
    if (knowsParts(model)) throw impossible(model, part);
    throw new ParameterError('given', 'model', 'a distribution of rows that can be known in part', model);
  }
  if (rest === undefined) throw new ParameterError('given', 'part', 'a part that leaves something to ask about', part);
  return rest as RestOf<D, P>; // what the members called above build, family by family
}

/** Whether the model, or a component of it, says what the rest of a row is. */
function knowsParts(model: AnyDistribution): boolean {
  return componentsIn(model)?.components.some(knowsParts) ?? model.conditioned !== undefined;
}

/** The error for a part that has no density, or density 0: at the value that is to blame, or the part as a whole. */
function impossible(model: AnyDistribution, part: unknown): ParameterError {
  const path = blamed(model, part, []);
  const found = path.reduce((value, step) => (value as Readonly<Record<Step, unknown>>)[step], part);
  const isGap = found === null || found === undefined;
  const expected =
    path.length === 0
      ? 'possible under the model: each of its values is, but not all of them together'
      : isGap
        ? 'present, as P(missing) is 0 (leave it out when it is not known)'
        : 'possible under the model';
  const place = path.length === 0 ? 'part' : `part, field "${formatPath(path)}",`;
  return new ParameterError('given', place, expected, found);
}

/** The steps to a value that is impossible by itself; none where each value is possible. */
function blamed(model: AnyDistribution, part: unknown, path: readonly Step[]): readonly Step[] {
  if (!isPart(part)) return path;
  for (const [step, value] of Object.entries(part)) {
    const steps = [...path, /^\d+$/.test(step) ? Number(step) : step];
    const alone = steps.reduceRight<unknown>((inner, outer) => ({ [outer]: inner }), value);
    if (!(conditionOn(model, alone).logDensity > -Infinity)) return blamed(model, value, steps);
  }
  return path;
}
