/** Laws of models as data. */
import type { AnyDistribution, AnyEstimator } from '../contract.js';
import { em } from '../fit/em.js';
import { estimatorFromJSON, estimatorToJSON } from '../models/estimatorJSON.js';
import { estimatorTypes } from '../models/estimatorTypes.js';
import { modelTypes } from '../models/modelTypes.js';
import { type ModelType, rebuildModel } from '../models/rebuildModel.js';
import { expectDefined, expectSame, fail, plainOf, show } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, type Subject, scoresOf } from './subject.js';

export function modelLaws(laws: FamilyLaws): LawCheck[] {
  const each = lawMaker(laws, 100);
  return [
    each('is the same model, to the bit, after toJSON, JSON text and fromJSON', (subject) =>
      rebuildsExactly(laws.types ?? typesOf(laws.distributions), subject),
    ),
    ...(laws.distributions.every(hasText)
      ? [each('prints its class and its parameters, and nothing else', printsParameters)]
      : []),
    ...(laws.distributions.some(hasParameters)
      ? [each('rejects plain data without parameters', ({ distribution, name }) => rejectsNothing(distribution, name))]
      : []),
    ...(laws.estimator === undefined
      ? []
      : [each('makes an estimator of its own shape, with its pseudo counts', priorNeedsNoRows)]),
    ...(isStored(laws)
      ? [each('has an estimator that is equal, to the bit, after JSON text', (s) => rebuildsEstimator(laws, s))]
      : []),
  ];
}

/** The classes of the distributions and of all their children, as `rebuildModel` takes them. */
function typesOf(distributions: readonly AnyDistribution[]): ModelType[] {
  const types = new Set<ModelType>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if ('logDensity' in value && 'toJSON' in value && typeof value.toJSON === 'function') {
      types.add(value.constructor as unknown as ModelType);
      visit(value.toJSON());
    } else Object.values(value).forEach(visit);
  };
  distributions.forEach(visit);
  return [...types];
}

function rebuildsExactly(types: readonly ModelType[], { name, distribution, columns }: Subject): void {
  const type = distribution.constructor as unknown as Partial<ModelType>;
  if (typeof type.typeName !== 'string' || !Number.isInteger(type.typeVersion)) {
    fail(`${name}: the class needs a static typeName and an integer typeVersion`);
  }
  const json = distribution.toJSON();
  if (json.type !== type.typeName)
    fail(`${name}: toJSON() has type ${show(json.type)}, the class ${show(type.typeName)}`);
  const plain = plainOf(distribution);
  expectDefined(plain, name);
  const text = JSON.stringify(distribution);
  // JSON has no infinities and no -0; those travel by a codec, from the same plain data.
  const data = isFaithful(plain) ? (JSON.parse(text) as unknown) : plain;
  const rebuilt = rebuildModel(data, types);
  if (rebuilt.constructor !== distribution.constructor) {
    fail(`${name}: rebuilt as ${rebuilt.constructor.name}, not ${distribution.constructor.name}`);
  }
  expectSame(rebuilt, distribution, 0, `${name}: rebuilt from ${text}`);
  const scores = scoresOf(rebuilt, columns);
  scoresOf(distribution, columns).forEach((score, i) => {
    if (!Object.is(scores[i], score))
      fail(`${name}: the rebuilt model scores row ${i} ${scores[i]}, the original ${score}`);
  });
}

function isStored({ estimator, estimatorTypes: given }: FamilyLaws): boolean {
  return estimator !== undefined && (given !== undefined || estimatorTypes.some(({ is }) => is(estimator)));
}

/** The given estimator, one with its key, and one with imaginary rows: each from plain data, by its start, which is an M step. */
function rebuildsEstimator(laws: FamilyLaws, { name, distribution, columns }: Subject): void {
  const { estimatorTypes: types = [...estimatorTypes, ...modelTypes] } = laws;
  const estimators = [laws.estimator, laws.keyed, distribution.estimator({ pseudoCount: 2 })];
  for (const estimator of estimators.filter((one): one is AnyEstimator => one !== undefined)) {
    const text = JSON.stringify(estimatorToJSON(estimator, types));
    const rebuilt = estimatorFromJSON(JSON.parse(text), types);
    const what = `${name}: its estimator, rebuilt from ${text}`;
    if (rebuilt.constructor !== estimator.constructor) fail(`${what}, is a ${rebuilt.constructor.name}`);
    if (JSON.stringify(estimatorToJSON(rebuilt, types)) !== text) fail(`${what}, has other options`);
    const [expected, found] = [estimator, rebuilt].map((one) => em(one).start(columns, { seed: 5, method: 'random' }));
    expectSame(found, expected, 0, `${what}, starts`);
  }
}

/** Whether `String(distribution)` is more than `[object Object]`. */
function hasText(distribution: AnyDistribution): boolean {
  return distribution.toString !== Object.prototype.toString;
}

/** A console shows the public fields of an object: what is kept for speed is private, or a getter. */
function printsParameters({ name, distribution }: Subject): void {
  const { type, ...parameters } = distribution.toJSON();
  const text = String(distribution);
  if (!text.startsWith(type)) fail(`${name}: String() gives ${text}`);
  const known = Object.keys(parameters);
  const missing = known.filter((parameter) => !text.includes(`${parameter}: `));
  if (missing.length > 0) fail(`${name}: String() does not show ${missing.join(', ')}: ${text}`);
  const internal = Object.entries(distribution)
    .filter(([field, value]) => typeof value !== 'function' && !known.includes(field))
    .map(([field]) => field);
  if (internal.length > 0) fail(`${name}: a console shows ${internal.join(', ')} beside the parameters of ${type}`);
}

function isFaithful(plain: unknown): boolean {
  if (typeof plain === 'number') return Number.isFinite(plain) && !Object.is(plain, -0);
  return typeof plain !== 'object' || plain === null || Object.values(plain).every(isFaithful);
}

function hasParameters(distribution: AnyDistribution): boolean {
  return Object.keys(distribution.toJSON()).length > 1;
}

function rejectsNothing(distribution: AnyDistribution, name: string): void {
  const type = distribution.constructor as unknown as ModelType;
  let error: unknown;
  try {
    type.fromJSON({}, type.typeVersion);
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) fail(`${name}: fromJSON({}) made a model out of nothing`);
  if ((error as { code?: unknown }).code !== 'PARAMETER') {
    fail(`${name}: fromJSON({}) must throw a ParameterError, but threw: ${String(error)}`);
  }
}

function priorNeedsNoRows({ name, distribution, columns, encoder }: Subject): void {
  const estimator = distribution.estimator({ pseudoCount: 5 });
  const schema = encoder.slice?.(columns, 0, 0) ?? encoder.encode([]);
  const model = estimator.estimate(estimator.accumulator(schema).value());
  expectDefined(model, `${name}: the estimate from its pseudo counts alone`);
  if (model.toJSON().type !== distribution.toJSON().type) {
    fail(`${name}: its estimator makes ${show(model.toJSON().type)}`);
  }
  scoresOf(model, columns).forEach((score, i) => {
    if (Number.isNaN(score)) fail(`${name}: the estimate from its pseudo counts alone scores row ${i} NaN`);
  });
}
