import { CompositeDistribution, CompositeEstimator } from '../../../src/combinators/composite.js';
import { OptionalDistribution, OptionalEstimator } from '../../../src/combinators/optional.js';
import type { Level } from '../../../src/families/categorical.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../../src/families/gaussian.js';
import { MixtureDistribution, MixtureEstimator } from '../../../src/latent/mixtures/mixture.js';
import {
  type Adapter,
  defined,
  type Json,
  optionalNumber,
  partOf,
  revive,
  varianceOf,
  weightPrior,
} from '../adapter.js';

type Pair = [Level, number];

const key = (json: Json) => (json.keys ?? undefined) as string | undefined;

const gaussian: Adapter = {
  type: 'Gaussian',
  parameters: ['mu', 'sigma2'],
  options: ['pseudoCount', 'suffStat'],
  distribution: ({ mu, sigma2 }) => new GaussianDistribution({ mu: mu as number, sigma2: varianceOf(sigma2) }),
  estimator(json) {
    const [muCount, sigma2Count] = (json.pseudoCount as (number | null)[] | undefined) ?? [];
    const [mu, sigma2] = (json.suffStat as (number | null)[] | undefined) ?? [];
    const prior = defined({ ...partOf('mu', mu, muCount), ...partOf('sigma2', sigma2, sigma2Count) });
    return new GaussianEstimator(defined({ prior, key: key(json) }));
  },
  is: (model) => model instanceof GaussianDistribution,
  describe: (model) => ({ ...(model as GaussianDistribution).toJSON() }),
};

const categorical: Adapter = {
  type: 'Categorical',
  parameters: ['pmap', 'defaultValue'],
  options: ['pseudoCount', 'suffStat', 'defaultValue'],
  distribution: ({ pmap, defaultValue }) =>
    new CategoricalDistribution<Level>(pmap as Pair[], { unseen: (defaultValue as number | undefined) ?? 0 }),
  estimator: (json) =>
    new CategoricalEstimator<Level>(
      defined({
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: json.suffStat === undefined || json.suffStat === null ? undefined : (json.suffStat as Pair[]),
        allowUnseen: json.defaultValue === true,
        key: key(json),
      }),
    ),
  is: (model) => model instanceof CategoricalDistribution,
  describe(model) {
    const { p, unseen } = model as CategoricalDistribution<Level>;
    return { type: 'Categorical', pmap: [...p], defaultValue: unseen };
  },
  row: (x) => x,
};

const composite: Adapter = {
  type: 'Composite',
  parameters: ['dists'],
  options: ['dists'],
  distribution: (json, build) => new CompositeDistribution((json.dists as Json[]).map(build.distribution)),
  estimator: (json, build) =>
    new CompositeEstimator((json.dists as Json[]).map(build.estimator), defined({ key: key(json) })),
  is: (model) => model instanceof CompositeDistribution,
  describe: (model, build) => ({
    type: 'Composite',
    dists: (model as CompositeDistribution<[]>).dists.map((part) => build.describe(part)),
  }),
  row: (x, json, build) => (x as unknown[]).map((value, j) => build.row(value, (json.dists as Json[])[j]!)),
};

const optional: Adapter = {
  type: 'Optional',
  parameters: ['dist', 'p', 'missingValue'],
  options: ['dist', 'estimator', 'missingValue', 'estProb', 'pseudoCount'],
  distribution: (json, build) =>
    new OptionalDistribution(build.distribution(json.dist as Json), {
      p: (json.p ?? null) as number | null,
      missing: revive(json.missingValue ?? null) as null,
    }),
  estimator: (json, build) =>
    new OptionalEstimator(
      build.estimator((json.estimator ?? json.dist) as Json),
      defined({
        missing: revive(json.missingValue ?? null) as null,
        ignoreMissing: json.estProb !== true,
        pseudoCount: optionalNumber(json.pseudoCount),
        key: key(json),
      }),
    ),
  is: (model) => model instanceof OptionalDistribution,
  describe(model, build) {
    const { dist, p, missing } = model as OptionalDistribution<never>;
    return { type: 'Optional', dist: build.describe(dist), p, missingValue: missing };
  },
  row(x, json, build) {
    const missing = json.missingValue ?? null;
    return x === missing ? revive(x) : build.row(x, json.dist as Json);
  },
};

const mixture: Adapter = {
  type: 'Mixture',
  parameters: ['components', 'w'],
  options: ['components', 'pseudoCount', 'suffStat', 'fixedWeights'],
  distribution: (json, build) =>
    new MixtureDistribution((json.components as Json[]).map(build.distribution), { w: json.w as number[] }),
  estimator(json, build) {
    const [weights, components] = (json.keys as (string | null)[] | undefined) ?? [];
    return new MixtureEstimator(
      (json.components as Json[]).map(build.estimator),
      defined({
        ...weightPrior(json.pseudoCount, json.suffStat),
        fixedWeights: (json.fixedWeights ?? undefined) as number[] | undefined,
        keys: { weights: weights ?? undefined, components: components ?? undefined },
      }),
    );
  },
  is: (model) => model instanceof MixtureDistribution,
  describe(model, build) {
    const { components, w } = model as MixtureDistribution<[]>;
    return { type: 'Mixture', components: components.map((part) => build.describe(part)), w };
  },
  row: (x, json, build) => build.row(x, (json.components as Json[])[0]!),
};

export const adapters: readonly Adapter[] = [gaussian, categorical, composite, optional, mixture];
