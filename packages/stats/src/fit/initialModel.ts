/** Whether a given first model is one that the estimator could have made. */
import { withArticle } from '../checks/parameters.js';
import type { AnyDistribution, Columns, Estimator } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { className } from '../tree/modelText.js';

/**
 * Compares the shape of `model` with that of the estimate from no rows: families, and numbers and names of parts; and its
 * parameters with those that the estimator fixes or masks.
 * @param owner  whom the error names: the option or the function that takes the model
 * @throws {ParameterError} naming the first part that differs
 */
export function checkInitialModel<T, D extends AnyDistribution, C extends Columns, S>(
  estimator: Estimator<T, D, C, S>,
  model: unknown,
  schema: C,
  owner = 'initialModel',
): void {
  try {
    checkPart(estimator.estimate(estimator.accumulator(schema).value()), model, '', owner);
    // Estimators that fix or mask parameters refuse a model with others.
    estimator.parameterBlocks?.(model as D); // it was just compared with one
  } catch (error) {
    // A family without an estimate from no rows has no shape to compare, one without a count nothing to refuse.
    if (!(error instanceof EstimationError)) throw error;
  }
}

function isDistribution(value: unknown): value is AnyDistribution {
  return typeof (value as AnyDistribution | null | undefined)?.seqLogDensity === 'function';
}

/** What an encoder may say of the shape of its rows. A model of another shape would score every row as impossible. */
const ROW_SHAPE = ['dimension', 'valueCount', 'lag'];

function shapeOf(model: AnyDistribution, name: string): unknown {
  return (model.encoder() as unknown as Readonly<Record<string, unknown>>)[name];
}

function holdsDistributions(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.values(value).some(isDistribution);
}

function checkPart(expected: unknown, found: unknown, path: string, owner: string): void {
  if (isDistribution(expected)) {
    if (!isDistribution(found) || found.constructor !== expected.constructor) {
      throw new ParameterError(owner, path === '' ? 'the model' : path, withArticle(nameOf(expected)), nameOf(found));
    }
    for (const name of ROW_SHAPE) {
      const [ofRows, ofModel] = [shapeOf(expected, name), shapeOf(found, name)];
      if (ofRows === ofModel) continue;
      throw new ParameterError(owner, path === '' ? name : `${path} ${name}`, `${ofRows}, as for the rows`, ofModel);
    }
    for (const [field, part] of Object.entries(expected)) {
      if (!isDistribution(part) && !holdsDistributions(part)) continue;
      checkPart(
        part,
        (found as unknown as Record<string, unknown>)[field],
        path === '' ? field : `${path}.${field}`,
        owner,
      );
    }
    return;
  }
  if (!holdsDistributions(expected)) return;
  const names = Object.keys(expected);
  const others = typeof found === 'object' && found !== null ? Object.keys(found) : [];
  if (names.join() !== others.join()) {
    const parts = Array.isArray(expected) ? `${names.length} parts` : `the parts ${names.join(', ')}`;
    throw new ParameterError(owner, path, parts, Array.isArray(found) ? others.length : others.join(', '));
  }
  for (const name of names) {
    const step = Array.isArray(expected) ? `${path}[${name}]` : `${path}.${name}`;
    checkPart(expected[name], (found as Record<string, unknown>)[name], step, owner);
  }
}

function nameOf(value: unknown): string {
  if (isDistribution(value)) return className(value, value.toJSON().type);
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value);
}
