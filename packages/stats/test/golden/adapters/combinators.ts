import { ConditionalDistribution, ConditionalEstimator } from '../../../src/combinators/conditional.js';
import { IgnoredDistribution, IgnoredEstimator } from '../../../src/combinators/ignored.js';
import { NullDistribution, NullEstimator } from '../../../src/combinators/null.js';
import { SelectDistribution, SelectEstimator } from '../../../src/combinators/select.js';
import { SequenceDistribution, SequenceEstimator } from '../../../src/combinators/sequence.js';
import { WeightedDistribution, WeightedEstimator } from '../../../src/combinators/weighted.js';
import type { AnyDistribution, AnyEstimator } from '../../../src/contract.js';
import type { Level } from '../../../src/families/categorical.js';
import { type Adapter, defined, type Json } from '../adapter.js';

/** No family, where the golden files leave one out. */
const NOTHING: Json = { type: 'Null' };

const key = (json: Json) => (json.keys ?? undefined) as string | undefined;

const nothing: Adapter = {
  type: 'Null',
  parameters: [],
  options: [],
  distribution: () => new NullDistribution(),
  estimator: () => new NullEstimator(),
  is: (model) => model instanceof NullDistribution,
  describe: () => ({ type: 'Null' }),
};

const ignored: Adapter = {
  type: 'Ignored',
  parameters: ['dist'],
  options: ['dist'],
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
  parameters: ['dist'],
  options: ['dist', 'estimator'],
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
  parameters: ['dist', 'lenDist', 'lenNormalized'],
  options: ['dist', 'lenDist', 'fixedLenDist', 'lenNormalized'],
  distribution: ({ dist, lenDist, lenNormalized }, build) =>
    new SequenceDistribution(build.distribution(dist as Json), {
      length: build.distribution((lenDist ?? NOTHING) as Json),
      lengthNormalized: lenNormalized === true,
    }),
  // A length that is given and not estimated is, in our terms, an ignored distribution.
  estimator: (json, build) =>
    new SequenceEstimator(
      build.estimator(json.dist as Json),
      defined({
        length:
          json.fixedLenDist === undefined || json.fixedLenDist === null
            ? build.estimator((json.lenDist ?? NOTHING) as Json)
            : new IgnoredEstimator(build.distribution(json.fixedLenDist as Json)),
        lengthNormalized: json.lenNormalized === true,
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

type AnyConditional = ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>;

const isNothing = (json: unknown) => ((json ?? NOTHING) as Json).type === 'Null';

/** A list stands for a map from 0, 1, 2, … */
function entriesOf(dmap: unknown): readonly (readonly [Level, Json])[] {
  return (dmap as readonly unknown[]).map((entry, k) =>
    Array.isArray(entry) ? (entry as unknown as readonly [Level, Json]) : [k, entry as Json],
  );
}

const conditional: Adapter = {
  type: 'Conditional',
  parameters: ['dmap', 'defaultDist', 'givenDist'],
  options: ['dmap', 'defaultDist', 'givenDist'],
  distribution: ({ dmap, defaultDist, givenDist }, build) =>
    new ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>(
      entriesOf(dmap).map(([level, dist]) => [level, build.distribution(dist)]),
      {
        otherwise: isNothing(defaultDist) ? null : build.distribution(defaultDist as Json),
        given: build.distribution((givenDist ?? NOTHING) as Json),
      },
    ),
  estimator: (json, build) =>
    new ConditionalEstimator<AnyEstimator, AnyEstimator, AnyEstimator, Level>(
      entriesOf(json.dmap).map(([level, estimator]) => [level, build.estimator(estimator)] as const),
      defined({
        otherwise: isNothing(json.defaultDist) ? null : build.estimator(json.defaultDist as Json),
        given: build.estimator((json.givenDist ?? NOTHING) as Json),
        key: key(json),
      }),
    ),
  is: (model) => model instanceof ConditionalDistribution,
  describe(model, build) {
    const { dists, otherwise, given } = model as AnyConditional;
    return {
      type: 'Conditional',
      dmap: [...dists].map(([level, dist]) => [level, build.describe(dist)]),
      defaultDist: otherwise === null ? { type: 'Null' } : build.describe(otherwise),
      givenDist: build.describe(given),
    };
  },
  row: (x, json, build) => {
    const [given, value] = x as [Level, unknown];
    const own = entriesOf(json.dmap).find(([level]) => level === given)?.[1] ?? ((json.defaultDist ?? NOTHING) as Json);
    return [given, build.row(value, own)];
  },
};

/** The golden files name their functions in words. */
const choices: Readonly<Record<string, (x: unknown) => number>> = {
  negative: (x) => ((x as number) < 0 ? 0 : 1),
  isString: (x) => (typeof x === 'string' ? 0 : 1),
  mod3: (x) => (x as number) % 3,
};

const select: Adapter = {
  type: 'Select',
  parameters: ['dists', 'choice'],
  options: ['dists', 'choice'],
  distribution: (json, build) =>
    new SelectDistribution((json.dists as Json[]).map(build.distribution), { choose: choices[json.choice as string]! }),
  estimator: (json, build) =>
    new SelectEstimator(
      (json.dists as Json[]).map(build.estimator),
      defined({ choose: choices[json.choice as string]!, key: key(json) }),
    ),
  is: (model) => model instanceof SelectDistribution,
  describe(model, build) {
    const { dists, choose } = model as SelectDistribution<readonly AnyDistribution[]>;
    const choice = Object.keys(choices).find((name) => choices[name] === choose);
    return { type: 'Select', dists: dists.map((part) => build.describe(part)), choice };
  },
  row: (x) => x,
};

export const adapters: readonly Adapter[] = [nothing, ignored, weighted, sequence, conditional, select];
