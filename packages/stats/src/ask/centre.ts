/** One row that stands for a distribution: means of numbers, the most probable of levels. */
import { violationOf } from '../columns/columns.js';
import type { AnyDistribution } from '../contract.js';
import { ParameterError } from '../errors.js';
import { marginal } from './marginal.js';
import { componentsIn } from './mixtures.js';

/** The fields of rows, or how many values they have in order; of a mixture those of its components. */
function fieldsOf(model: AnyDistribution): readonly string[] | number | undefined {
  const mixture = componentsIn(model);
  if (mixture !== undefined) return fieldsOf(mixture.components[0]!);
  const { type, fields, dists } = model.toJSON() as {
    readonly type: string;
    readonly fields?: object;
    readonly dists?: readonly unknown[];
  };
  if (type === 'JointMixture') return 2;
  return type === 'Record' ? Object.keys(fields!) : type === 'Composite' ? dists!.length : undefined;
}

/**
 * The mean of a number or a vector; the median where the mean is not a row (counts), or the mode (directions); the most probable
 * of levels; of records and composites field by field.
 * @throws {ParameterError} for a family with neither
 */
export function centreOf(model: AnyDistribution): unknown {
  const fields = fieldsOf(model);
  if (typeof fields === 'number') return Array.from({ length: fields }, (_, j) => centreOf(marginal(model, j)));
  if (fields !== undefined) return Object.fromEntries(fields.map((name) => [name, centreOf(marginal(model, name))]));
  const { mean, quantile } = model;
  const middle = typeof mean === 'object' ? [...mean] : mean;
  if (middle !== undefined && violationOf(model.encoder(), middle) === undefined) return middle;
  const centre = quantile === undefined ? mostProbable(model) : model.quantile!(0.5);
  if (centre !== undefined) return centre;
  throw new ParameterError('impute', 'model', 'a mean, a median or a mode for each value that may be missing', model);
}

/** Of several the first. */
function mostProbable(model: AnyDistribution): unknown {
  let best: unknown;
  for (const candidate of candidates(model)) {
    if (best === undefined || model.logDensity(candidate) > model.logDensity(best)) best = candidate;
  }
  return best;
}

/** The levels that a model lists, or else its mode. */
function candidates(model: AnyDistribution): readonly unknown[] {
  const mixture = componentsIn(model);
  if (mixture !== undefined) return mixture.components.flatMap(candidates);
  const { type, levels, dists } = model.toJSON() as {
    readonly type: string;
    readonly levels?: unknown;
    readonly dists?: readonly AnyDistribution[];
  };
  if (type === 'Conditional') {
    const pairs = (levels as readonly unknown[]).map((level, j) => [level, dists![j]!] as const);
    const possible = pairs.filter(([level]) => marginal(model, 0).logDensity(level) > -Infinity);
    return possible.map(([level, dist]) => [level, centreOf(dist)]);
  }
  return Array.isArray(levels) ? (levels as readonly unknown[]) : model.mode === undefined ? [] : [model.mode];
}
