import type { AnyDistribution } from '../../../src/contract.js';
import {
  type AnyConditional,
  type AnyConditionalEstimator,
  HiddenAssociationDistribution,
  HiddenAssociationEstimator,
} from '../../../src/latent/associations/hiddenAssociation.js';
import {
  IntegerHiddenAssociationDistribution,
  IntegerHiddenAssociationEstimator,
} from '../../../src/latent/associations/integerHiddenAssociation.js';
import {
  SparseMarkovAssociationDistribution,
  SparseMarkovAssociationEstimator,
} from '../../../src/latent/associations/sparseMarkovAssociation.js';
import { type Adapter, defined, type Json, optionalNumber } from '../adapter.js';

const nothing: Json = { type: 'Null' };
const childOf = (json: Json, name: string) => (json[name] ?? nothing) as Json;

/** Without a key of the whole: the reference ties the lengths only. */
const hiddenAssociation: Adapter = {
  type: 'HiddenAssociation',
  parameters: ['condDist', 'givenDist', 'lenDist'],
  options: ['condDist', 'givenDist', 'lenDist'],
  distribution: (json, build) =>
    new HiddenAssociationDistribution(build.distribution(json.condDist as Json) as AnyConditional, {
      given: build.distribution(childOf(json, 'givenDist')),
      length: build.distribution(childOf(json, 'lenDist')),
    }),
  estimator: (json, build) =>
    new HiddenAssociationEstimator(
      build.estimator(json.condDist as Json) as unknown as AnyConditionalEstimator,
      defined({
        given: build.estimator(childOf(json, 'givenDist')),
        length: build.estimator(childOf(json, 'lenDist')),
        key: typeof json.keys === 'string' ? json.keys : undefined,
      }),
    ),
  is: (model) => model instanceof HiddenAssociationDistribution,
  describe(model, build) {
    const { conditional, given, length } = model as HiddenAssociationDistribution<
      AnyConditional,
      AnyDistribution,
      AnyDistribution
    >;
    return {
      type: 'HiddenAssociation',
      condDist: build.describe(conditional),
      givenDist: build.describe(given),
      lenDist: build.describe(length),
    };
  },
  row: (x, json, build) => {
    const [sources, targets] = x as [[unknown, number][], [unknown, number][]];
    const source = sources[0]?.[0];
    const rowOf = (target: unknown) => (build.row([source, target], json.condDist as Json) as [unknown, unknown])[1];
    return [sources, targets.map(([target, count]) => [source === undefined ? target : rowOf(target), count])];
  },
};

const keysOf = (json: Json, ...names: readonly string[]) => {
  const keys = Array.isArray(json.keys) ? (json.keys as (string | null)[]) : [];
  return Object.fromEntries(names.map((name, k) => [name, keys[k] ?? undefined]));
};

const integerHiddenAssociation: Adapter = {
  type: 'IntegerHiddenAssociation',
  parameters: ['stateProbMat', 'condWeights', 'alpha', 'prevDist', 'lenDist'],
  options: ['numVals', 'numStates', 'alpha', 'prevDist', 'lenDist', 'pseudoCount'],
  distribution: (json, build) =>
    new IntegerHiddenAssociationDistribution({
      states: json.condWeights as number[][],
      targets: json.stateProbMat as number[][],
      background: (json.alpha as number | undefined) ?? 0,
      given: build.distribution(childOf(json, 'prevDist')),
      length: build.distribution(childOf(json, 'lenDist')),
    }),
  estimator(json, build) {
    const [sourceCount, targetCount] = [json.numVals].flat() as [number, number?];
    const pseudoCount = optionalNumber(json.pseudoCount);
    return new IntegerHiddenAssociationEstimator(
      defined({
        sourceCount,
        targetCount: targetCount ?? sourceCount,
        stateCount: json.numStates as number,
        background: optionalNumber(json.alpha),
        given: build.estimator(childOf(json, 'prevDist')),
        length: build.estimator(childOf(json, 'lenDist')),
        pseudoCount: pseudoCount === undefined ? undefined : { states: pseudoCount, targets: pseudoCount },
        keys: keysOf(json, 'states', 'targets'),
      }),
    );
  },
  is: (model) => model instanceof IntegerHiddenAssociationDistribution,
  describe(model, build) {
    const { states, targets, background, given, length } = model as IntegerHiddenAssociationDistribution<
      AnyDistribution,
      AnyDistribution
    >;
    return {
      type: 'IntegerHiddenAssociation',
      stateProbMat: targets,
      condWeights: states,
      alpha: background,
      prevDist: build.describe(given),
      lenDist: build.describe(length),
    };
  },
};

/** The golden files have the whole table; one row of zeros stands for a source without transitions. */
const sparseMarkovAssociation: Adapter = {
  type: 'SparseMarkovAssociation',
  parameters: ['initProbVec', 'condProbMat', 'alpha', 'lenDist'],
  options: ['numVals', 'alpha', 'lenDist', 'pseudoCount'],
  distribution(json, build) {
    const entries = (json.condProbMat as number[][]).flatMap((row, from) =>
      row.flatMap((p, to) => (p > 0 ? [{ from, to, p }] : [])),
    );
    return new SparseMarkovAssociationDistribution({
      initial: json.initProbVec as number[],
      transitions: {
        from: entries.map(({ from }) => from),
        to: entries.map(({ to }) => to),
        p: entries.map(({ p }) => p),
      },
      background: (json.alpha as number | undefined) ?? 0,
      length: build.distribution(childOf(json, 'lenDist')),
    });
  },
  estimator: (json, build) =>
    new SparseMarkovAssociationEstimator(
      defined({
        valueCount: json.numVals as number,
        background: optionalNumber(json.alpha),
        length: build.estimator(childOf(json, 'lenDist')),
        keys: keysOf(json, 'initial', 'transitions'),
      }),
    ),
  is: (model) => model instanceof SparseMarkovAssociationDistribution,
  describe(model, build) {
    const sparse = model as SparseMarkovAssociationDistribution<AnyDistribution>;
    const { initial, background, length } = sparse;
    return {
      type: 'SparseMarkovAssociation',
      initProbVec: initial,
      condProbMat: initial.map((_, from) => initial.map((_p, to) => sparse.transition(from, to))),
      alpha: background,
      lenDist: build.describe(length),
    };
  },
};

export const adapters: readonly Adapter[] = [hiddenAssociation, integerHiddenAssociation, sparseMarkovAssociation];
