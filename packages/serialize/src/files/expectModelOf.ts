import { wrongArgument } from '../checks/arguments.js';
import { CodecError, joinPath, quoted } from '../errors.js';
import { describe, kindOf } from '../values/kinds.js';

/** The part of an estimator that is used to know its models; those of `@dml/stats` have it. */
export interface EstimatorLike {
  encoder(): { encode(rows: readonly never[]): unknown };
  accumulator(schema: never): { value(): unknown };
  estimate(statistic: never): object;
}

/** The model that an estimator makes. */
export type ModelMadeBy<E extends EstimatorLike> = ReturnType<E['estimate']>;

/** The part of a model that is used. */
interface ModelLike {
  logDensity(row: never): number;
  toJSON(): Readonly<Record<string, unknown>>;
  /** An estimator of the same shape. */
  estimator?(): unknown;
}

/** Rows to be shown to the encoder; a vector family learns its dimension from them. */
const SAMPLE_ROWS = 2;

/**
 * Makes sure that a value that was read is a model such as the estimator makes: of its rows, and with parts of the same
 * types, as many, and by the same names. Parameters, levels and other things that a fit learns may be any.
 * @throws {CodecError} `ERR_OTHER_MODEL` with the path of the first part that differs
 */
export function expectModelOf<E extends EstimatorLike>(estimator: E, value: unknown): ModelMadeBy<E> {
  for (const method of ['encoder', 'accumulator', 'estimate'] as const) {
    if (typeof (estimator as Partial<E> | null)?.[method] === 'function') continue;
    wrongArgument('loadModel', 'an estimator as the third argument', estimator);
  }
  if (!isModel(value)) otherModel('', 'a model', shown(value));
  const expected = estimateFromNoRows(estimator, value);
  if (expected !== undefined) comparePart(expected, value, '');
  else if (value.estimator !== undefined) compareEstimators(estimator, value.estimator(), '');
  // All parts have been compared with those of a model that the estimator made.
  return value as ModelMadeBy<E>;
}

/** `undefined` when there is none: a vector family must know the dimension of its rows, and a model may draw none. */
function estimateFromNoRows(estimator: EstimatorLike, model: ModelLike): object | undefined {
  const rows = sampleOf(model);
  let schema: unknown;
  try {
    schema = estimator.encoder().encode(rows);
  } catch (cause) {
    const reason = `the model in the file has other rows than the estimator: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new CodecError({ code: 'ERR_OTHER_MODEL', reason, cause });
  }
  try {
    // What the estimator itself made fits its own methods.
    return estimator.estimate(estimator.accumulator(schema as never).value() as never);
  } catch {
    return undefined;
  }
}

/** Rows that the model draws; none when it cannot, such as a chain without a model of its length. */
function sampleOf(model: ModelLike): readonly never[] {
  const { sampler } = model as { sampler?(seed: number): { sample(count: number): readonly never[] } };
  try {
    return sampler?.call(model, 0).sample(SAMPLE_ROWS) ?? [];
  } catch {
    return [];
  }
}

function isModel(value: unknown): value is ModelLike {
  const model = value as Partial<ModelLike> | null | undefined;
  return typeof model?.logDensity === 'function' && typeof model.toJSON === 'function';
}

/** A list or a plain object. */
function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const kind = kindOf(value)?.is;
  return kind === 'array' || kind === 'object';
}

/** True when a model stands somewhere in this value. */
function holdsModels(value: unknown): boolean {
  return isModel(value) || (isContainer(value) && Object.values(value).some(holdsModels));
}

function comparePart(expected: unknown, found: unknown, path: string): void {
  if (!holdsModels(expected)) return;
  if (isModel(expected)) {
    const { type, ...parts } = expected.toJSON();
    if (!isModel(found)) otherModel(path, `a ${String(type)}`, shown(found));
    const { type: foundType, ...foundParts } = found.toJSON();
    if (type !== foundType) otherModel(path, `a ${String(type)}`, shown(found));
    for (const [name, part] of Object.entries(parts)) comparePart(part, foundParts[name], joinPath(path, name));
    return;
  }
  // A container with models, because `expected` holds some and is not one itself.
  const names = Object.keys(expected as object);
  const foundNames = isContainer(found) ? Object.keys(found) : [];
  if (names.length !== foundNames.length || names.some((name) => !foundNames.includes(name))) {
    const isList = Array.isArray(expected);
    otherModel(
      path,
      isList ? `${names.length} parts` : `the parts ${names.join(', ')}`,
      isList ? String(foundNames.length) : foundNames.join(', '),
    );
  }
  for (const name of names) {
    const step = Array.isArray(expected) ? `${path}[${name}]` : joinPath(path, name);
    comparePart((expected as Record<string, unknown>)[name], (found as Record<string, unknown>)[name], step);
  }
}

function isEstimator(value: unknown): value is EstimatorLike {
  const estimator = value as Partial<EstimatorLike> | null | undefined;
  return typeof estimator?.estimate === 'function' && typeof estimator.accumulator === 'function';
}

/**
 * Compares the estimators in public fields, for a model whose parts cannot be estimated from no rows. Options are left out:
 * they do not decide which parts there are.
 */
function compareEstimators(expected: unknown, found: unknown, path: string): void {
  if (isEstimator(expected)) {
    if (!isEstimator(found) || found.constructor !== expected.constructor) {
      otherModel(
        path,
        `what ${expected.constructor.name} makes`,
        isEstimator(found) ? `what ${found.constructor.name} makes` : shown(found),
      );
    }
  } else if (!isContainer(expected)) return;
  else if (Array.isArray(expected) && Object.keys(found ?? {}).length !== expected.length) {
    otherModel(path, `${expected.length} parts`, String(Object.keys(found ?? {}).length));
  }
  for (const [name, part] of Object.entries(expected)) {
    if (name === 'options') continue;
    const other = (found as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    compareEstimators(part, other, Array.isArray(expected) ? `${path}[${name}]` : joinPath(path, name));
  }
}

function shown(value: unknown): string {
  if (isModel(value)) return `a ${String(value.toJSON().type)}`;
  return typeof value === 'string' ? quoted(value) : typeof value === 'number' ? String(value) : describe(value);
}

function otherModel(path: string, expected: string, found: string): never {
  const reason = `the estimator makes ${expected} here, the file has ${found}.`;
  throw new CodecError({ code: 'ERR_OTHER_MODEL', reason, path });
}
