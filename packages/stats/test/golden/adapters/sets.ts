import { BernoulliSetDistribution, BernoulliSetEstimator } from '../../../src/families/bernoulliSet.js';
import type { Level } from '../../../src/families/categorical.js';
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
} from '../../../src/families/integerBernoulliSet.js';
import { type Adapter, defined, type Json, optionalNumber, revive } from '../adapter.js';

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

export const adapters: readonly Adapter[] = [bernoulliSet, integerBernoulliSet];
