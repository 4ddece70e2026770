/** Steps into rows, and parts of rows: what callers of `marginal` and `given` may name. */
import type { Step } from '../contract.js';
import { formatValue, ParameterError } from '../errors.js';

/**
 * One step or a list of steps as a list.
 * @param known  the steps that there are
 * @throws {ParameterError} for a step that is not among them, a step given twice, and an empty list
 */
export function checkSteps(steps: unknown, known: readonly Step[]): readonly Step[] {
  const list = Array.isArray(steps) ? (steps as readonly unknown[]) : [steps];
  if (list.length === 0) throw new ParameterError('marginal', 'steps', 'a list of at least one step', steps);
  for (const [i, step] of list.entries()) {
    const place = Array.isArray(steps) ? `steps[${i}]` : 'steps';
    checkStep('marginal', place, step, known);
    if (list.indexOf(step) < i) throw new ParameterError('marginal', place, 'another one than before it', step);
  }
  return list as readonly Step[]; // each is one of `known`
}

function checkStep(owner: string, parameter: string, step: unknown, known: readonly Step[]): void {
  if (known.includes(step as Step)) return;
  const shown = known.slice(0, 12).map(formatValue).join(', ');
  throw new ParameterError(owner, parameter, `one of ${shown}${known.length > 12 ? ', …' : ''}`, step);
}

/** Whether `value` is an object of values by step: no list, no typed array, nothing else that is a row by itself. */
export function isPart(value: unknown): value is Readonly<Record<Step, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/**
 * The steps of a part, positions as numbers.
 * @throws {ParameterError} for a step that does not exist
 */
export function partSteps(part: Readonly<Record<Step, unknown>>, known: readonly Step[]): readonly Step[] {
  return Object.keys(part).map((name) => {
    const step = typeof known[0] === 'number' && /^\d+$/.test(name) ? Number(name) : name;
    checkStep('given', 'a step of part', step, known);
    return step;
  });
}
