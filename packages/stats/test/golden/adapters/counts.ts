import { IgnoredDistribution, IgnoredEstimator } from '../../../src/combinators/ignored.js';
import { integerMultinomial, integerMultinomialEstimator } from '../../../src/combinators/integerMultinomial.js';
import { MultinomialDistribution, MultinomialEstimator } from '../../../src/combinators/multinomial.js';
import type { AnyDistribution, AnyEstimator } from '../../../src/contract.js';
import type { IntegerCategoricalDistribution } from '../../../src/families/integerCategorical.js';
import { SpikeAndSlabDistribution, SpikeAndSlabEstimator } from '../../../src/families/spikeAndSlab.js';
import { type DiracMixture, diracMixture, diracMixtureEstimator } from '../../../src/latent/mixtures/diracMixture.js';
import { type Adapter, type Builder, defined, type Json, optionalNumber } from '../adapter.js';

const key = (json: Json) => (json.keys ?? undefined) as string | undefined;

const lengthOf = (json: Json, build: Builder) => build.distribution((json.lenDist ?? { type: 'Null' }) as Json);

/**
 * The estimator of the total. Cases of one M step, which hand the model's parameters on, give an estimator by a name of its own,
 * leave out one that is of the model's type, and may give a distribution that is not estimated.
 */
function lengthEstimatorOf(json: Json, build: Builder): AnyEstimator {
  const params = json.params as Json | undefined;
  const fixed = json.fixedLenDist ?? (params === undefined ? undefined : json.lenDist);
  if (fixed !== undefined && fixed !== null) return new IgnoredEstimator(build.distribution(fixed as Json));
  const ownType = (params?.lenDist as Json | undefined)?.type ?? 'Null';
  return build.estimator((json.lenEstimator ?? json.lenDist ?? { type: ownType }) as Json);
}

function described(length: AnyDistribution, build: Builder): Json {
  return build.describe(length instanceof IgnoredDistribution ? length.dist : length);
}

const multinomial: Adapter = {
  type: 'Multinomial',
  parameters: ['dist', 'lenDist', 'lenNormalized'],
  options: ['dist', 'estimator', 'lenDist', 'lenEstimator', 'fixedLenDist', 'lenNormalized', 'pseudoCount'], // the last unused
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

const spikeAndSlab: Adapter = {
  type: 'SpikeAndSlab',
  parameters: ['k', 'numVals', 'p', 'minVal'],
  options: ['minVal', 'maxVal', 'pseudoCount', 'suffStat'],
  distribution(json) {
    const min = (json.minVal ?? 0) as number;
    const max = min + (json.numVals as number) - 1;
    return new SpikeAndSlabDistribution({ min, max, spike: json.k as number, p: json.p as number });
  },
  estimator(json) {
    const [min, max] = [optionalNumber(json.minVal), optionalNumber(json.maxVal)];
    const [spike, p] = ((json.suffStat ?? []) as unknown[]).map(optionalNumber);
    const count = optionalNumber(json.pseudoCount);
    // There the pseudo count is that of each integer of the range; with a prior, of p times as many rows at its spike alone.
    const width = min === undefined ? ((json.params as Json | undefined)?.numVals as number) : max! - min + 1;
    const prior =
      spike === undefined
        ? { pseudoCount: count === undefined ? undefined : count * width }
        : { pseudoCount: (count ?? 0) * (p ?? 1), prior: { spike, p: 1 } };
    return new SpikeAndSlabEstimator(defined({ min, max, ...prior, key: key(json) }));
  },
  is: (model) => model instanceof SpikeAndSlabDistribution,
  describe(model) {
    const { min, max, spike, p } = model as SpikeAndSlabDistribution;
    return { type: 'SpikeAndSlab', k: spike, numVals: max - min + 1, p, minVal: min };
  },
};

/** A mixture with a single number. */
const ofDirac: Adapter = {
  type: 'DiracMixture',
  isName: true,
  parameters: ['dist', 'p', 'v'],
  options: ['dist', 'estimator', 'v', 'pseudoCount', 'suffStat', 'fixedP'],
  distribution: (json, build) =>
    diracMixture(build.distribution(json.dist as Json), { p: json.p as number, value: (json.v ?? 0) as number }),
  estimator(json, build) {
    const [weights, components] = (json.keys as (string | null)[] | undefined) ?? [];
    const shares = (p: unknown) => (p === undefined || p === null ? undefined : [p as number, 1 - (p as number)]);
    return diracMixtureEstimator(
      build.estimator((json.estimator ?? json.dist) as Json),
      defined({
        value: optionalNumber(json.v),
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: shares(json.suffStat),
        fixedWeights: shares(json.fixedP),
        keys: { weights: weights ?? undefined, components: components ?? undefined },
      }),
    );
  },
  is: () => false,
  describe(model, build) {
    const { components, w } = model as DiracMixture<AnyDistribution>;
    return { type: 'DiracMixture', dist: build.describe(components[0]), p: w[0], v: components[1].value };
  },
  row: (x, json, build) => build.row(x, json.dist as Json),
};

export const adapters: readonly Adapter[] = [multinomial, ofIntegers, spikeAndSlab, ofDirac];
