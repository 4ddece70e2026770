/** An estimator for rows of unknown shape, with the reason for each choice. */

import { LevelDirichletDistribution } from '../bayes/levelDirichlet.js';
import { checkFlag, checkOptions } from '../checks/options.js';
import { checkPositive, checkPseudoCount } from '../checks/parameters.js';
import { checkRows } from '../checks/rows.js';
import { CompositeEstimator } from '../combinators/composite.js';
import { IgnoredEstimator } from '../combinators/ignored.js';
import { NullDistribution } from '../combinators/null.js';
import { OptionalEstimator } from '../combinators/optional.js';
import type { Missing } from '../combinators/optionalColumns.js';
import { RecordEstimator } from '../combinators/record.js';
import { SequenceEstimator } from '../combinators/sequence.js';
import type { AnyDistribution, AnyEstimator, Columns, Estimator } from '../contract.js';
import { BernoulliEstimator } from '../families/bernoulli.js';
import { BernoulliSetEstimator } from '../families/bernoulliSet.js';
import { BetaDistribution } from '../families/beta.js';
import { CategoricalEstimator } from '../families/categorical.js';
import { DiagonalGaussianEstimator } from '../families/diagonalGaussian.js';
import { ExponentialEstimator } from '../families/exponential.js';
import { GaussianEstimator } from '../families/gaussian.js';
import { LogGaussianEstimator } from '../families/logGaussian.js';
import { NegativeBinomialEstimator } from '../families/negativeBinomial.js';
import { PoissonEstimator } from '../families/poisson.js';
import type { Level } from '../leaf/levels/levels.js';
import { momentsOfSums } from '../numeric/exactSum.js';
import { gapPrior, imaginaryRows, momentPrior, ratePrior, setPrior, spreadOf, vectorPrior } from './automaticPriors.js';
import { compareFamilies, type NumberFamily } from './compareFamilies.js';
import { isWide, momentsOf, round, wideReason } from './logScale.js';
import { countFamilies, realFamilies } from './numberFamilies.js';
import { isProfile, type ListProfile, MAX_VALUES, mergeProfiles, profileRows, type RowProfile } from './rowProfile.js';
import { isIdentifierName } from './textKinds.js';

/** Options of {@link automaticEstimator}. */
export interface AutomaticOptions {
  /**
   * Imaginary rows in every leaf, distributed as all rows: components of a mixture are pulled towards the distribution of all rows.
   * Default 1; 0 for maximum likelihood.
   */
  readonly pseudoCount?: number;
  /**
   * True gives every leaf a prior that is a distribution, as wide as the rows, instead of imaginary rows: for Dirichlet-process
   * mixtures. Default false.
   */
  readonly conjugate?: boolean;
  /** Integers with at most this many different values are levels, more are counts or measurements. Default 20. */
  readonly maxLevels?: number;
  /** Strings with more different values than this share of the rows are names or free text, and ignored. Default 0.5. */
  readonly maxLevelShare?: number;
  /**
   * True compares families for real numbers and for counts by the held-out log-density in a cross-validation, and takes the simplest
   * one that no other exceeds by more than a standard error. With `conjugate` only those that have a conjugate prior. Default false: the
   * range and the moments decide.
   */
  readonly compareFamilies?: boolean;
  /** True gives lists of different lengths a model of the length. Default true. */
  readonly lengths?: boolean;
}

/** Why one place of the rows got its family. */
export interface AutomaticChoice {
  /** `visits[].name`; `[]` stands for every item of a list. Empty for the row itself. */
  readonly path: string;
  /** The family: `Gaussian`. */
  readonly family: string;
  /** In words: `400 numbers with fractions`. */
  readonly reason: string;
}

/** See {@link automaticEstimator}. */
export interface Automatic<T> {
  readonly estimator: Estimator<T, AnyDistribution, Columns, unknown>;
  /** From the outside in, in the order of the fields. */
  readonly choices: readonly AutomaticChoice[];
}

type Settings = Required<AutomaticOptions>;

/**
 * Infers an estimator from raw rows: numbers become Gaussians, counts or levels, strings categoricals, booleans Bernoullis, null
 * and NaN optionals, objects records, lists of one length composites, other lists sequences, sets Bernoulli sets; nested as the rows are.
 * Values that no family can use (identifiers, free text, dates) are ignored, and the choice says so.
 * @param rows  of any type, or the profile of them
 * @throws {ParameterError} unless `rows` is a list or a profile, and each option in range
 * @example
 * const { estimator, choices } = automaticEstimator([{ age: 31.5, town: 'Ulm' }, { age: 18.25, town: 'Ulm' }]);
 * choices[1]; // { path: 'age', family: 'Gaussian', reason: '2 numbers, with fractions' }
 * optimize([{ age: 31.5, town: 'Ulm' }], estimator).model;
 */
export function automaticEstimator<T>(rows: readonly T[] | RowProfile, options: AutomaticOptions = {}): Automatic<T> {
  const owner = 'automaticEstimator';
  checkOptions(owner, options, [
    'pseudoCount',
    'conjugate',
    'maxLevels',
    'maxLevelShare',
    'lengths',
    'compareFamilies',
  ]);
  const { pseudoCount = 1, conjugate = false, maxLevels = 20, maxLevelShare = 0.5, lengths = true } = options;
  const { compareFamilies: compares = false } = options;
  checkPseudoCount(owner, 'pseudoCount', pseudoCount);
  checkFlag(owner, 'conjugate', conjugate);
  checkFlag(owner, 'lengths', lengths);
  checkFlag(owner, 'compareFamilies', compares);
  if (maxLevels !== Infinity) checkPositive(owner, 'maxLevels', maxLevels);
  checkPositive(owner, 'maxLevelShare', maxLevelShare);
  const choices: AutomaticChoice[] = [];
  const settings = { pseudoCount, conjugate, maxLevels, maxLevelShare, lengths, compareFamilies: compares };
  const profile = isProfile(rows) ? rows : profileOf(owner, rows);
  const estimator = new Chooser(settings, choices).choose(profile, '');
  return { estimator: estimator as Estimator<T, AnyDistribution, Columns, unknown>, choices };
}

function profileOf(owner: string, rows: readonly unknown[]): RowProfile {
  checkRows(`${owner}: rows`, rows);
  return profileRows(rows);
}

class Chooser {
  constructor(
    readonly settings: Settings,
    readonly choices: AutomaticChoice[],
  ) {}

  #say(path: string, family: string, reason: string): void {
    this.choices.push({ path, family, reason });
  }

  /** Missing values outside, what is there inside. */
  choose(profile: RowProfile, path: string): AnyEstimator {
    const stray = strayText(profile, this.settings);
    const missing: (readonly [value: Missing, count: number, name: string])[] = [];
    if (profile.nans > 0) missing.push([Number.NaN, profile.nans, 'NaN']);
    if (profile.nulls > 0) missing.push([null, profile.nulls, 'null']);
    if (stray !== undefined) missing.push([stray[0], stray[1], JSON.stringify(stray[0])]);
    const gone = missing.reduce((sum, [, count]) => sum + count, 0);
    if (gone === profile.count)
      return this.#ignore(path, profile.count === 0 ? 'no values' : 'nothing but missing values');
    for (const [, count, name] of missing) this.#say(path, 'Optional', `${name} in ${count} of ${profile.count} rows`);
    const present = without(profile, stray);
    const estimator = this.#present(present, path);
    return missing.reduceRight<AnyEstimator>((child, [value]) => this.#optional(child, value), estimator);
  }

  #optional(child: AnyEstimator, missing: Missing): AnyEstimator {
    const prior = this.settings.conjugate ? { prior: new BetaDistribution({ alpha: 1, beta: 1 }) } : {};
    return new OptionalEstimator<AnyEstimator, Missing>(child, { missing: missing as null, ...prior });
  }

  #ignore(path: string, reason: string): AnyEstimator {
    this.#say(path, 'Ignored', reason);
    return new IgnoredEstimator(new NullDistribution()) as AnyEstimator;
  }

  #present(profile: RowProfile, path: string): AnyEstimator {
    const { integers, fractions, infinities, booleans, strings, dates, others, lists, sets, records } = profile;
    const kinds = [
      [integers + fractions + infinities, 'numbers'],
      [booleans, 'truth values'],
      [strings, 'texts'],
      [dates, 'dates'],
      [others, 'values of other types'],
      [lists?.count ?? 0, 'lists'],
      [sets?.count ?? 0, 'sets'],
      [records?.count ?? 0, 'objects'],
    ].filter(([count]) => (count as number) > 0);
    if (kinds.length > 1)
      return this.#mixed(profile, path, kinds.map(([count, kind]) => `${count} ${kind}`).join(', '));
    if (dates > 0) return this.#ignore(path, `${dates} dates: make numbers of them, such as days or hours`);
    if (others > 0) return this.#ignore(path, `${others} values that no family takes`);
    if (records !== undefined) return this.#record(records, path);
    if (lists !== undefined) return this.#list(lists, path);
    if (sets !== undefined) return this.#set(sets, path);
    if (booleans > 0) return this.#boolean(profile, path);
    if (strings > 0) return this.#text(profile, path);
    if (infinities > 0) return this.#ignore(path, `${infinities} infinite numbers: clip them, or mark them as missing`);
    return fractions > 0 ? this.#real(profile, path) : this.#integer(profile, path);
  }

  #mixed(profile: RowProfile, path: string, kinds: string): AnyEstimator {
    const { values, lists, sets, records, dates, others } = profile;
    const areLevels = lists === undefined && sets === undefined && records === undefined && dates + others === 0;
    if (!areLevels || values === undefined || values.length > this.settings.maxLevels) {
      return this.#ignore(path, `${kinds}: one kind of value is needed`);
    }
    return this.#levels(values, path, `${kinds}, of ${values.length} different values`);
  }

  #record({ count, fields }: NonNullable<RowProfile['records']>, path: string): AnyEstimator {
    if (fields.length === 0) return this.#ignore(path, `${count} objects without fields`);
    this.#say(path, 'Record', `${count} objects with ${fields.length} fields`);
    const estimators = fields.map(([name, field]) => {
      const absent = count - field.count;
      const whole = absent === 0 ? field : { ...field, count, nulls: field.nulls + absent };
      return [name, this.choose(whole, path === '' ? name : `${path}.${name}`)] as const;
    });
    return new RecordEstimator(Object.fromEntries(estimators)) as AnyEstimator;
  }

  #list(lists: ListProfile, path: string): AnyEstimator {
    const { count, typed, shortest, longest, positions } = lists;
    if (typed === count && shortest === longest && longest > 0) return this.#vector(lists, path);
    if (typed > 0) return this.#ignore(path, `${typed} typed arrays, not of one length alone: make lists of them`);
    if (positions !== undefined && longest > 0) {
      this.#say(path, 'Composite', `${count} lists of ${longest} values each`);
      const estimators = positions.map((position, j) => this.choose(position, `${path}[${j}]`));
      return new CompositeEstimator(estimators) as AnyEstimator;
    }
    if (longest === 0) return this.#ignore(path, 'empty lists');
    this.#say(path, 'Sequence', `${count} lists of ${shortest} to ${longest} values`);
    const items = lists.items ?? mergeProfiles(positions!);
    const estimator = this.choose(items, `${path}[]`);
    if (!this.settings.lengths) return new SequenceEstimator(estimator) as AnyEstimator;
    const lambda = Math.max(lists.lengths[0] / count, Number.EPSILON);
    return new SequenceEstimator(estimator, { length: this.#poisson(lambda) }) as AnyEstimator;
  }

  #poisson(lambda: number): AnyEstimator {
    const { settings } = this;
    const options = settings.conjugate ? ratePrior(lambda) : imaginaryRows(settings, { lambda });
    return new PoissonEstimator(options) as AnyEstimator;
  }

  #vector({ count, longest, positions, items }: ListProfile, path: string): AnyEstimator {
    const coordinates = positions ?? Array.from({ length: longest }, () => items!);
    const among = positions ?? [items!];
    const infinities = among.reduce((sum, coordinate) => sum + coordinate.infinities, 0);
    if (infinities > 0) return this.#ignore(path, `${infinities} infinite numbers: clip them, or mark them as missing`);
    const nans = among.reduce((sum, coordinate) => sum + coordinate.nans, 0);
    const gaps = nans === 0 ? '' : `, NaN in ${nans} of them: missing`;
    this.#say(path, 'DiagonalGaussian', `${count} typed arrays of ${longest} numbers${gaps}`);
    const moments = coordinates.map(momentsOf);
    const mu = moments.map(({ mean }) => mean);
    const sigma2 = moments.map(({ variance }) => spreadOf(variance));
    const options =
      nans === 0 ? vectorPrior(this.settings, mu, sigma2) : { ...gapPrior(this.settings, sigma2), missing: Number.NaN };
    return new DiagonalGaussianEstimator<number>(options) as AnyEstimator;
  }

  #set({ count, items, positions, lengths }: ListProfile, path: string): AnyEstimator {
    const inside = items ?? mergeProfiles(positions ?? []);
    const { values } = inside;
    const areLevels = values !== undefined && inside.count === values.reduce((sum, [, n]) => sum + n, 0);
    if (!areLevels || values.length === 0)
      return this.#ignore(path, `${count} sets of what are no levels, or of too many`);
    this.#say(path, 'BernoulliSet', `${count} sets of ${values.length} different values, ${lengths[0] / count} each`);
    const shares = new Map(values.map(([value, n]) => [value, n / count]));
    return new BernoulliSetEstimator<Level>(setPrior(this.settings, shares)) as AnyEstimator;
  }

  #boolean({ count, values, booleans }: RowProfile, path: string): AnyEstimator {
    this.#say(path, 'Bernoulli', `${booleans} truth values`);
    if (this.settings.conjugate) return new BernoulliEstimator({ prior: new BetaDistribution({ alpha: 1, beta: 1 }) });
    const yes = values?.find(([value]) => value === true)?.[1] ?? 0;
    return new BernoulliEstimator(imaginaryRows(this.settings, { p: yes / Math.max(count, 1) })) as AnyEstimator;
  }

  #text({ strings, dateTexts, numberTexts, values }: RowProfile, path: string): AnyEstimator {
    const { maxLevels, maxLevelShare } = this.settings;
    const isFew = values !== undefined && values.length <= maxLevels && values.length < strings;
    if (dateTexts === strings && !isFew) {
      return this.#ignore(path, `${strings} texts that are dates: make numbers of them, such as days or hours`);
    }
    if (numberTexts === strings && !isFew) {
      return this.#ignore(path, `${strings} texts that are numbers: convert them by Number(text)`);
    }
    if (values === undefined) return this.#ignore(path, `${strings} texts, nearly all different: names or prose`);
    const isNaming = values.length === strings && strings >= MIN_NAMES;
    if (isNaming || (values.length > FEW && values.length > maxLevelShare * strings)) {
      return this.#ignore(path, `${values.length} different texts in ${strings} rows: names or prose`);
    }
    return this.#levels(values, path, `${strings} texts, ${values.length} different`);
  }

  #levels(values: readonly (readonly [Level, number])[], path: string, reason: string): AnyEstimator {
    this.#say(path, 'Categorical', reason);
    if (this.settings.conjugate) {
      return new CategoricalEstimator<Level>({
        prior: new LevelDirichletDistribution<Level>([], { other: 1 }),
      }) as AnyEstimator;
    }
    const total = values.reduce((sum, [, count]) => sum + count, 0);
    const prior = values.map(([value, count]) => [value, count / total] as const);
    return new CategoricalEstimator<Level>(imaginaryRows(this.settings, prior)) as AnyEstimator;
  }

  #real(profile: RowProfile, path: string): AnyEstimator {
    const what = `${profile.integers + profile.fractions} numbers`;
    const compared = this.#compared(realFamilies(profile, this.settings.conjugate), profile, path, what);
    if (compared !== undefined) return compared;
    if (isWide(profile)) return this.#logGaussian(profile, path, wideReason(profile, 'numbers'));
    return this.#gaussian(profile, path, `${what}, with fractions`);
  }

  /** The best of some families, pulled towards itself; `undefined` when none is compared. */
  #compared(
    families: readonly NumberFamily[],
    profile: RowProfile,
    path: string,
    what: string,
  ): AnyEstimator | undefined {
    if (!this.settings.compareFamilies || families.length < 2) return undefined;
    const best = compareFamilies(families, profile.sample);
    if (best === undefined) return undefined;
    const reason = `${what}; held-out log-density: ${best.scores}`;
    const { name } = best.family;
    if (name === 'Gaussian') return this.#gaussian(profile, path, reason);
    if (name === 'LogGaussian') return this.#logGaussian(profile, path, reason);
    this.#say(path, name, reason);
    if (!this.settings.conjugate)
      return best.model.estimator({ pseudoCount: this.settings.pseudoCount }) as AnyEstimator;
    return new ExponentialEstimator(ratePrior(1 / momentsOf(profile).mean)) as AnyEstimator;
  }

  #gaussian(profile: RowProfile, path: string, reason: string): AnyEstimator {
    this.#say(path, 'Gaussian', reason);
    const { mean, variance } = momentsOf(profile);
    return new GaussianEstimator(momentPrior(this.settings, mean, variance));
  }

  #logGaussian({ integers, fractions, logSum, logSquares }: RowProfile, path: string, reason: string): AnyEstimator {
    this.#say(path, 'LogGaussian', reason);
    const { mean: mu, variance } = momentsOfSums(integers + fractions, logSum, logSquares);
    return new LogGaussianEstimator(momentPrior(this.settings, mu, variance)) as AnyEstimator;
  }

  #integer(profile: RowProfile, path: string): AnyEstimator {
    const { integers, values, least, most } = profile;
    const { conjugate } = this.settings;
    const { maxLevels, maxLevelShare } = this.settings;
    // Levels come again; with an infinite `maxLevels` the user says that all integers are levels.
    const comeAgain = values !== undefined && (values.length <= maxLevelShare * integers || integers < MIN_NAMES);
    if (maxLevels === Infinity ? values !== undefined : comeAgain && values.length <= maxLevels) {
      return this.#levels(values!, path, `${integers} integers, ${values!.length} different: levels`);
    }
    if (isIdentifierName(path) && integers >= MIN_NAMES) {
      const count = values === undefined ? `more than ${MAX_VALUES}` : values.length;
      return this.#ignore(path, `${integers} integers, ${count} different: identifiers, by the name of the field`);
    }
    const isNumbering = most - least + 1 === integers && (values === undefined || values.length === integers);
    if (isNumbering && integers > FEW)
      return this.#ignore(path, `the integers ${least} to ${most}, each once: row numbers`);
    const { mean, variance } = momentsOf(profile);
    const size = `${integers} integers from ${least} to ${most}`;
    const areCounts = least >= 0 && mean * mean <= 9 * variance && mean <= MAX_COUNTED && !isWide(profile);
    const families = areCounts ? countFamilies(profile, conjugate) : realFamilies(profile, conjugate);
    const compared = this.#compared(families, profile, path, size);
    if (compared !== undefined) return compared;
    if (least < 0) return this.#gaussian(profile, path, `${size}, also negative ones`);
    if (mean * mean > 9 * variance) return this.#gaussian(profile, path, `${size}, all far from 0 for their spread`);
    if (isWide(profile)) return this.#logGaussian(profile, path, wideReason(profile, 'integers'));
    if (mean > MAX_COUNTED) return this.#gaussian(profile, path, `${size}, too large for counts`);
    if (variance <= mean) {
      this.#say(path, 'Poisson', `${size}: counts whose variance is not above their mean`);
      return this.#poisson(mean);
    }
    const spread = `${size}: counts whose variance ${round(variance)} is above their mean ${round(mean)}`;
    if (conjugate) {
      this.#say(path, 'Poisson', `${spread}, as several components make it`);
      return this.#poisson(mean);
    }
    this.#say(path, 'NegativeBinomial', spread);
    const prior = { mean, size: (mean * mean) / (variance - mean) };
    return new NegativeBinomialEstimator(imaginaryRows(this.settings, prior)) as AnyEstimator;
  }
}

/** Counts with a larger mean are measurements. */
const MAX_COUNTED = 1000;

/** So many values that are all different are names, not levels. */
const MIN_NAMES = 8;
/** So few different texts are levels whatever the number of rows. */
const FEW = 20;
/** One text that stands again and again among many different numbers: a word for a gap, such as `n/a`. */
function strayText(
  { strings, integers, fractions, values }: RowProfile,
  { maxLevels }: Settings,
): [string, number] | undefined {
  if (strings === 0 || integers + fractions === 0 || values === undefined || values.length <= maxLevels)
    return undefined;
  const texts = values.filter(([value]) => typeof value === 'string');
  return texts.length === 1 ? (texts[0] as [string, number]) : undefined;
}

function without(profile: RowProfile, stray: readonly [string, number] | undefined): RowProfile {
  const values = profile.values?.filter(([value]) => !Number.isNaN(value) && value !== stray?.[0]);
  const gone = profile.nulls + profile.nans + (stray?.[1] ?? 0);
  const strings = profile.strings - (stray?.[1] ?? 0);
  return { ...profile, count: profile.count - gone, strings, values, nulls: 0, nans: 0 };
}
