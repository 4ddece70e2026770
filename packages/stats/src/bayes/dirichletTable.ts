/**
 * The conjugate prior of a table of transition probabilities: a Dirichlet distribution over each row, independent of the others.
 * Source: Martin, Bayesian Decision Problems and Markov Chains (1967), ch. 2 (the matrix beta distribution).
 */

import { checkOptions } from '../checks/options.js';
import { checkFields } from '../checks/parameters.js';
import type { ParameterDistribution, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { type ByLevel, mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { isLevel, LEVEL, type Level } from '../leaf/levels/levels.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';
import { isPriorOf } from './conjugate.js';
import type { LevelDirichletDistribution } from './levelDirichlet.js';

/** Probabilities by column, for each row. */
export type ProbabilityTable<T extends Level> = ReadonlyMap<T, ReadonlyMap<T, number>>;

/**
 * Dirichlet distributions over the rows of a table.
 * @example
 * const row = new LevelDirichletDistribution({ sun: 2, rain: 2 });
 * const transitions = new DirichletTableDistribution({}, { other: row }); // the same for each state
 * const prior = { initial: row, transitions };
 * optimize([['sun', 'sun', 'rain']], new MarkovChainEstimator({ prior })).model.transitions.get('sun'); // 0.5 each
 */
export class DirichletTableDistribution<T extends Level = string>
  extends PrintedModel
  implements ParameterDistribution<ProbabilityTable<T>>
{
  static readonly typeName = 'DirichletTable';
  static readonly typeVersion = 1;
  /** Of each named row. */
  readonly rows: ReadonlyMap<T, LevelDirichletDistribution<T>>;
  /** Of each row that is not named but occurs; `undefined` when there can be no other. */
  readonly other: LevelDirichletDistribution<T> | undefined;

  /**
   * @param rows  by level: an object for string levels, a `Map` or pairs for any
   * @param options  `other`: that of every further row
   * @throws {ParameterError} unless each is a level's Dirichlet distribution, and there is one
   */
  constructor(
    rows: ByLevel<T, LevelDirichletDistribution<T>>,
    options: { readonly other?: LevelDirichletDistribution<T> | undefined } = {},
  ) {
    super();
    const owner = 'DirichletTableDistribution';
    checkOptions(owner, options, ['other']);
    const { other } = options;
    this.rows = mapByLevel<T, LevelDirichletDistribution<T>>(owner, 'rows', rows);
    for (const [level, row] of this.rows) {
      if (!isLevel(level)) throw new ParameterError(owner, 'rows', LEVEL, level);
      checkRow(owner, `rows[${JSON.stringify(level)}]`, row);
    }
    if (other !== undefined || this.rows.size === 0) checkRow(owner, 'other', other);
    this.other = other;
  }

  /** @throws {ParameterError} for a row that there cannot be */
  rowOf(level: T): LevelDirichletDistribution<T> {
    const row = this.rows.get(level) ?? this.other;
    if (row !== undefined) return row;
    throw new ParameterError('DirichletTableDistribution', 'rows', 'a distribution for each row', level);
  }

  #has(level: T): boolean {
    return this.rows.has(level) || this.other !== undefined;
  }

  /** E log p of a step; -Infinity for one that cannot occur. */
  meanLogOf(from: T, to: T): number {
    return this.#has(from) ? this.rowOf(from).meanLogOf(to) : -Infinity;
  }

  /** E p of a step, its probability in the next row; 0 for one that cannot occur. */
  meanOf(from: T, to: T): number {
    return this.#has(from) ? this.rowOf(from).meanOf(to) : 0;
  }

  /** What is known after one more step. */
  afterStep(from: T, to: T): DirichletTableDistribution<T> {
    return this.updated([from], [to], Float64Array.of(1));
  }

  /** The rows are those of the table and those that are named here. */
  logDensity(table: ProbabilityTable<T>): number {
    let sum = 0;
    for (const level of new Set([...this.rows.keys(), ...table.keys()])) {
      if (!this.#has(level)) return -Infinity;
      sum += this.rowOf(level).logDensity(table.get(level) ?? new Map());
    }
    return sum;
  }

  /** The densest table of the named rows. */
  get mode(): ProbabilityTable<T> {
    return new Map([...this.rows].map(([level, row]) => [level, row.mode]));
  }

  get entropy(): number {
    let sum = 0;
    for (const row of this.rows.values()) sum += row.entropy;
    return sum;
  }

  /** Over the rows that are named here or there; infinite when `other` cannot have one of them. */
  crossEntropy(other: DirichletTableDistribution<T>): number {
    let sum = 0;
    for (const level of new Set([...this.rows.keys(), ...other.rows.keys()])) {
      if (!this.#has(level) || !other.#has(level)) return Infinity;
      sum += this.rowOf(level).crossEntropy(other.rowOf(level));
    }
    return sum;
  }

  /** Draws the named rows. */
  sampler(seed: Seed): Sampler<ProbabilityTable<T>> {
    const samplers = [...this.rows].map(([level, row], k) => [level, row.sampler(childSeed(seed, k))] as const);
    return samplerOf(() => new Map(samplers.map(([level, sampler]) => [level, sampler.sample()])));
  }

  /**
   * The posterior after steps with these counts.
   * @param counts  row-major: from `levels[i]` to `columns[j]` at `i * columns.length + j`
   * @throws {ParameterError} when a counted step cannot occur
   */
  updated(levels: readonly T[], columns: readonly T[], counts: Float64Array): DirichletTableDistribution<T> {
    const rows = new Map(this.rows);
    levels.forEach((level, i) => {
      const ofRow = counts.subarray(i * columns.length, (i + 1) * columns.length);
      if (this.#has(level) || ofRow.some((count) => count > 0))
        rows.set(level, this.rowOf(level).updated(columns, ofRow));
    });
    return another(rows, this.other);
  }

  /** `levels` and `rows` in step: a level may be a number or null, which cannot be a field name. */
  toJSON(key?: string) {
    const { rows, other = null } = this;
    return {
      type: 'DirichletTable',
      levels: [...rows.keys()].map((level) => jsonLevel(level, key)),
      rows: [...rows.values()],
      other,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DirichletTableDistribution<Level> {
    const owner = 'DirichletTableDistribution';
    const { levels, rows } = checkFields(owner, fields, { levels: 'array', rows: 'array' });
    if (rows.length !== levels.length) throw new ParameterError(owner, 'rows', `a list of ${levels.length}`, rows);
    return new this<Level>(
      levels.map((level, k) => [levelFromJSON(level) as Level, rows[k] as LevelDirichletDistribution<Level>] as const),
      { other: (fields.other ?? undefined) as LevelDirichletDistribution<Level> | undefined },
    );
  }
}

function checkRow(owner: string, name: string, row: unknown): void {
  if (isPriorOf(row, 'LevelDirichlet')) return;
  throw new ParameterError(owner, name, 'a LevelDirichletDistribution', row);
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<T extends Level>(
  rows: ReadonlyMap<T, LevelDirichletDistribution<T>>,
  other: LevelDirichletDistribution<T> | undefined,
): DirichletTableDistribution<T> {
  return new DirichletTableDistribution<T>(rows, { other });
}
