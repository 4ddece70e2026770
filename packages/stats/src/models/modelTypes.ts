import type { AnyDistribution } from '../contract.js';
import { ParameterError } from '../errors.js';
import {
  BernoulliDistribution,
  BernoulliSetDistribution,
  BetaDistribution,
  BinomialDistribution,
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  DiagonalGaussianDistribution,
  DirichletDistribution,
  ExponentialDistribution,
  GammaDistribution,
  GaussianDistribution,
  GeometricDistribution,
  HiddenMarkovDistribution,
  HierarchicalMixtureDistribution,
  IgnoredDistribution,
  IntegerBernoulliSetDistribution,
  IntegerCategoricalDistribution,
  IntegerMarkovChainDistribution,
  LogGaussianDistribution,
  MarkovChainDistribution,
  MixtureDistribution,
  MultinomialDistribution,
  MultivariateGaussianDistribution,
  NegativeBinomialDistribution,
  NullDistribution,
  OptionalDistribution,
  PoissonDistribution,
  RecordDistribution,
  SelectDistribution,
  SequenceDistribution,
  StudentTDistribution,
  UniformDistribution,
  WeibullDistribution,
  WeightedDistribution,
} from './models.js';

/** A distribution class that a codec can write and read: a stable name, a version, and a constructor from plain fields. */
export interface ModelType {
  readonly typeName: string;
  readonly typeVersion: number;
  /** Names under which older files hold models of this type, with the same fields. */
  readonly formerNames?: readonly string[];
  /** Builds the model; children among the fields are live already. @throws {ParameterError} */
  fromJSON(fields: Readonly<Record<string, unknown>>, version: number): AnyDistribution;
  readonly prototype: AnyDistribution;
}

/**
 * The distributions of this package, for a codec that takes types.
 * @example
 * const codec = createCodec({ types: modelTypes });
 */
// A plain list: a bundler leaves it out of a page that does not use it, and with it all families that the page does not name.
export const modelTypes: readonly ModelType[] = [
  BernoulliDistribution,
  BernoulliSetDistribution,
  BetaDistribution,
  BinomialDistribution,
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  DiagonalGaussianDistribution,
  DirichletDistribution,
  ExponentialDistribution,
  GammaDistribution,
  GaussianDistribution,
  GeometricDistribution,
  HiddenMarkovDistribution,
  HierarchicalMixtureDistribution,
  IgnoredDistribution as ModelType, // of any child: the compiler does not see that its columns are columns
  IntegerBernoulliSetDistribution,
  IntegerCategoricalDistribution,
  IntegerMarkovChainDistribution,
  LogGaussianDistribution,
  MarkovChainDistribution,
  MixtureDistribution,
  MultinomialDistribution,
  MultivariateGaussianDistribution,
  NegativeBinomialDistribution,
  NullDistribution,
  OptionalDistribution,
  PoissonDistribution,
  RecordDistribution,
  SelectDistribution,
  SequenceDistribution,
  StudentTDistribution,
  UniformDistribution,
  WeibullDistribution,
  WeightedDistribution,
];

/**
 * Builds a model from plain data such as `JSON.parse(JSON.stringify(model))`: objects with a known `type` become
 * distributions, from the inside out.
 * @param types  defaults to {@link modelTypes}
 * @throws {ParameterError} for an unknown type or a parameter out of range
 * @example
 * modelFromJSON({ type: 'Gaussian', mu: 0, sigma2: 1 }); // GaussianDistribution
 */
export function modelFromJSON(json: unknown, types: readonly ModelType[] = modelTypes): AnyDistribution {
  const namesOf = ({ formerNames = [], typeName }: ModelType) => [...formerNames, typeName];
  const byName = new Map(types.flatMap((type) => namesOf(type).map((name) => [name, type] as const)));
  const model = build(json, byName);
  if (typeof json === 'object' && json !== null && 'type' in json) return model as AnyDistribution;
  throw new ParameterError('modelFromJSON', 'json', 'an object with a type', json);
}

function build(json: unknown, types: ReadonlyMap<string, ModelType>): unknown {
  if (Array.isArray(json)) return json.map((entry) => build(entry, types));
  if (typeof json !== 'object' || json === null || Object.getPrototypeOf(json) !== Object.prototype) return json;
  const fields = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, build(value, types)]));
  if (typeof fields.type !== 'string') return fields;
  const type = types.get(fields.type);
  if (type === undefined) {
    throw new ParameterError('modelFromJSON', 'type', `one of ${[...types.keys()].join(', ')}`, fields.type);
  }
  return type.fromJSON(fields, type.typeVersion);
}
