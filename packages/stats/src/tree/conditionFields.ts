/** What a model of independent fields says of a row of which some fields are known, or parts of some. */
import { partSteps } from '../checks/steps.js';
import type { AnyDistribution, Conditioned, Step } from '../contract.js';
import { addLogs } from '../numeric/logSumExp.js';

/**
 * The log-density of the known values, and the fields that are left: what is known of one field says nothing of another.
 * @param fields  the distributions by step
 * @throws {ParameterError} for a step that is not a field
 */
export function conditionFields(
  fields: ReadonlyMap<Step, AnyDistribution>,
  part: Readonly<Record<Step, unknown>>,
  condition: (child: AnyDistribution, part: unknown) => Conditioned,
): { readonly logDensity: number; readonly left: readonly (readonly [Step, AnyDistribution])[] } {
  const known = new Set(partSteps(part, [...fields.keys()]));
  let logDensity = 0;
  const left: (readonly [Step, AnyDistribution])[] = [];
  for (const [step, field] of fields) {
    const { logDensity: ofField, rest } = known.has(step)
      ? condition(field, part[step])
      : { logDensity: 0, rest: field };
    logDensity = addLogs(logDensity, ofField);
    if (rest !== undefined) left.push([step, rest]);
  }
  return { logDensity, left };
}
