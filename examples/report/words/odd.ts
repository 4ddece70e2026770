/** Rows that a model finds hardest to believe, and why. Plain data. */
import { type AnyDistribution, explain, ParameterError, type Rows, type SampledTail, type Seed } from '@dml/stats';
import { type Parts, partsOf } from '../model/components.js';
import { wholeOf } from '../model/fields.js';
import { wordsOf } from './families.js';
import { percent, valueText } from './numbers.js';
import { type SummaryOptions, titleIn } from './summary.js';

/** Options of {@link oddRows}. */
export interface OddRowsOptions extends Pick<SummaryOptions, 'titles' | 'names'> {
  /** How many rows. Default 5. */
  readonly count?: number;
  /** Rows that are drawn to see how many are as odd. Default 2000; none for lists. */
  readonly samples?: number;
  /** Default 0. */
  readonly seed?: Seed;
}

/** One value that makes a row odd. */
export interface OddValue {
  readonly title: string;
  readonly value: string;
  /** `component 3 has 49.5 ± 2.7; 0.02 % are as far out`. */
  readonly words: string;
}

/** A row, and why it is odd. */
export interface OddRow {
  /** Its index in the rows. */
  readonly row: number;
  readonly logDensity: number;
  /** The name of the component to which it belongs first of all; absent for models of one part, and for lists. */
  readonly component?: string;
  /** The share of drawn rows that are no more probable. */
  readonly tail?: SampledTail;
  /** The most telling first. */
  readonly values: readonly OddValue[];
}

const SHOWN_VALUES = 3;
/** A value as far out as this is worth a word. */
const FAR_OUT = 0.05;

/**
 * The rows of least density (of lists, per item), each with the values that make it so.
 * @example
 * for (const { row, values } of oddRows(model, rows)) console.log(row, values[0]?.title, values[0]?.words);
 */
export function oddRows(model: AnyDistribution, rows: Rows<unknown>, options: OddRowsOptions = {}): readonly OddRow[] {
  const { count = 5, seed = 0 } = options;
  const parts = partsOf(model);
  const isList = parts.kind === 'state';
  const { samples = 2000 } = isList ? { samples: 0 } : options;
  const scores = logDensities(model, rows);
  const perItem = (row: number) => scores[row]! / (isList ? Math.max(1, (rows[row] as ArrayLike<unknown>).length) : 1);
  const worst = smallest(rows.length, count, perItem);
  const drawn = samples === 0 ? undefined : drawnDensities(model, samples, seed);
  return worst.map((row) => {
    const { logDensity, parts: explained } = explain(model, rows[row] as never);
    const k = parts.kind === 'component' && parts.dists.length > 1 ? likeliest(parts, rows[row]) : undefined;
    const values = explained
      .filter(({ of }) => of !== 'mixing')
      .sort((a, b) => (a.tail ?? 1) - (b.tail ?? 1) || a.logDensity - b.logDensity)
      .filter(({ tail }, i) => i === 0 || (tail !== undefined && tail < FAR_OUT))
      .slice(0, SHOWN_VALUES)
      .map((part) => oddValue(part, parts, k, options));
    return {
      row,
      logDensity,
      ...(k === undefined ? {} : { component: nameOf(k, options) }),
      ...(drawn && { tail: tailOf(logDensity, drawn) }),
      values,
    };
  });
}

function nameOf(k: number, { names }: OddRowsOptions): string {
  return names?.[k] ?? `component ${k + 1}`;
}

function oddValue(
  part: ReturnType<typeof explain>['parts'][number],
  parts: Parts,
  k: number | undefined,
  options: OddRowsOptions,
): OddValue {
  const tail = part.tail === undefined ? '' : `${percent(part.tail)} are as far out`;
  if (part.of === 'length') return { title: 'length', value: valueText(part.value), words: tail };
  const isItem = parts.kind === 'state';
  const [item, ...inItem] = part.path;
  const steps = JSON.stringify(isItem ? inItem : part.path);
  const field = parts.fields[k ?? 0]!.find((each) => JSON.stringify(each.steps?.slice(isItem ? 1 : 0)) === steps);
  const name = field === undefined ? part.field : titleIn(options.titles ?? {}, field.path);
  const title = isItem ? `item ${item}${name === '' ? '' : `, ${name}`}` : name;
  const value = valueText(part.value);
  // The distribution of an item is a mixture of all states: too long for a table.
  if (field === undefined || isItem) return { title, value, words: tail };
  const isThere = part.value !== null && part.value !== undefined;
  const subject = k === undefined ? 'the model' : nameOf(k, options);
  const usual = `${subject} has ${wordsOf(isThere ? field.dist : wholeOf(field))}`;
  return { title, value, words: tail === '' ? usual : `${usual}; ${tail}` };
}

function logDensities(model: AnyDistribution, rows: Rows<unknown>): Float64Array {
  const out = new Float64Array(rows.length);
  model.seqLogDensity(model.encoder().encode(rows as readonly unknown[]), 0, rows.length, out);
  return out;
}

/** Log-densities of rows that are drawn, once for all odd rows: draws from many levels take their time. */
function drawnDensities(model: AnyDistribution, samples: number, seed: Seed): readonly number[] | undefined {
  try {
    const sampler = model.sampler(seed);
    return Array.from({ length: samples }, () => model.logDensity(sampler.sample()));
  } catch (error) {
    // Some models score rows that they cannot draw: lists without a length or a beginning.
    if (error instanceof ParameterError) return undefined;
    throw error;
  }
}

/** As `explain` has it. */
function tailOf(logDensity: number, drawn: readonly number[]): SampledTail {
  const samples = drawn.length;
  const count = drawn.filter((other) => other <= logDensity).length;
  const p = (count + 1) / (samples + 2);
  return { probability: count / samples, standardError: Math.sqrt((p * (1 - p)) / samples), samples };
}

/** The `count` indices with the smallest scores, the smallest first. */
function smallest(length: number, count: number, score: (i: number) => number): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < length; i++) {
    if (found.length === count && !(score(i) < score(found[count - 1]!))) continue;
    const at = found.findIndex((other) => score(i) < score(other));
    found.splice(at === -1 ? found.length : at, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}

/** The component to which a row belongs first of all. */
function likeliest({ dists, weights }: Parts, row: unknown): number {
  const scores = dists.map((dist, k) => Math.log(weights[k]!) + dist.logDensity(row));
  return scores.reduce((best, score, k) => (score > scores[best]! ? k : best), 0);
}
