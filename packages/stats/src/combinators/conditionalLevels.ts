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

/** Bayes' rule: P(level | value) is proportional to P(level) f_level(value). @throws {ParameterError} as {@link givenLevels} */
export function levelGivenValue(
  model: ByGivenLevel,
  value: unknown,
  condition: (child: AnyDistribution, part: unknown) => Conditioned,
): Conditioned {
  const levels = givenLevels('given', model);
  const scores = levels.map(({ logWeight, dist }) =>
    dist === null ? -Infinity : logWeight + condition(dist, value).logDensity,
  );
  const logDensity = logSumExp(scores);
  if (!(logDensity > -Infinity)) return { logDensity, rest: undefined };
  const shares = scores.map((score) => exp(score - logDensity));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const p = levels.map(({ level }, k) => [level, shares[k]! / total] as const);
  return { logDensity, rest: new CategoricalDistribution<Level>(p) };
}
