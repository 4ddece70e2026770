import { IgnoredDistribution, IgnoredEstimator } from '../../../src/combinators/ignored.js';
import type { AnyDistribution, AnyEstimator } from '../../../src/contract.js';
import type { Level } from '../../../src/families/categorical.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../../src/latent/hiddenMarkov/model.js';
import {
  HierarchicalMixtureDistribution,
  HierarchicalMixtureEstimator,
} from '../../../src/latent/hierarchicalMixture/hierarchicalMixture.js';
import { JointMixtureDistribution, JointMixtureEstimator } from '../../../src/latent/jointMixture/jointMixture.js';
import {
  LookbackHiddenMarkovDistribution,
  LookbackHiddenMarkovEstimator,
} from '../../../src/latent/lookbackHiddenMarkov/model.js';
import {
  IntegerMarkovChainDistribution,
  IntegerMarkovChainEstimator,
} from '../../../src/latent/markovChain/integerMarkovChain.js';
import { MarkovChainDistribution, MarkovChainEstimator } from '../../../src/latent/markovChain/markovChain.js';
import { MixtureDistribution, MixtureEstimator } from '../../../src/latent/mixtures/mixture.js';
import {
  SemiSupervisedMixtureDistribution,
  SemiSupervisedMixtureEstimator,
} from '../../../src/latent/semiSupervisedMixture/semiSupervisedMixture.js';
import { IntegerPlsiDistribution, IntegerPlsiEstimator } from '../../../src/latent/topics/integerPlsi.js';
import {
  LatentDirichletAllocationDistribution,
  LatentDirichletAllocationEstimator,
} from '../../../src/latent/topics/latentDirichletAllocation.js';
import { TreeHiddenMarkovDistribution, TreeHiddenMarkovEstimator } from '../../../src/latent/treeHiddenMarkov/model.js';
import { type Adapter, type Builder, defined, type Json, optionalNumber, weightPrior } from '../adapter.js';

type Pair = [Level, number];

const lengthOf = (json: Json, build: Builder) => build.distribution((json.lenDist ?? { type: 'Null' }) as Json);
/** A length that is given and not estimated is, in our terms, an ignored distribution. */
const lengthEstimatorOf = (json: Json, build: Builder): AnyEstimator =>
  json.fixedLenDist === undefined || json.fixedLenDist === null
    ? build.estimator((json.lenDist ?? { type: 'Null' }) as Json)
    : new IgnoredEstimator(build.distribution(json.fixedLenDist as Json));

/** A mixture like any other. */
const heterogeneousMixture: Adapter = {
  type: 'HeterogeneousMixture',
  isName: true,
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
  is: () => false,
  describe(model, build) {
    const { components, w } = model as MixtureDistribution<readonly AnyDistribution[]>;
    return { type: 'HeterogeneousMixture', components: components.map((part) => build.describe(part)), w };
  },
  row: (x, json, build) => build.row(x, (json.components as Json[])[0]!),
};

/** With `taus` each state emits a mixture of the topics, which all states share. */
function emissionsOf(topics: readonly Json[], taus: unknown, build: Builder) {
  const built = topics.map((topic) => build.distribution(topic));
  if (taus === undefined || taus === null) return built;
  return (taus as readonly number[][]).map((w) => new MixtureDistribution(built, { w }));
}

const hiddenMarkov: Adapter = {
  type: 'HiddenMarkovModel',
  parameters: ['topics', 'w', 'transitions', 'lenDist', 'taus', 'terminalValues'],
  options: ['topics', 'lenDist', 'pseudoCount', 'terminalValues'],
  distribution: (json, build) =>
    new HiddenMarkovDistribution(emissionsOf(json.topics as Json[], json.taus, build), {
      w: json.w as number[],
      transitions: json.transitions as number[][],
      length: lengthOf(json, build),
      terminalValues: (json.terminalValues ?? []) as unknown[],
    }),
  estimator(json, build) {
    const [initial, transitions, emissions] = (json.keys as (string | null)[] | undefined) ?? [];
    const [initialCount, transitionCount] = (json.pseudoCount as (number | null)[] | null | undefined) ?? [];
    return new HiddenMarkovEstimator((json.topics as Json[]).map(build.estimator), {
      length: lengthEstimatorOf(json, build),
      terminalValues: (json.terminalValues ?? []) as unknown[],
      pseudoCount: defined({
        initial: optionalNumber(initialCount),
        transitions: optionalNumber(transitionCount),
      }),
      keys: {
        initial: initial ?? undefined,
        transitions: transitions ?? undefined,
        emissions: emissions ?? undefined,
      },
    });
  },
  is: (model) => model instanceof HiddenMarkovDistribution,
  describe(model, build) {
    const { emissions, w, transitions, length } = model as HiddenMarkovDistribution<[]>;
    const topics = emissions.map((part) => build.describe(part));
    return { type: 'HiddenMarkovModel', topics, w, transitions, lenDist: build.describe(length) };
  },
  row: (x, json, build) => (x as unknown[]).map((item) => build.row(item, (json.topics as Json[])[0]!)),
};

/** The reference makes one initial family per item looked back to when none are given; ours are one per state, of nothing. */
const lookbackHiddenMarkov: Adapter = {
  type: 'LookbackHiddenMarkov',
  parameters: ['topics', 'w', 'transitions', 'lag', 'initDist', 'lenDist'],
  options: ['topics', 'lag', 'initDist', 'lenDist', 'pseudoCount'],
  distribution: (json, build) =>
    new LookbackHiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution, AnyDistribution>(
      (json.topics as Json[]).map(build.distribution),
      defined({
        lag: json.lag as number,
        w: json.w as number[],
        transitions: json.transitions as number[][],
        initialEmissions: (json.initDist as Json[] | null | undefined)?.map(build.distribution),
        length: lengthOf(json, build),
      }),
    ),
  estimator(json, build) {
    const [initial, transitions, emissions] = (json.keys as (string | null)[] | undefined) ?? [];
    const [initialCount, transitionCount] = (json.pseudoCount as (number | null)[] | null | undefined) ?? [];
    return new LookbackHiddenMarkovEstimator<readonly AnyEstimator[], AnyEstimator, AnyEstimator>(
      (json.topics as Json[]).map(build.estimator),
      defined({
        lag: json.lag as number,
        initialEmissions: (json.initDist as Json[] | null | undefined)?.map(build.estimator),
        length: lengthEstimatorOf(json, build),
        pseudoCount: defined({
          initial: optionalNumber(initialCount),
          transitions: optionalNumber(transitionCount),
        }),
        keys: {
          initial: initial ?? undefined,
          transitions: transitions ?? undefined,
          emissions: emissions ?? undefined,
        },
      }),
    );
  },
  is: (model) => model instanceof LookbackHiddenMarkovDistribution,
  describe(model, build) {
    const { emissions, w, transitions, lag, initialEmissions, length } = model as LookbackHiddenMarkovDistribution<
      readonly AnyDistribution[],
      AnyDistribution,
      AnyDistribution
    >;
    return {
      type: 'LookbackHiddenMarkov',
      topics: emissions.map((part) => build.describe(part)),
      w,
      transitions,
      lag,
      initDist: initialEmissions.map((part) => build.describe(part)),
      lenDist: build.describe(length),
    };
  },
};

const treeHiddenMarkov: Adapter = {
  type: 'TreeHiddenMarkovModel',
  parameters: ['topics', 'w', 'transitions', 'lenDist', 'terminalLevel'],
  options: ['topics', 'lenDist', 'pseudoCount'],
  distribution: (json, build) =>
    new TreeHiddenMarkovDistribution((json.topics as Json[]).map(build.distribution), {
      w: json.w as number[],
      transitions: json.transitions as number[][],
      childCount: lengthOf(json, build),
    }),
  estimator(json, build) {
    const [initial, transitions, emissions] = (json.keys as (string | null)[] | undefined) ?? [];
    const [initialCount, transitionCount] = (json.pseudoCount as (number | null)[] | null | undefined) ?? [];
    return new TreeHiddenMarkovEstimator((json.topics as Json[]).map(build.estimator), {
      childCount: lengthEstimatorOf(json, build),
      pseudoCount: defined({
        initial: optionalNumber(initialCount),
        transitions: optionalNumber(transitionCount),
      }),
      keys: {
        initial: initial ?? undefined,
        transitions: transitions ?? undefined,
        emissions: emissions ?? undefined,
      },
    });
  },
  is: (model) => model instanceof TreeHiddenMarkovDistribution,
  describe(model, build) {
    const { emissions, w, transitions, childCount } = model as TreeHiddenMarkovDistribution<[]>;
    const topics = emissions.map((part) => build.describe(part));
    return { type: 'TreeHiddenMarkovModel', topics, w, transitions, lenDist: build.describe(childCount) };
  },
  row: (x, json, build) =>
    (x as [unknown, unknown][]).map(([link, value]) => [link, build.row(value, (json.topics as Json[])[0]!)]),
};

const markovChain: Adapter = {
  type: 'MarkovChain',
  parameters: ['initProbs', 'transitions', 'lenDist', 'defaultValue'],
  options: ['lenDist', 'pseudoCount', 'levels'],
  distribution: (json, build) =>
    new MarkovChainDistribution<Level>({
      initial: json.initProbs as Pair[],
      transitions: json.transitions as [Level, Pair[]][],
      length: lengthOf(json, build),
      unseen: (json.defaultValue as number | undefined) ?? 0,
    }),
  estimator: (json, build) =>
    new MarkovChainEstimator<Level>(
      defined({
        length: lengthEstimatorOf(json, build),
        pseudoCount: optionalNumber(json.pseudoCount),
        levels: (json.levels ?? undefined) as Level[] | undefined,
        key: (json.keys ?? undefined) as string | undefined,
      }),
    ),
  is: (model) => model instanceof MarkovChainDistribution,
  describe(model, build) {
    const { initial, transitions, length, unseen } = model as MarkovChainDistribution<Level>;
    return {
      type: 'MarkovChain',
      initProbs: [...initial],
      transitions: [...transitions].map(([state, row]) => [state, [...row]]),
      lenDist: build.describe(length),
      defaultValue: unseen,
    };
  },
  row: (x) => x,
};

const integerMarkovChain: Adapter = {
  type: 'IntegerMarkovChain',
  parameters: ['numValues', 'condDist', 'lag', 'initDist', 'lenDist'],
  options: ['numValues', 'lag', 'initDist', 'lenDist', 'pseudoCount'],
  distribution: (json, build) =>
    new IntegerMarkovChainDistribution({
      conditional: json.condDist as number[][],
      lag: json.lag as number,
      initial: build.distribution(json.initDist as Json),
      length: lengthOf(json, build),
    }),
  estimator: (json, build) =>
    new IntegerMarkovChainEstimator(
      defined({
        valueCount: json.numValues as number,
        lag: json.lag as number,
        initial: build.estimator((json.initDist ?? { type: 'Null' }) as Json),
        length: lengthEstimatorOf(json, build),
        pseudoCount: optionalNumber(json.pseudoCount),
        key: (json.keys ?? undefined) as string | undefined,
      }),
    ),
  is: (model) => model instanceof IntegerMarkovChainDistribution,
  describe(model, build) {
    const { valueCount, conditional, lag, initial, length } = model as IntegerMarkovChainDistribution;
    return {
      type: 'IntegerMarkovChain',
      numValues: valueCount,
      condDist: conditional,
      lag,
      initDist: build.describe(initial),
      lenDist: build.describe(length),
    };
  },
};

const hierarchicalMixture: Adapter = {
  type: 'HierarchicalMixture',
  parameters: ['topics', 'w', 'taus', 'lenDist'],
  options: ['topics', 'numMixtures', 'lenDist', 'fixedLenDist', 'pseudoCount'],
  distribution: (json, build) =>
    new HierarchicalMixtureDistribution((json.topics as Json[]).map(build.distribution), {
      w: json.w as number[],
      tau: json.taus as number[][],
      length: lengthOf(json, build),
    }),
  estimator(json, build) {
    const [weights, topics] = (json.keys as (string | null)[] | undefined) ?? [];
    return new HierarchicalMixtureEstimator(
      (json.topics as Json[]).map(build.estimator),
      defined({
        mixtureCount: json.numMixtures as number,
        length: lengthEstimatorOf(json, build),
        pseudoCount: optionalNumber(json.pseudoCount),
        keys: { weights: weights ?? undefined, topics: topics ?? undefined },
      }),
    );
  },
  is: (model) => model instanceof HierarchicalMixtureDistribution,
  describe(model, build) {
    const { topics, w, tau, length } = model as HierarchicalMixtureDistribution<[]>;
    const described = topics.map((part) => build.describe(part));
    const lenDist = build.describe(length instanceof IgnoredDistribution ? length.dist : length);
    return { type: 'HierarchicalMixture', topics: described, w, taus: tau, lenDist };
  },
  row: (x, json, build) => (x as unknown[]).map((item) => build.row(item, (json.topics as Json[])[0]!)),
};

/** The rows of the golden files are ours: a value and null, or a list of pairs of a component and its value. */
const semiSupervisedMixture: Adapter = {
  type: 'SemiSupervisedMixture',
  parameters: ['components', 'w'],
  options: ['components', 'pseudoCount', 'suffStat', 'fixedWeights'],
  distribution: (json, build) =>
    new SemiSupervisedMixtureDistribution((json.components as Json[]).map(build.distribution), {
      w: json.w as number[],
    }),
  estimator(json, build) {
    const [weights, components] = (json.keys as (string | null)[] | undefined) ?? [];
    return new SemiSupervisedMixtureEstimator(
      (json.components as Json[]).map(build.estimator),
      defined({
        ...weightPrior(json.pseudoCount, json.suffStat),
        fixedWeights: (json.fixedWeights ?? undefined) as number[] | undefined,
        keys: { weights: weights ?? undefined, components: components ?? undefined },
      }),
    );
  },
  is: (model) => model instanceof SemiSupervisedMixtureDistribution,
  describe(model, build) {
    const { components, w } = model as SemiSupervisedMixtureDistribution<readonly AnyDistribution[]>;
    return { type: 'SemiSupervisedMixture', components: components.map((part) => build.describe(part)), w };
  },
  row(x, json, build) {
    const [value, label] = x as [unknown, unknown];
    return [build.row(value, (json.components as Json[])[0]!), label];
  },
};

const jointMixture: Adapter = {
  type: 'JointMixture',
  parameters: ['components1', 'components2', 'w1', 'w2', 'taus12', 'taus21'],
  options: ['components1', 'components2', 'pseudoCount'],
  distribution: (json, build) =>
    new JointMixtureDistribution(
      (json.components1 as Json[]).map(build.distribution),
      (json.components2 as Json[]).map(build.distribution),
      {
        w1: json.w1 as number[],
        w2: json.w2 as number[],
        tau12: json.taus12 as number[][],
        tau21: json.taus21 as number[][],
      },
    ),
  estimator(json, build) {
    const [cells, components1, components2] = (json.keys as (string | null)[] | undefined) ?? [];
    const [w1, w2, tau] = (json.pseudoCount as (number | null)[] | null | undefined) ?? [];
    return new JointMixtureEstimator(
      (json.components1 as Json[]).map(build.estimator),
      (json.components2 as Json[]).map(build.estimator),
      {
        pseudoCount: defined({ w1: optionalNumber(w1), w2: optionalNumber(w2), tau: optionalNumber(tau) }),
        keys: {
          cells: cells ?? undefined,
          components1: components1 ?? undefined,
          components2: components2 ?? undefined,
        },
      },
    );
  },
  is: (model) => model instanceof JointMixtureDistribution,
  describe(model, build) {
    const joint = model as JointMixtureDistribution<readonly AnyDistribution[], readonly AnyDistribution[]>;
    return {
      type: 'JointMixture',
      components1: joint.components1.map((part) => build.describe(part)),
      components2: joint.components2.map((part) => build.describe(part)),
      w1: joint.w1,
      w2: joint.w2,
      taus12: joint.tau12,
      taus21: joint.tau21,
    };
  },
  row(x, json, build) {
    const [x1, x2] = x as [unknown, unknown];
    return [build.row(x1, (json.components1 as Json[])[0]!), build.row(x2, (json.components2 as Json[])[0]!)];
  },
};

const latentDirichletAllocation: Adapter = {
  type: 'LDA',
  parameters: ['topics', 'alpha', 'lenDist', 'gammaThreshold'],
  options: ['topics', 'lenDist', 'fixedAlpha', 'gammaThreshold', 'alphaThreshold'],
  distribution: (json, build) =>
    new LatentDirichletAllocationDistribution((json.topics as Json[]).map(build.distribution), {
      alpha: json.alpha as number[],
      length: lengthOf(json, build),
      gammaThreshold: json.gammaThreshold as number,
    }),
  estimator(json, build) {
    const [alpha, topics] = (json.keys as (string | null)[] | undefined) ?? [];
    return new LatentDirichletAllocationEstimator(
      (json.topics as Json[]).map(build.estimator),
      defined({
        length: lengthEstimatorOf(json, build),
        fixedAlpha: (json.fixedAlpha ?? undefined) as number[] | undefined,
        gammaThreshold: json.gammaThreshold as number | undefined,
        keys: { alpha: alpha ?? undefined, topics: topics ?? undefined },
      }),
    );
  },
  is: (model) => model instanceof LatentDirichletAllocationDistribution,
  describe(model, build) {
    const { topics, alpha, length, gammaThreshold } = model as LatentDirichletAllocationDistribution<[]>;
    const described = topics.map((part) => build.describe(part));
    return { type: 'LDA', topics: described, alpha, lenDist: build.describe(length), gammaThreshold };
  },
  row: (x, json, build) =>
    (x as [unknown, number][]).map(([value, count]) => [build.row(value, (json.topics as Json[])[0]!), count]),
};

/** The reference multiplies a / (K V) and b / K and c / D by the entries of its prior; ours counts whole imaginary words. */
const integerPlsi: Adapter = {
  type: 'IntegerPLSI',
  parameters: ['stateWordMat', 'docStateMat', 'docVec', 'lenDist'],
  options: ['numVals', 'numStates', 'numDocs', 'lenEstimator', 'pseudoCount', 'suffStat'],
  distribution: (json, build) =>
    new IntegerPlsiDistribution({
      words: transposed(json.stateWordMat as number[][]),
      states: json.docStateMat as number[][],
      documents: json.docVec as number[],
      length: lengthOf(json, build),
    }),
  estimator(json, build) {
    const [stateCount, valueCount, documentCount] = [json.numStates, json.numVals, json.numDocs] as number[];
    const ofModel = ((json.params as Json | undefined)?.lenDist as Json | undefined)?.type ?? 'Null';
    const [a, b, c] = ((json.pseudoCount as (number | null)[] | null | undefined) ?? []).map((n) => n ?? 0);
    const [words, states, documents] = (json.keys as (string | null)[] | undefined) ?? [];
    const prior = (json.suffStat ?? undefined) as [number[][], number[][], number[]] | undefined;
    const [w, s, d] = prior ?? [[[1]], [[1]], [1]];
    return new IntegerPlsiEstimator(
      defined({
        stateCount: stateCount!,
        valueCount: valueCount!,
        documentCount: documentCount!,
        length: build.estimator((json.lenEstimator ?? { type: ofModel }) as Json),
        pseudoCount: defined(
          prior === undefined
            ? { words: a, states: b, documents: c }
            : {
                words: ((a ?? 0) * total(w[0]!)) / valueCount!,
                states: ((b ?? 0) * total(s[0]!)) / stateCount!,
                documents: ((c ?? 0) * total(d)) / documentCount!,
              },
        ),
        prior: prior === undefined ? undefined : { words: w.map(shares), states: s.map(shares), documents: shares(d) },
        keys: { words: words ?? undefined, states: states ?? undefined, documents: documents ?? undefined },
      }),
    );
  },
  is: (model) => model instanceof IntegerPlsiDistribution,
  describe(model, build) {
    const { words, states, documents, length } = model as IntegerPlsiDistribution<AnyDistribution>;
    return {
      type: 'IntegerPLSI',
      stateWordMat: transposed(words),
      docStateMat: states,
      docVec: documents,
      lenDist: build.describe(length),
    };
  },
};

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const shares = (values: readonly number[]) => values.map((value) => value / total(values));
const transposed = (rows: readonly (readonly number[])[]) => rows[0]!.map((_, j) => rows.map((row) => row[j]!));

export const adapters: readonly Adapter[] = [
  heterogeneousMixture,
  hiddenMarkov,
  hierarchicalMixture,
  integerMarkovChain,
  integerPlsi,
  jointMixture,
  latentDirichletAllocation,
  lookbackHiddenMarkov,
  markovChain,
  semiSupervisedMixture,
  treeHiddenMarkov,
];
