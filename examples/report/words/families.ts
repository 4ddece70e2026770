/** What a distribution says of a value, in a few words. */
import type { AnyDistribution, Queries } from '@dml/stats';
import { partsOf } from '../model/components.js';
import { childrenOf, isDistribution, type ModelFields, modelFields } from '../model/json.js';
import { type LevelShare, levelsOf } from '../model/levels.js';
import { count, percent, roundedBy, significant, valueText, withSpread } from './numbers.js';

/** Levels with their probabilities, as a Markov chain writes them. */
type Pairs = readonly (readonly [level: unknown, p: number])[];

const SHOWN_LEVELS = 4;
/** Symmetric about their mean, so that mean and standard deviation say it all. */
const SYMMETRIC = new Set(['Gaussian']);

/** A distribution in a few words: `38.8 ± 2.7`, `Dream 37 %, Biscoe 29 %`. */
export function wordsOf(dist: AnyDistribution): string {
  const fields = modelFields(dist);
  const special = Object.hasOwn(WORDS, fields.type) ? WORDS[fields.type] : undefined;
  if (special !== undefined) return special(fields, dist);
  const levels = levelsOf(dist);
  if (levels !== undefined) return levelWords(levels);
  const numeric = numericWords(dist, fields.type);
  if (numeric !== undefined) return numeric;
  const parts = partsOf(dist);
  if (parts.kind !== 'model') {
    const texts = parts.fields.map((list, k) => `${percent(parts.weights[k]!)} ${fieldsText(list)}`);
    return `${texts.length} ${parts.kind}s: ${texts.join('; ')}`;
  }
  return parameterWords(fields);
}

function fieldsText(fields: readonly { readonly path: string; readonly dist: AnyDistribution }[]): string {
  return fields.map(({ path, dist }) => (path === '' ? wordsOf(dist) : `${path} ${wordsOf(dist)}`)).join(', ');
}

/** Words of families whose parameters say more than their moments. */
const WORDS: Readonly<Record<string, (fields: ModelFields, dist: AnyDistribution) => string>> = {
  Null: () => 'not modelled',
  Ignored: ({ dist }) => `${wordsOf(dist as AnyDistribution)} (held fixed)`,
  Dirac: ({ value }) => `always ${valueText(value)}`,
  Bernoulli: ({ p }) => `true ${percent(p as number)}`,
  Uniform: ({ min, max }) => {
    const width = (max as number) - (min as number);
    return `anywhere in ${roundedBy(min as number, width / 10)} … ${roundedBy(max as number, width / 10)}`;
  },
  StudentT: ({ location, scale, degreesOfFreedom }) =>
    `${withSpread(location as number, scale as number)} with heavy tails (${significant(degreesOfFreedom as number, 2)} degrees of freedom)`,
  Optional: ({ dist, p }) =>
    typeof p === 'number'
      ? `${wordsOf(dist as AnyDistribution)}; ${percent(p)} missing`
      : wordsOf(dist as AnyDistribution),
  BernoulliSet: ({ levels, p }) => membersWords(levels as readonly unknown[], p as readonly number[]),
  IntegerBernoulliSet: ({ p }) =>
    membersWords(
      (p as readonly number[]).map((_, k) => k),
      p as readonly number[],
    ),
  Record: (_, dist) => fieldsText(partsOf(dist).fields[0]!),
  Composite: (_, dist) => fieldsText(partsOf(dist).fields[0]!),
  Sequence: (_, dist) => fieldsText(partsOf(dist).fields[0]!),
  DiagonalGaussian: (_, dist) => fieldsText(partsOf(dist).fields[0]!),
  MultivariateGaussian: (_, dist) => fieldsText(partsOf(dist).fields[0]!),
  Conditional: (_, dist) => fieldsText(partsOf(dist).fields[0]!),
  Multinomial: (_, dist) => fieldsText(partsOf(dist).fields[0]!.slice(1)),
  MarkovChain: ({ initial, transitions }) => {
    const row = (pairs: unknown) => levelWords((pairs as Pairs).map(([level, p]) => ({ level, p })));
    const rows = (transitions as readonly (readonly [unknown, Pairs])[]).slice(0, SHOWN_LEVELS);
    return [
      `begins with ${row(initial)}`,
      ...rows.map(([level, pairs]) => `after ${valueText(level)}: ${row(pairs)}`),
    ].join('; ');
  },
  VonMisesFisher: ({ mu, kappa }) =>
    `towards (${(mu as readonly number[])
      .slice(0, 5)
      .map((x) => significant(x, 2))
      .join(
        ', ',
      )}${(mu as readonly number[]).length > 5 ? ', …' : ''}), concentration ${significant(kappa as number, 3)}`,
};

/** Levels below this are not worth a word beside others. */
const RARE = 0.001;

/** The most probable levels, the rest counted. */
function levelWords(levels: readonly LevelShare[]): string {
  const sorted = [...levels].filter(({ p }) => p >= RARE).sort((a, b) => b.p - a.p);
  const shown = sorted.length <= SHOWN_LEVELS + 1 ? sorted : sorted.slice(0, SHOWN_LEVELS);
  const rest = sorted.slice(shown.length);
  if (shown.length === 0) return `${count(levels.length)} values, none of ${percent(RARE)} or more`;
  const texts = shown.map(({ level, p }) => `${valueText(level)}${typeof level === 'number' ? ':' : ''} ${percent(p)}`);
  if (rest.length > 0) texts.push(`${count(rest.length)} others ${percent(rest.reduce((sum, { p }) => sum + p, 0))}`);
  return texts.join(', ');
}

/** The members that sets have most often. */
function membersWords(levels: readonly unknown[], p: readonly number[]): string {
  const sorted = levels.map((level, k) => ({ level, p: p[k]! })).sort((a, b) => b.p - a.p);
  const shown = sorted.slice(0, SHOWN_LEVELS).map((entry) => `${valueText(entry.level)} in ${percent(entry.p)}`);
  const rest = sorted.length - shown.length;
  return rest > 0 ? `${shown.join(', ')}, ${rest} others in less` : shown.join(', ');
}

/** Mean and spread of a number; for skewed families where most of it lies. */
function numericWords(dist: AnyDistribution, type: string): string | undefined {
  const { mean, variance, quantile } = dist as Queries<unknown>;
  if (typeof mean !== 'number') return undefined;
  if (type === 'Mixture') {
    const { components, w } = modelFields(dist) as unknown as {
      readonly components: readonly AnyDistribution[];
      readonly w: readonly number[];
    };
    const parts = components.map((component, k) => `${percent(w[k]!)} ${wordsOf(component)}`);
    if (parts.length <= SHOWN_LEVELS) return parts.join('; ');
  }
  if (quantile !== undefined && !SYMMETRIC.has(type)) {
    const [low, high] = [quantile.call(dist, 0.1), quantile.call(dist, 0.9)];
    const spread = high - low;
    if (spread > 0 && Number.isFinite(spread)) {
      const centre = Number.isFinite(mean) ? `mean ${roundedBy(mean, spread / 3)}, ` : '';
      const isWhole = Number.isInteger(low) && Number.isInteger(high);
      // The lower end of a long tail is small against the spread, and not 0.
      const end = (x: number) =>
        isWhole && spread < 300 ? count(x) : roundedBy(x, Math.min(spread / 3, Math.abs(x) || Infinity));
      return `${centre}80 % in ${end(low)} … ${end(high)}`;
    }
  }
  if (typeof variance !== 'number') return `mean ${significant(mean, 4)}`;
  return withSpread(mean, Math.sqrt(variance));
}

/** The parameters of a family about which nothing more is known: yours, for example. */
function parameterWords(fields: ModelFields): string {
  const texts = Object.entries(fields)
    .filter(([name, value]) => name !== 'type' && value !== null && value !== false && !isDistribution(value))
    .filter(([name]) => childrenOf({ type: '', [name]: fields[name] }).length === 0)
    .map(([name, value]) => `${name} ${parameterText(value)}`);
  return texts.length === 0 ? fields.type : `${fields.type}(${texts.join(', ')})`;
}

function parameterText(value: unknown): string {
  if (!Array.isArray(value)) return valueText(value);
  if (value.some((item) => typeof item === 'object' && item !== null)) return `of ${value.length} entries`;
  const shown = value.slice(0, SHOWN_LEVELS).map(valueText);
  return `[${[...shown, ...(value.length > SHOWN_LEVELS ? [`… ${value.length} in all`] : [])].join(', ')}]`;
}
