/** A model in words: its components, what is typical of each, and what tells them apart. Plain data. */
import type { AnyDistribution, Seed } from '@dml/stats';
import { type PartKind, type Parts, partsOf } from '../model/components.js';
import type { Field } from '../model/fields.js';
import { modelFields, plainJSON } from '../model/json.js';
import { contrast, type FieldDifference, whatTellsApart } from './apart.js';
import { wordsOf } from './families.js';
import { percent } from './numbers.js';

/** Options of {@link summary}. */
export interface SummaryOptions {
  /** Names of fields for people, by path, with their units: `{ flipper: 'flipper (mm)' }`. Default: the paths. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Names of the components by their index in the model. Default: `component 1`, … */
  readonly names?: readonly string[];
  /** Share of each component by its index in the model, for instance `occupancy` of a chain. Default: that of the model. */
  readonly shares?: readonly number[];
  /** Of the values that are drawn to see how far fields tell. Default 0. */
  readonly seed?: Seed;
}

/** What a component says of one field. */
export interface FieldSummary {
  readonly path: string;
  readonly title: string;
  /** The family: `Gaussian`. */
  readonly family: string;
  /** `38.8 ± 2.7`: mean and standard deviation; `Dream 37 %, Biscoe 29 %`; `mean 3.2, 80 % in 1 … 6`. */
  readonly words: string;
  /** P(the value is missing), where that is modelled. */
  readonly missing?: number;
  /** The distribution as its `toJSON` gives it, all digits. */
  readonly parameters: unknown;
}

/** Two coordinates of a Gaussian vector that go together. */
export interface Correlation {
  readonly paths: readonly [string, string];
  readonly r: number;
}

/** One component, state or topic. */
export interface ComponentSummary {
  /** Its place in the model, from 0. */
  readonly index: number;
  readonly name: string;
  readonly weight: number;
  readonly fields: readonly FieldSummary[];
  /** What is different from all rows together, the most telling first. */
  readonly marks: readonly string[];
  /** The strongest correlations within it, of at least 0.3. */
  readonly correlations: readonly Correlation[];
  /** Of states: expected number of items for which it is kept. */
  readonly meanDuration?: number;
  /** Of states: P(first state). */
  readonly first?: number;
}

/** See {@link summary}. Plain data: it survives `JSON.stringify` and `postMessage`. */
export interface Summary {
  /** The family of the model: `Mixture`. */
  readonly type: string;
  readonly kind: PartKind;
  /** By decreasing weight. */
  readonly components: readonly ComponentSummary[];
  /** The most telling first; none for one component. */
  readonly apart: readonly FieldDifference[];
  /** Titles of all fields by path. */
  readonly titles: Readonly<Record<string, string>>;
  /** Of states: P(to | from) in the order of the model. */
  readonly transitions?: readonly (readonly number[])[];
  /** Of states: the number of items of a list, in words, where it is modelled. */
  readonly length?: string;
}

const MARKS = 3;
/** Components of a smaller share are not shown one by one: those that a Dirichlet process keeps in reserve. */
const NEGLIGIBLE = 0.001;

/** The components to show, and how many others there are. */
export function shownComponents({ components, kind }: Summary): {
  readonly shown: readonly ComponentSummary[];
  readonly hiddenCount: number;
} {
  const shown = kind === 'state' ? components : components.filter(({ weight }) => weight >= NEGLIGIBLE);
  return shown.length === 0
    ? { shown: components, hiddenCount: 0 }
    : { shown, hiddenCount: components.length - shown.length };
}

/** `10 more have less than 0.1 % each`; empty where all are shown. */
export function hiddenWords(told: Summary): string {
  const { hiddenCount } = shownComponents(told);
  if (hiddenCount === 0) return '';
  return `${hiddenCount} more ${hiddenCount === 1 ? 'has' : 'have'} less than ${percent(NEGLIGIBLE)}${hiddenCount === 1 ? '' : ' each'}`;
}

/**
 * A model in words.
 * @param model  any model: of a mixture the components, of a hidden Markov model the states, of others the fields
 * @example
 * toText(summary(gaussianMixture({ mu: [0, 9], sigma2: 1, w: [0.3, 0.7] })));
 */
export function summary(model: AnyDistribution, options: SummaryOptions = {}): Summary {
  const { titles = {}, names, seed = 0 } = options;
  const own = partsOf(model);
  const parts = options.shares === undefined ? own : { ...own, weights: options.shares };
  const titleOf = (path: string) => titleIn(titles, path);
  const apart = whatTellsApart(parts, seed);
  const components = parts.dists.map((dist, index): ComponentSummary => {
    const { chain } = parts;
    return {
      index,
      name: names?.[index] ?? (parts.kind === 'model' ? 'model' : `${parts.kind} ${index + 1}`),
      weight: parts.weights[index]!,
      fields: parts.fields[index]!.map((field) => fieldSummary(field, titleOf)),
      marks: marksOf(parts, apart, index, titleOf),
      correlations: correlationsOf(dist),
      ...(chain && { meanDuration: chain.meanDurations[index]!, first: chain.first[index]! }),
    };
  });
  const paths = parts.fields.flatMap((fields) => fields.map(({ path }) => path));
  return {
    type: parts.type,
    kind: parts.kind,
    components: components.sort((a, b) => b.weight - a.weight || a.index - b.index),
    apart,
    titles: Object.fromEntries(paths.map((path) => [path, titleOf(path)])),
    ...(parts.chain && { transitions: parts.chain.transitions.map((row) => [...row]) }),
    ...(parts.chain?.length && { length: wordsOf(parts.chain.length) }),
  };
}

/** The title of a field. Its path may be a name that every object has, such as `constructor`. */
export function titleIn(titles: Readonly<Record<string, string>>, path: string): string {
  return Object.hasOwn(titles, path) ? titles[path]! : path;
}

function fieldSummary({ path, dist, missing }: Field, titleOf: (path: string) => string): FieldSummary {
  const words = wordsOf(dist);
  return {
    path,
    title: titleOf(path),
    family: modelFields(dist).type,
    words: missing === undefined || missing < 0.001 ? words : `${words}; ${percent(missing)} missing`,
    ...(missing === undefined ? {} : { missing }),
    parameters: plainJSON(dist),
  };
}

/** The fields in which a component is furthest from all rows together, at a tenth of a nat or more. */
function marksOf(
  { fields, weights }: Parts,
  apart: readonly FieldDifference[],
  k: number,
  titleOf: (path: string) => string,
): readonly string[] {
  return [...apart]
    .filter(({ divergences }) => divergences[k]! >= 0.1)
    .sort((a, b) => b.divergences[k]! - a.divergences[k]!)
    .slice(0, MARKS)
    .map(({ path }) => {
      const same = fields.map((list) => list.find((field) => field.path === path));
      if (!same.every((field) => field !== undefined)) return `${titleOf(path)} differs`;
      return `${titleOf(path)}: ${contrast(same, weights, k)}`.replace(/^: /, '');
    });
}

/** Of a Gaussian vector. */
function correlationsOf(dist: AnyDistribution): readonly Correlation[] {
  const { covariance } = modelFields(dist) as { readonly covariance?: readonly (readonly number[])[] };
  if (covariance === undefined) return [];
  const found = covariance.flatMap((row, i) =>
    row.slice(0, i).map((value, j) => ({
      paths: [`[${j}]`, `[${i}]`] as const,
      r: value / Math.sqrt(covariance[i]![i]! * covariance[j]![j]!),
    })),
  );
  return found
    .filter(({ r }) => Math.abs(r) >= 0.3)
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r))
    .slice(0, 5);
}
