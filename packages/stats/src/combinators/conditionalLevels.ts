/** The levels that a conditional distribution can have, with what it says of each: for Bayes' rule, and to leave the level out. */
import type { AnyDistribution, Conditioned } from '../contract.js';
import { ParameterError } from '../errors.js';
import { CategoricalDistribution, type Level } from '../families/categorical.js';
import { exp } from '../numeric/elementary.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { NullDistribution } from './null.js';

/** What is asked of a conditional distribution. */
interface ByGivenLevel {
  readonly dists: ReadonlyMap<Level, AnyDistribution>;
  readonly otherwise: AnyDistribution | null;
  readonly given: AnyDistribution;
}

/** A level of positive probability under `given`. */
interface GivenLevel {
  readonly level: Level;
  /** Its log-probability. */
  readonly logWeight: number;
  /** The distribution of the value, which is impossible where there is none. */
  readonly dist: AnyDistribution | null;
}

/**
 * All levels, those of `dists` first. The mass that a categorical leaves to unseen levels belongs to none.
 * @throws {ParameterError} where no distribution of the level is there, or one whose levels cannot be listed
 */
export function givenLevels(owner: string, { dists, otherwise, given }: ByGivenLevel): readonly GivenLevel[] {
  const hasAll = given instanceof CategoricalDistribution || otherwise === null;
  if (given instanceof NullDistribution || !hasAll) {
    throw new ParameterError(owner, 'the given of the conditional', 'a categorical distribution of the levels', given);
  }
  const others = given instanceof CategoricalDistribution ? (given.p.keys() as Iterable<Level>) : [];
  const levels = [...new Set([...dists.keys(), ...others])].map((level) => ({
    level,
    logWeight: given.logDensity(level),
    dist: dists.get(level) ?? otherwise,
  }));
  return levels.filter(({ logWeight }) => logWeight > -Infinity);
}

/**
 * Bayes' rule: P(level | value) is proportional to P(level) f_level(value). Of a value that is known as a whole the levels are left; of
 * one that is known in part, levels with the rest of the value.
 * @param byLevel  makes a conditional distribution
 * @throws {ParameterError} as {@link givenLevels}, and where the part is all of the value at some levels alone
 */
export function pairGivenValue(
  model: ByGivenLevel,
  value: unknown,
  condition: (child: AnyDistribution, part: unknown) => Conditioned,
  byLevel: (dists: ReadonlyMap<Level, AnyDistribution>, given: AnyDistribution) => AnyDistribution,
): Conditioned {
  const levels = givenLevels('given', model);
  const answers = levels.map(({ dist }) => (dist === null ? undefined : condition(dist, value)));
  const scores = levels.map(({ logWeight }, k) => logWeight + (answers[k]?.logDensity ?? -Infinity));
  const logDensity = logSumExp(scores);
  if (!(logDensity > -Infinity)) return { logDensity, rest: undefined };
  // Where a value has poles, the levels that have one share it.
  const shares = scores.map((score, k) =>
    logDensity < Infinity ? exp(score - logDensity) : score === Infinity ? exp(levels[k]!.logWeight) : 0,
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  const possible = levels.flatMap(({ level }, k) =>
    shares[k] === 0 ? [] : [{ level, share: shares[k]! / total, rest: answers[k]!.rest }],
  );
  const p = new CategoricalDistribution<Level>(possible.map(({ level, share }) => [level, share] as const));
  const rests = possible.flatMap(({ level, rest }) => (rest === undefined ? [] : [[level, rest] as const]));
  if (rests.length === 0) return { logDensity, rest: p };
  if (rests.length < possible.length) {
    throw new ParameterError('given', 'part', 'a part of the value, or all of it, at each of its levels', value);
  }
  return { logDensity, rest: byLevel(new Map(rests), p) };
}
