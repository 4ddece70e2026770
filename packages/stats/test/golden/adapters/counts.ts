import { IgnoredDistribution, IgnoredEstimator } from '../../../src/combinators/ignored.js';
import { integerMultinomial, integerMultinomialEstimator } from '../../../src/combinators/integerMultinomial.js';
import { MultinomialDistribution, MultinomialEstimator } from '../../../src/combinators/multinomial.js';
import type { AnyDistribution, AnyEstimator } from '../../../src/contract.js';
import type { IntegerCategoricalDistribution } from '../../../src/families/integerCategorical.js';
import { type Adapter, type Builder, defined, type Json, optionalNumber } from '../adapter.js';

const key = (json: Json) => (json.keys ?? undefined) as string | undefined;

const lengthOf = (json: Json, build: Builder) => build.distribution((json.lenDist ?? { type: 'Null' }) as Json);

/** The estimator of the total: given as such, or of the type that the case's own distribution has; or a given distribution. */
function lengthEstimatorOf(json: Json, build: Builder): AnyEstimator {
  const fixed = json.fixedLenDist as Json | null | undefined;
  if (fixed !== undefined && fixed !== null) return new IgnoredEstimator(build.distribution(fixed));
  const ownType = ((json.params as Json | undefined)?.lenDist as Json | undefined)?.type ?? 'Null';
  return build.estimator((json.lenEstimator ?? json.lenDist ?? { type: ownType }) as Json);
}

function described(length: AnyDistribution, build: Builder): Json {
  return build.describe(length instanceof IgnoredDistribution ? length.dist : length);
}

const multinomial: Adapter = {
  type: 'Multinomial',
  parameters: ['dist', 'lenDist', 'lenNormalized'],
  options: ['dist', 'estimator', 'lenDist', 'lenEstimator', 'fixedLenDist', 'lenNormalized'],
  distribution: (json, build) =>
    new MultinomialDistribution(build.distribution(json.dist as Json), {
      length: lengthOf(json, build),
      lengthNormalized: json.lenNormalized === true,
    }),
  estimator: (json, build) =>
    new MultinomialEstimator(
      build.estimator((json.estimator ?? json.dist) as Json),
      defined({
        length: lengthEstimatorOf(json, build),
        lengthNormalized: json.lenNormalized === true,
        key: key(json),
      }),
    ),
  is: (model) => model instanceof MultinomialDistribution,
  describe(model, build) {
    const { dist, length, lengthNormalized } = model as MultinomialDistribution<AnyDistribution, AnyDistribution>;
    const lenDist = described(length, build);
    return { type: 'Multinomial', dist: build.describe(dist), lenDist, lenNormalized: lengthNormalized };
  },
  row: (x, json, build) => (x as [unknown, number][]).map(([value, n]) => [build.row(value, json.dist as Json), n]),
};

const ofIntegers: Adapter = {
  type: 'IntegerMultinomial',
  isName: true,
  parameters: ['minVal', 'pVec', 'lenDist'],
  options: ['minVal', 'maxVal', 'pseudoCount', 'suffStat', 'lenDist', 'lenEstimator', 'fixedLenDist'],
  distribution: (json, build) =>
    integerMultinomial({ min: json.minVal as number, p: json.pVec as number[], length: lengthOf(json, build) }),
  estimator(json, build) {
    const suffStat = (json.suffStat ?? undefined) as readonly [number, number[]] | undefined;
    return integerMultinomialEstimator(
      defined({
        min: optionalNumber(json.minVal),
        max: optionalNumber(json.maxVal),
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: suffStat === undefined ? undefined : { min: suffStat[0], p: suffStat[1] },
        length: lengthEstimatorOf(json, build),
        key: key(json),
      }),
    );
  },
  is: () => false,
  describe(model, build) {
    const { dist, length } = model as MultinomialDistribution<IntegerCategoricalDistribution, AnyDistribution>;
    return { type: 'IntegerMultinomial', minVal: dist.min, pVec: dist.p, lenDist: described(length, build) };
  },
  row: (x) => x,
};

export const adapters: readonly Adapter[] = [multinomial, ofIntegers];
