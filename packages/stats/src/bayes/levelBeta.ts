/**
 * The conjugate prior of a set of levels: a beta distribution over the probability of each level. Levels that it does not name
 * can have one too, so it can be written before the levels are known.
 * Source: Bernardo & Smith, Bayesian Theory (1994), section 5.2.
 */

import { checkOptions } from '../checks/options.js';
import { checkFields, checkObject, checkPositive } from '../checks/parameters.js';
import type { ParameterDistribution, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { type ByLevel, mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { isLevel, LEVEL, type Level } from '../leaf/levels/levels.js';
import { dirichletCrossEntropy, dirichletEntropy } from '../numeric/dirichletEntropy.js';
import { log, log1p } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import { betaln, digamma } from '../numeric/special.js';
import { dirichletVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';

/** The shapes of a beta distribution: rows' worth that hold the level, and that lack it. */
export interface BetaShapes {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Independent beta distributions over the probabilities of levels.
 * @example
 * const prior = new LevelBetaDistribution({}, { other: { alpha: 2, beta: 2 } }); // any levels
 * optimize([['a'], ['a', 'b'], []], new BernoulliSetEstimator({ prior })).model.p; // Map { 'a' => 0.6, 'b' => 0.4 }
 */
export class LevelBetaDistribution<T extends Level = string>
  extends PrintedModel
  implements ParameterDistribution<ReadonlyMap<T, number>>
{
  static readonly typeName = 'LevelBeta';
  static readonly typeVersion = 1;
  /** Of each named level. */
  readonly shapes: ReadonlyMap<T, BetaShapes>;
  /** Of each level that is not named but occurs; `undefined` when there can be no other. */
  readonly other: BetaShapes | undefined;

  /**
   * @param shapes  by level: an object for string levels, a `Map` or pairs for any
   * @param options  `other`: the shapes of every further level
   * @throws {ParameterError} unless shapes are finite and > 0
   */
  constructor(shapes: ByLevel<T, BetaShapes>, options: { readonly other?: BetaShapes | undefined } = {}) {
    super();
    const owner = 'LevelBetaDistribution';
    checkOptions(owner, options, ['other']);
    const { other } = options;
    const checked = new Map<T, BetaShapes>();
    for (const [level, pair] of mapByLevel<T, BetaShapes>(owner, 'shapes', shapes)) {
      if (!isLevel(level)) throw new ParameterError(owner, 'shapes', LEVEL, level);
      checked.set(level, checkShapes(owner, `shapes[${JSON.stringify(level)}]`, pair));
    }
    this.shapes = checked;
    this.other = other === undefined ? undefined : checkShapes(owner, 'other', other);
    if (other === undefined && checked.size === 0) {
      throw new ParameterError(owner, 'other', 'an object with alpha and beta', other);
    }
  }

  /** The shapes of a level; `undefined` when it cannot occur. */
  shapesOf(level: T): BetaShapes | undefined {
    return this.shapes.get(level) ?? this.other;
  }

  /** Of probabilities by level; the levels are those of `p` and those that are named here. */
  logDensity(p: ReadonlyMap<T, number>): number {
    let sum = 0;
    for (const level of new Set([...this.shapes.keys(), ...p.keys()])) {
      const shapes = this.shapesOf(level);
      if (shapes === undefined) return -Infinity;
      const { alpha, beta } = shapes;
      const share = p.get(level) ?? 0;
      if (alpha !== 1) sum += (alpha - 1) * log(share);
      if (beta !== 1) sum += (beta - 1) * log1p(-share);
      sum -= betaln(alpha, beta);
    }
    return sum;
  }

  /** The densest probability of each named level; one half where no end is densest. */
  get mode(): ReadonlyMap<T, number> {
    return new Map([...this.shapes].map(([level, shapes]) => [level, modeOf(shapes)]));
  }

  /**
   * α / (α + β) of a named level, its probability in the next row; 0 for any other one: `other` does not say how many more levels there
   * are. The posterior of rows names those that the rows have.
   */
  meanOf(level: T): number {
    const shapes = this.shapes.get(level);
    return shapes === undefined ? 0 : shapes.alpha / (shapes.alpha + shapes.beta);
  }

  /** E log p and E log(1 - p) of a level; those of probability 0 for one that cannot occur. */
  meanLogsOf(level: T): { readonly ofShare: number; readonly ofRest: number } {
    const shapes = this.shapesOf(level);
    if (shapes === undefined) return { ofShare: -Infinity, ofRest: 0 };
    const ofTotal = digamma(shapes.alpha + shapes.beta);
    return { ofShare: digamma(shapes.alpha) - ofTotal, ofRest: digamma(shapes.beta) - ofTotal };
  }

  /** Of the named levels. */
  get entropy(): number {
    let sum = 0;
    for (const { alpha, beta } of this.shapes.values()) sum += dirichletEntropy([alpha, beta]);
    return sum;
  }

  /** Over the levels that are named here or there; infinite when `other` cannot have one of them. */
  crossEntropy(other: LevelBetaDistribution<T>): number {
    let sum = 0;
    for (const level of new Set([...this.shapes.keys(), ...other.shapes.keys()])) {
      const [own, their] = [this.shapesOf(level), other.shapesOf(level)];
      if (own === undefined || their === undefined) return Infinity;
      sum += dirichletCrossEntropy([own.alpha, own.beta], [their.alpha, their.beta]);
    }
    return sum;
  }

  /** Draws probabilities of the named levels. */
  sampler(seed: Seed): Sampler<ReadonlyMap<T, number>> {
    const rng = random(seed);
    const draws = [...this.shapes].map(([level, { alpha, beta }]) => {
      return [level, dirichletVariates(rng, [alpha, beta])] as const;
    });
    return samplerOf(() => new Map(draws.map(([level, draw]) => [level, draw()[0]!])));
  }

  /**
   * The posterior after `count` rows, of which `counts` hold each level. Levels that are not named were in none of them.
   * @throws {ParameterError} when a level that is counted cannot occur
   */
  updated(count: number, levels: readonly T[], counts: ArrayLike<number>): LevelBetaDistribution<T> {
    const held = new Map(levels.map((level, k) => [level, counts[k]!]));
    const shapes = new Map<T, BetaShapes>();
    for (const level of new Set([...this.shapes.keys(), ...levels])) {
      const prior = this.shapesOf(level);
      const present = held.get(level) ?? 0;
      if (prior !== undefined) shapes.set(level, after(prior, present, count));
      else if (present > 0) {
        throw new ParameterError('LevelBetaDistribution', 'shapes', 'those of each level', level);
      }
    }
    return another(shapes, this.other === undefined ? undefined : after(this.other, 0, count));
  }

  /** `levels` and the shapes in step: a level may be a number or null, which cannot be a field name. */
  toJSON(key?: string) {
    const { shapes, other = null } = this;
    const list = [...shapes.values()];
    return {
      type: 'LevelBeta',
      levels: [...shapes.keys()].map((level) => jsonLevel(level, key)),
      alpha: list.map(({ alpha }) => alpha),
      beta: list.map(({ beta }) => beta),
      other,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): LevelBetaDistribution<Level> {
    const owner = 'LevelBetaDistribution';
    const { levels, alpha, beta } = checkFields(owner, fields, { levels: 'array', alpha: 'numbers', beta: 'numbers' });
    for (const [name, list] of Object.entries({ alpha, beta })) {
      if (list.length === levels.length) continue;
      throw new ParameterError(owner, name, `a list of ${levels.length} numbers`, list);
    }
    return new this<Level>(
      levels.map((level, k): [Level, BetaShapes] => [
        levelFromJSON(level) as Level,
        { alpha: alpha[k]!, beta: beta[k]! },
      ]),
      { other: (fields.other ?? undefined) as BetaShapes | undefined },
    );
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<T extends Level>(
  shapes: ByLevel<T, BetaShapes>,
  other: BetaShapes | undefined,
): LevelBetaDistribution<T> {
  return new LevelBetaDistribution<T>(shapes, { other });
}

function checkShapes(owner: string, name: string, shapes: unknown): BetaShapes {
  const { alpha, beta } = checkObject(owner, shapes as BetaShapes, ['alpha', 'beta']);
  checkPositive(owner, `${name}.alpha`, alpha);
  checkPositive(owner, `${name}.beta`, beta);
  return Object.freeze({ alpha, beta });
}

function after({ alpha, beta }: BetaShapes, present: number, count: number): BetaShapes {
  return { alpha: alpha + present, beta: beta + Math.max(count - present, 0) }; // rounding of sums in another order
}

function modeOf({ alpha, beta }: BetaShapes): number {
  if (alpha > 1 && beta > 1) return (alpha - 1) / (alpha - 1 + (beta - 1));
  if ((alpha < 1 && beta < 1) || alpha === beta) return 0.5;
  return alpha < beta ? 0 : 1;
}
