import { IgnoredDistribution, IgnoredEstimator } from '../../../src/combinators/ignored.js';
import { NullDistribution, NullEstimator } from '../../../src/combinators/null.js';
import { SequenceDistribution, SequenceEstimator } from '../../../src/combinators/sequence.js';
import { WeightedDistribution, WeightedEstimator } from '../../../src/combinators/weighted.js';
import type { AnyDistribution } from '../../../src/contract.js';
import { type Adapter, defined, type Json } from '../adapter.js';

const key = (json: Json) => (json.keys ?? undefined) as string | undefined;

const nothing: Adapter = {
  type: 'Null',
  distribution: () => new NullDistribution(),
  estimator: () => new NullEstimator(),
  is: (model) => model instanceof NullDistribution,
  describe: () => ({ type: 'Null' }),
};

const ignored: Adapter = {
  type: 'Ignored',
  distribution: (json, build) => new IgnoredDistribution(build.distribution(json.dist as Json)),
  estimator: (json, build) => new IgnoredEstimator(build.distribution(json.dist as Json)),
  is: (model) => model instanceof IgnoredDistribution,
  describe: (model, build) => ({
    type: 'Ignored',
    dist: build.describe((model as IgnoredDistribution<AnyDistribution>).dist),
  }),
  row: (x, json, build) => build.row(x, json.dist as Json),
};

const weighted: Adapter = {
  type: 'Weighted',
  distribution: (json, build) => new WeightedDistribution(build.distribution(json.dist as Json)),
  estimator: (json, build) =>
    new WeightedEstimator(build.estimator((json.estimator ?? json.dist) as Json), defined({ key: key(json) })),
  is: (model) => model instanceof WeightedDistribution,
  describe: (model, build) => ({
    type: 'Weighted',
    dist: build.describe((model as WeightedDistribution<AnyDistribution>).dist),
  }),
  row: (x, json, build) => {
    const [value, weight] = x as [unknown, number];
    return [build.row(value, json.dist as Json), weight];
  },
};

const sequence: Adapter = {
  type: 'Sequence',
  distribution: ({ dist, lenDist, lenNormalized }, build) =>
    new SequenceDistribution(build.distribution(dist as Json), {
      length: build.distribution(lenDist as Json),
      lengthNormalized: lenNormalized as boolean,
    }),
  // A length that is given and not estimated is, in our terms, an ignored distribution.
  estimator: (json, build) =>
    new SequenceEstimator(
      build.estimator(json.dist as Json),
      defined({
        length:
          json.fixedLenDist === undefined
            ? build.estimator(json.lenDist as Json)
            : new IgnoredEstimator(build.distribution(json.fixedLenDist as Json)),
        lengthNormalized: json.lenNormalized as boolean,
        key: key(json),
      }),
    ),
  is: (model) => model instanceof SequenceDistribution,
  describe(model, build) {
    const { dist, length, lengthNormalized } = model as SequenceDistribution<AnyDistribution, AnyDistribution>;
    const lenDist = length instanceof IgnoredDistribution ? length.dist : length;
    return {
      type: 'Sequence',
      dist: build.describe(dist),
      lenDist: build.describe(lenDist),
      lenNormalized: lengthNormalized,
    };
  },
  row: (x, json, build) => (x as unknown[]).map((item) => build.row(item, json.dist as Json)),
};

export const adapters: readonly Adapter[] = [nothing, ignored, weighted, sequence];
