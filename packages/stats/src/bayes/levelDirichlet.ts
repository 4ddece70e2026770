/**
 * The conjugate prior of a categorical: a Dirichlet distribution over the probabilities of levels. Levels that it does not
 * name can have a concentration too, so it can be written before the levels are known.
 * Source: Bernardo & Smith, Bayesian Theory (1994), section 5.2; Minka, Bayesian inference, entropy, and the multinomial
 * distribution (2003).
 */

import { checkOptions } from '../checks/options.js';
import { checkFields, checkPositive } from '../checks/parameters.js';
import type { ParameterDistribution, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { type ByLevel, mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { isLevel, LEVEL, type Level } from '../leaf/levels/levels.js';
import { dirichletCrossEntropy } from '../numeric/dirichletEntropy.js';
import { log } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import { digamma, lgamma } from '../numeric/special.js';
import { dirichletVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';

/**
 * A Dirichlet distribution over the probabilities of levels.
 * @example
 * const prior = new LevelDirichletDistribution({}, { other: 2 }); // any levels, each as likely as the others
 * optimize(['a', 'b', 'b'], new CategoricalEstimator({ prior })).model.p; // Map { 'a' => 0.4, 'b' => 0.6 }
 */
export class LevelDirichletDistribution<T extends Level = string>
  extends PrintedModel
  implements ParameterDistribution<ReadonlyMap<T, number>>
{
  static readonly typeName = 'LevelDirichlet';
  static readonly typeVersion = 1;
  /** Concentration of each named level, > 0. */
  readonly alpha: ReadonlyMap<T, number>;
  /** Concentration of each level that is not named but occurs in the rows of a fit, > 0; `undefined` when there can be no other. */
  readonly other: number | undefined;
  readonly #total: number;

  /**
   * @param alpha  concentrations by level: an object for string levels, a `Map` or pairs for any
   * @param options  `other`: the concentration of every further level
   * @throws {ParameterError} unless concentrations are finite and > 0, and there is one
   */
  constructor(alpha: ByLevel<T, number>, options: { readonly other?: number | undefined } = {}) {
    super();
    const owner = 'LevelDirichletDistribution';
    checkOptions(owner, options, ['other']);
    const { other } = options;
    this.alpha = mapByLevel<T, number>(owner, 'alpha', alpha);
    for (const [level, a] of this.alpha) {
      if (!isLevel(level)) throw new ParameterError(owner, 'alpha', LEVEL, level);
      checkPositive(owner, `alpha[${JSON.stringify(level)}]`, a);
    }
    if (other !== undefined) checkPositive(owner, 'other', other);
    if (other === undefined && this.alpha.size === 0) throw new ParameterError(owner, 'other', 'a number > 0', other);
    this.other = other;
    this.#total = sumOf([...this.alpha.values()]);
  }

  /** The concentration of a level; 0 when it cannot occur. */
  concentrationOf(level: T): number {
    return this.alpha.get(level) ?? this.other ?? 0;
  }

  /** Of probabilities by level; the levels are those of `p` and those that are named here. */
  logDensity(p: ReadonlyMap<T, number>): number {
    const levels = [...new Set([...this.alpha.keys(), ...p.keys()])];
    const alpha = levels.map((level) => this.concentrationOf(level));
    if (alpha.includes(0)) return -Infinity;
    return levels.reduce(
      (sum, level, k) => sum + (alpha[k] === 1 ? 0 : (alpha[k]! - 1) * log(p.get(level) ?? 0)) - lgamma(alpha[k]!),
      lgamma(sumOf(alpha)),
    );
  }

  /** The densest probabilities of the named levels; of concentrations below 1 those that are left of (α - 1) / Σ(α - 1). */
  get mode(): ReadonlyMap<T, number> {
    const shares = modeOfDirichlet([...this.alpha.values()]);
    return new Map([...this.alpha.keys()].map((level, k) => [level, shares[k]!]));
  }

  /** E log p of a level, ψ(α) - ψ(Σα); -Infinity for one that cannot occur. */
  meanLogOf(level: T): number {
    const alpha = this.concentrationOf(level);
    if (alpha === 0) return -Infinity;
    return digamma(alpha) - digamma(this.#total + (this.alpha.has(level) ? 0 : alpha));
  }

  /**
   * E p of a named level, its probability in the next row: α / Σα. 0 for any other one: `other` does not say how many more levels there
   * are, so they share no probability. The posterior of rows names those that the rows have.
   */
  meanOf(level: T): number {
    const alpha = this.alpha.get(level);
    return alpha === undefined ? 0 : alpha / this.#total;
  }

  /** Of the named levels. */
  get entropy(): number {
    return this.crossEntropy(this);
  }

  /** Over the levels that are named here; infinite when `other` cannot have one of them. */
  crossEntropy(other: LevelDirichletDistribution<T>): number {
    const levels = [...new Set([...this.alpha.keys(), ...other.alpha.keys()])];
    const own = levels.map((level) => this.concentrationOf(level));
    return dirichletCrossEntropy(
      own,
      levels.map((level) => other.concentrationOf(level)),
    );
  }

  /** Draws probabilities of the named levels. */
  sampler(seed: Seed): Sampler<ReadonlyMap<T, number>> {
    const levels = [...this.alpha.keys()];
    const draw = dirichletVariates(random(seed), [...this.alpha.values()]);
    return samplerOf(() => {
      const p = draw();
      return new Map(levels.map((level, k) => [level, p[k]!]));
    });
  }

  /** The posterior after rows with these counts. @throws {ParameterError} when a counted level cannot occur */
  updated(levels: readonly T[], counts: ArrayLike<number>): LevelDirichletDistribution<T> {
    const alpha = new Map(this.alpha);
    levels.forEach((level, k) => {
      const prior = this.concentrationOf(level);
      if (prior > 0) alpha.set(level, prior + counts[k]!);
      else if (counts[k]! > 0) {
        throw new ParameterError('LevelDirichletDistribution', 'alpha', 'a concentration for each level', level);
      }
    });
    return another(alpha, this.other);
  }

  /** `levels` and `alpha` in step: a level may be a number or null, which cannot be a field name. */
  toJSON(key?: string) {
    const { alpha, other = null } = this;
    const levels = [...alpha.keys()].map((level) => jsonLevel(level, key));
    return { type: 'LevelDirichlet', levels, alpha: [...alpha.values()], other } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): LevelDirichletDistribution<Level> {
    const owner = 'LevelDirichletDistribution';
    const { levels, alpha } = checkFields(owner, fields, { levels: 'array', alpha: 'numbers' });
    if (levels.length !== alpha.length)
      throw new ParameterError(owner, 'alpha', `a list of ${levels.length} numbers`, alpha);
    const { other } = fields;
    if (other !== null && typeof other !== 'number')
      throw new ParameterError(owner, 'other', 'a number or null', other);
    return new this<Level>(
      levels.map((level, k): [Level, number] => [levelFromJSON(level) as Level, alpha[k]!]),
      { other: other ?? undefined },
    );
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<T extends Level>(alpha: ByLevel<T, number>, other: number | undefined): LevelDirichletDistribution<T> {
  return new LevelDirichletDistribution<T>(alpha, { other });
}

function sumOf(list: readonly number[]): number {
  return list.reduce((sum, a) => sum + a, 0);
}

/** (α - 1) / Σ(α - 1), concentrations below 1 counting as 1; where all do, α / Σα. */
export function modeOfDirichlet(alpha: readonly number[]): number[] {
  const above = alpha.map((a) => Math.max(a - 1, 0));
  const total = sumOf(above);
  return total > 0 ? above.map((a) => a / total) : alpha.map((a) => a / sumOf(alpha));
}
