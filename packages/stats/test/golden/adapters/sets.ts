import {
  IntegerBernoulliEditDistribution,
  IntegerBernoulliEditEstimator,
} from '../../../src/combinators/integerBernoulliEdit.js';
import { IntegerStepBernoulliEditEstimator } from '../../../src/combinators/integerStepBernoulliEdit.js';
import type { AnyDistribution } from '../../../src/contract.js';
import { BernoulliSetDistribution, BernoulliSetEstimator } from '../../../src/families/bernoulliSet.js';
import type { Level } from '../../../src/families/categorical.js';
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
} from '../../../src/families/integerBernoulliSet.js';
import {
  IntegerChowLiuTreeDistribution,
  IntegerChowLiuTreeEstimator,
} from '../../../src/families/integerChowLiuTree.js';
import { SpearmanRankingDistribution, SpearmanRankingEstimator } from '../../../src/families/spearmanRanking.js';
import { type Adapter, type Builder, defined, type Json, optionalNumber, revive } from '../adapter.js';

type Pair = [Level, number];

/** The reference keeps every probability above this by default. */
const LEAST = 1e-128;
const key = (json: Json) => (json.keys ?? undefined) as string | undefined;
const leastOf = (json: Json) => optionalNumber(json.minProb) ?? LEAST;

/** The reference stores logarithms of both probabilities, which it may have raised to a least one. */
function leastIn(p: readonly number[], q: readonly number[]): number {
  const least = Math.min(...p, ...q);
  return least < 2 ** -53 ? least : 0;
}

const bernoulliSet: Adapter = {
  type: 'BernoulliSet',
  parameters: ['pmap', 'minProb'],
  options: ['minProb', 'pseudoCount', 'suffStat'],
  distribution: (json) => new BernoulliSetDistribution<Level>(json.pmap as Pair[], { minP: leastOf(json) }),
  estimator: (json) =>
    new BernoulliSetEstimator<Level>(
      defined({
        minP: leastOf(json),
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: (json.suffStat ?? undefined) as Pair[] | undefined,
        key: key(json),
      }),
    ),
  is: (model) => model instanceof BernoulliSetDistribution,
  describe(model) {
    const { p, minP } = model as BernoulliSetDistribution<Level>;
    return { type: 'BernoulliSet', pmap: [...p], minProb: minP };
  },
  row: (x) => x,
};

const integerBernoulliSet: Adapter = {
  type: 'IntegerBernoulliSet',
  parameters: ['logPvec', 'logNvec'],
  options: ['minProb', 'pseudoCount', 'suffStat', 'numVals'],
  distribution(json) {
    const p = (revive(json.logPvec) as number[]).map(Math.exp);
    const absent = json.logNvec as unknown[] | null | undefined;
    const q = absent === null || absent === undefined ? [] : (revive(absent) as number[]).map(Math.exp);
    return new IntegerBernoulliSetDistribution({ p, minP: q.length > 0 ? leastIn(p, q) : 0 });
  },
  estimator(json) {
    const params = json.params as Json | undefined;
    return new IntegerBernoulliSetEstimator(
      defined({
        valueCount: optionalNumber(json.numVals) ?? (params?.logPvec as unknown[] | undefined)?.length,
        minP: leastOf(json),
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: (json.suffStat ?? undefined) as number[] | undefined,
        key: key(json),
      }),
    );
  },
  is: (model) => model instanceof IntegerBernoulliSetDistribution,
  describe(model) {
    const { p, minP } = model as IntegerBernoulliSetDistribution;
    return {
      type: 'IntegerBernoulliSet',
      logPvec: p.map((present) => Math.log(Math.max(present, minP))),
      logNvec: p.map((present) => Math.log(Math.max(1 - present, minP))),
    };
  },
};

type EditModel = IntegerBernoulliEditDistribution;

/** The reference's table has a row for each integer: probabilities of its four cases in logarithms, or of being in the set after. */
function tablesOf(json: Json): { readonly added: number[]; readonly kept: number[]; readonly minP: number } {
  const rows = (revive(json.logEditPmat) as number[][]).map((row) => row.map(Math.exp));
  const isShort = rows[0]!.length === 2;
  const added = rows.map((row) => row[isShort ? 0 : 2]!);
  const kept = rows.map((row) => row[isShort ? 1 : 3]!);
  const others = isShort ? [] : rows.flatMap((row) => [row[0]!, row[1]!]);
  return { added, kept, minP: isShort ? 0 : leastIn([...added, ...kept], others) };
}

/** The four cases: absent and then absent, present and absent, absent and present, present and present. */
function priorOf(suffStat: unknown) {
  if (suffStat === null || suffStat === undefined) return undefined;
  const cells = suffStat as number[][];
  return {
    before: cells.map((c) => c[1]! + c[3]!),
    added: cells.map((c) => c[2]! / (c[0]! + c[2]!)),
    kept: cells.map((c) => c[3]! / (c[1]! + c[3]!)),
  };
}

/** The inner estimator of sets has as many integers as the outer. */
function initialOf(json: Json, build: Builder) {
  const initial = (json.initEstimator ?? json.initDist ?? { type: 'Null' }) as Json;
  const isSet = initial.type === 'IntegerBernoulliSet';
  return build.estimator(isSet ? { numVals: json.numVals, ...initial } : initial);
}

function describeEdit(type: string, model: AnyDistribution, build: Builder): Json {
  const { added, kept, minP, initial } = model as EditModel;
  const floored = (p: number) => Math.log(Math.max(p, minP));
  const logEditPmat = added.map((a, j) =>
    [a, kept[j]!].flatMap((p) => floored(1 - p)).concat(floored(a), floored(kept[j]!)),
  );
  return { type, logEditPmat, initDist: build.describe(initial) };
}

const edit = {
  parameters: ['logEditPmat', 'initDist'],
  options: ['minProb', 'numVals', 'initEstimator', 'initDist', 'pseudoCount', 'suffStat'],
  distribution: (json: Json, build: Builder) =>
    new IntegerBernoulliEditDistribution({
      ...tablesOf(json),
      initial: build.distribution((json.initDist ?? { type: 'Null' }) as Json),
    }),
};

function editOptions(json: Json, build: Builder) {
  return defined({
    valueCount: optionalNumber(json.numVals),
    initial: initialOf(json, build),
    minP: leastOf(json),
    pseudoCount: optionalNumber(json.pseudoCount),
    prior: priorOf(json.suffStat),
    key: key(json),
  });
}

const integerBernoulliEdit: Adapter = {
  ...edit,
  type: 'IntegerBernoulliEdit',
  estimator: (json, build) => new IntegerBernoulliEditEstimator(editOptions(json, build)),
  is: (model) => model instanceof IntegerBernoulliEditDistribution,
  describe: (model, build) => describeEdit('IntegerBernoulliEdit', model, build),
};

/** The same model; the golden files let each integer count once. */
const integerStepBernoulliEdit: Adapter = {
  ...edit,
  type: 'IntegerStepBernoulliEdit',
  isName: true,
  estimator: (json, build) =>
    new IntegerStepBernoulliEditEstimator({ ...editOptions(json, build), weighting: 'integers' }),
  is: () => false,
  describe: (model, build) => describeEdit('IntegerStepBernoulliEdit', model, build),
};

/** The reference leaves rho at 1. */
const spearmanRanking: Adapter = {
  type: 'SpearmanRanking',
  parameters: ['sigma', 'rho'],
  options: [],
  distribution: ({ sigma, rho }) =>
    new SpearmanRankingDistribution({ sigma: sigma as number[], rho: optionalNumber(rho) ?? 1 }),
  estimator: (json) => new SpearmanRankingEstimator(defined({ rho: 1, key: key(json) })),
  is: (model) => model instanceof SpearmanRankingDistribution,
  describe: (model) => ({ ...(model as SpearmanRankingDistribution).toJSON() }),
};

/** The reference lists features with parents first; an expected estimate lists them by number. */
const chowLiuTree: Adapter = {
  type: 'ICLTree',
  parameters: ['dependencyList', 'conditionalLogDensities', 'featureOrder'],
  options: ['numFeatures', 'numStates', 'pseudoCount'],
  distribution(json) {
    const listed = json.dependencyList as (number | null)[];
    const order = (json.featureOrder as number[] | undefined) ?? [...listed.keys()];
    const tables = (json.conditionalLogDensities as unknown[]).map((table) => {
      const revived = revive(table) as number[] | number[][];
      return (typeof revived[0] === 'number' ? [revived as number[]] : (revived as number[][])).map((row) =>
        row.map(Math.exp),
      );
    });
    const at = listed.map((_, j) => order.indexOf(j));
    return new IntegerChowLiuTreeDistribution({
      parents: at.map((k) => listed[k]!),
      conditional: at.map((k) => tables[k]!),
    });
  },
  estimator: (json) =>
    new IntegerChowLiuTreeEstimator(
      defined({
        stateCount: optionalNumber(json.numStates),
        pseudoCount: optionalNumber(json.pseudoCount),
        key: key(json),
      }),
    ),
  is: (model) => model instanceof IntegerChowLiuTreeDistribution,
  describe(model) {
    const { parents, conditional } = model as IntegerChowLiuTreeDistribution;
    const tree = parents.map((parent, feature) => {
      const rows = conditional[feature]!.map((row) => row.map(Math.log));
      return { feature, parent, conditionalLogDensities: parent === null ? rows[0] : rows };
    });
    return { type: 'ICLTree', tree };
  },
};

export const adapters: readonly Adapter[] = [
  bernoulliSet,
  chowLiuTree,
  integerBernoulliEdit,
  integerBernoulliSet,
  integerStepBernoulliEdit,
  spearmanRanking,
];
