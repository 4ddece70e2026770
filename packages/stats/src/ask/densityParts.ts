/** The parts of a log-density, model by model. By names, so that a page need not load all families. */
import { isMissing, type Missing } from '../combinators/optionalColumns.js';
import type { AnyDistribution, Step } from '../contract.js';
import type { Level } from '../families/categorical.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { posteriorOf } from '../latent/posterior.js';
import { type LabelledRow, sharesOf } from '../latent/semiSupervisedMixture/labelledColumns.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { componentsIn, type WeightedComponents } from './mixtures.js';
import { tailOf } from './tails.js';

/** A part of the log-density of a row. */
export interface ExplainedPart {
  /** Where in the row, as text: `visits[3].length`; empty for the row itself. */
  readonly field: string;
  /** The steps to it: field names, positions, coordinates, items. */
  readonly path: readonly Step[];
  /**
   * What is scored: a `value`; that a value is present or missing (`presence`); the `length` of a list; `mixing`: how much the
   * shares of the components given the row differ from their weights, -KL(r || w).
   */
  readonly of: 'value' | 'presence' | 'length' | 'mixing';
  /** The value. */
  readonly value: unknown;
  /** The part, in nats. Of a mixture Σ_k r_k log f_k, where r_k = P(component k | row). */
  readonly logDensity: number;
  /**
   * The probability, without sampling, of values that are at most as probable; for numbers with a density twice that of the
   * nearer tail; for a mixture Σ_k r_k of it, so that a value is compared with those of its component. `undefined` where a
   * family has no tails.
   */
  readonly tail: number | undefined;
}

/** A part whose place is not yet a text. */
type ScoredPart = Omit<ExplainedPart, 'field'>;

/** The parameters that are looked at, of all types. */
interface Described {
  readonly type: string;
  readonly fields?: Readonly<Record<string, AnyDistribution>>;
  readonly dists?: readonly AnyDistribution[];
  readonly dist?: AnyDistribution;
  readonly model?: AnyDistribution;
  readonly p?: number | null;
  readonly missing?: Missing;
  readonly length?: AnyDistribution;
  readonly lengthNormalized?: boolean;
}

/** @param x  a row of the model, whose log-density is no NaN */
export function densityParts(model: AnyDistribution, x: unknown, path: readonly Step[]): readonly ScoredPart[] {
  const mixture = componentsIn(model);
  if (mixture !== undefined) return mixtureParts(mixture, x, path);
  const described = model.toJSON() as Described;
  const { fields, dists, dist } = described;
  switch (described.type) {
    case 'Record':
      return fieldParts(Object.entries(fields!), x, path);
    case 'Composite':
      return fieldParts(dists!.entries(), x, path);
    case 'Ignored':
      return densityParts(dist!, x, path);
    case 'Variational':
      return densityParts(described.model!, x, path);
    case 'Optional':
      return optionalParts(described, x, path);
    case 'Conditional':
      return conditionalParts(model as never, x as readonly [unknown, unknown], path);
    case 'DiagonalGaussian':
      return coordinateParts(model, x as ArrayLike<unknown>, path, described);
    case 'Sequence':
      return [...sequenceParts(described, x as readonly unknown[], path), ...lengthPart(described.length!, x, path)];
    case 'JointMixture':
      return pairParts(model as never, x as readonly [unknown, unknown], path);
    case 'SemiSupervisedMixture':
      return labelledParts(model as never, x as LabelledRow<unknown>, path);
    case 'MarkovChain':
      return [...markovParts(model as never, x as readonly Level[], path), ...lengthPart(described.length!, x, path)];
    case 'IntegerChowLiuTree':
      return treeParts(model as never, x as ArrayLike<number>, path);
    case 'HiddenMarkov':
      return chainParts(model as never, x as readonly unknown[], path);
    default:
      return [valuePart(model, x, path)];
  }
}

function valuePart(model: AnyDistribution, x: unknown, path: readonly Step[]): ScoredPart {
  return { path, of: 'value', value: x, logDensity: model.logDensity(x), tail: tailOf(model, x) };
}

/** Of a vector with independent coordinates. Missing ones say nothing. */
function coordinateParts(
  model: AnyDistribution,
  x: ArrayLike<unknown>,
  path: readonly Step[],
  { missing }: Described,
): readonly ScoredPart[] {
  return Array.from(x).flatMap((value, j) =>
    isMissing(value, missing)
      ? []
      : [
          valuePart(
            model.marginalOf!(j, (child) => child),
            value,
            [...path, j],
          ),
        ],
  );
}

function fieldParts(
  fields: Iterable<readonly [Step, AnyDistribution]>,
  x: unknown,
  path: readonly Step[],
): readonly ScoredPart[] {
  const values = x as Readonly<Record<Step, unknown>>;
  return [...fields].flatMap(([step, field]) => densityParts(field, values[step], [...path, step]));
}

function optionalParts(
  { dist, p = null, missing }: Described,
  x: unknown,
  path: readonly Step[],
): readonly ScoredPart[] {
  const isGap = isMissing(x, missing);
  const share = isGap ? p : p === null ? null : 1 - p;
  const logDensity = share === null ? 0 : isGap ? log(p!) : log1p(-p!);
  const tail = share === null || share >= 0.5 ? 1 : share;
  const presence: ScoredPart = { path, of: 'presence', value: x, logDensity, tail };
  if (isGap) return [presence];
  return [...(p === null ? [] : [presence]), ...densityParts(dist!, x, path)];
}

function conditionalParts(
  model: {
    readonly dists: ReadonlyMap<unknown, AnyDistribution>;
    readonly otherwise: AnyDistribution | null;
    readonly given: AnyDistribution;
  },
  [level, value]: readonly [unknown, unknown],
  path: readonly Step[],
): readonly ScoredPart[] {
  const ofLevel = isNothing(model.given) ? [] : densityParts(model.given, level, [...path, 0]);
  const dist = model.dists.get(level) ?? model.otherwise;
  const at = [...path, 1];
  if (dist === null) return [...ofLevel, { path: at, of: 'value', value, logDensity: -Infinity, tail: 0 }];
  return [...ofLevel, ...densityParts(dist, value, at)];
}

function isNothing(model: AnyDistribution): boolean {
  return model.toJSON().type === 'Null';
}

function sequenceParts(
  { dist, lengthNormalized }: Described,
  x: readonly unknown[],
  path: readonly Step[],
): readonly ScoredPart[] {
  const parts = x.flatMap((item, t) => densityParts(dist!, item, [...path, t]));
  if (lengthNormalized !== true) return parts;
  return parts.map((part) => ({ ...part, logDensity: part.logDensity / x.length }));
}

function lengthPart(length: AnyDistribution, x: unknown, path: readonly Step[]): readonly ScoredPart[] {
  const count = (x as readonly unknown[]).length;
  return isNothing(length) ? [] : [{ ...valuePart(length, count, path), of: 'length' }];
}

/** What is asked of a hidden Markov model. */
interface AskedChain {
  readonly emissions: readonly AnyDistribution[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly length: AnyDistribution;
  filtered(x: readonly unknown[]): number[][];
  itemLogDensities(x: readonly unknown[]): number[];
}

/** Each item with those before it known; its tail is that of the states to come, weighed by the items so far. */
function chainParts(model: AskedChain, x: readonly unknown[], path: readonly Step[]): readonly ScoredPart[] {
  const { emissions, w, transitions, length } = model;
  const filtered = model.filtered(x);
  const items = model.itemLogDensities(x).map((logDensity, t): ScoredPart => {
    const before = t === 0 ? undefined : filtered[t - 1]!;
    const weights = w.map((share, s) => before?.reduce((sum, p, r) => sum + p * transitions[r]![s]!, 0) ?? share);
    const total = weights.reduce((sum, share) => sum + share, 0);
    const next =
      total > 0
        ? new MixtureDistribution<readonly AnyDistribution[]>(emissions, { w: weights.map((share) => share / total) })
        : undefined;
    return { path: [...path, t], of: 'value', value: x[t], logDensity, tail: next && tailOf(next, x[t]) };
  });
  return [...items, ...lengthPart(length, x, path)];
}

function mixtureParts({ components, w }: WeightedComponents, x: unknown, path: readonly Step[]): readonly ScoredPart[] {
  const scores = components.map((component) => component.logDensity(x));
  // An impossible row is impossible in all components: their weights say where to look.
  const shares = posteriorOf(scores, w) ?? w;
  return [...sharedParts(components, shares, x, path), mixingPart(shares, w, x, path)];
}

/** Each state given the one before it. */
function markovParts(
  model: {
    readonly initial: ReadonlyMap<unknown, number>;
    readonly transitions: ReadonlyMap<unknown, ReadonlyMap<unknown, number>>;
    readonly unseen: number;
    tablesFor(levels: readonly Level[]): { readonly initial: Float64Array; readonly transition: Float64Array };
  },
  x: readonly Level[],
  path: readonly Step[],
): readonly ScoredPart[] {
  const states = [...new Set(x)];
  const { initial, transition } = model.tablesFor(states);
  return x.map((value, t): ScoredPart => {
    const [code, before] = [states.indexOf(value), states.indexOf(x[t - 1]!)];
    const logDensity = t === 0 ? initial[code]! : transition[before * states.length + code]!;
    const next = t === 0 ? model.initial : model.transitions.get(x[t - 1]);
    return { path: [...path, t], of: 'value', value, logDensity, tail: next && shareAtMost(next, value, model.unseen) };
  });
}

/** Each feature given its parent. A vector of another length is no row of the tree. */
function treeParts(
  model: AnyDistribution & {
    readonly parents: readonly (number | null)[];
    readonly conditional: readonly (readonly (readonly number[])[])[];
  },
  x: ArrayLike<number>,
  path: readonly Step[],
): readonly ScoredPart[] {
  if (x.length !== model.parents.length) return [valuePart(model, x, path)];
  return Array.from(x, (value, j): ScoredPart => {
    const parent = model.parents[j] ?? null;
    const row = model.conditional[j]![parent === null ? 0 : x[parent]!];
    const logDensity = log(row?.[value] ?? 0);
    return {
      path: [...path, j],
      of: 'value',
      value,
      logDensity,
      tail: row && shareAtMost(new Map(row.entries()), value, 0),
    };
  });
}

/** P(a level is at most as probable as `value`), of levels in a table; one that is not in it has probability `unseen`. */
function shareAtMost(table: ReadonlyMap<unknown, number>, value: unknown, unseen: number): number {
  const own = table.get(value) ?? unseen;
  const others = [...table].reduce((sum, [level, p]) => (level !== value && p <= own ? sum + p : sum), 0);
  return Math.min((own + others) / (1 + unseen), 1);
}

/** Each value with its component and the shares of the cells; one part for the mixing of both. */
function pairParts(
  model: {
    readonly components1: readonly AnyDistribution[];
    readonly components2: readonly AnyDistribution[];
    readonly logCells: Float64Array;
    posterior(x: readonly [unknown, unknown]): readonly (readonly number[])[];
  },
  x: readonly [unknown, unknown],
  path: readonly Step[],
): readonly ScoredPart[] {
  const cells = model.posterior(x);
  const ofFirst = cells.map((row) => row.reduce((sum, share) => sum + share, 0));
  const ofSecond = model.components2.map((_, j) => cells.reduce((sum, row) => sum + row[j]!, 0));
  return [
    ...sharedParts(model.components1, ofFirst, x[0], [...path, 0]),
    ...sharedParts(model.components2, ofSecond, x[1], [...path, 1]),
    mixingPart(cells.flat(), Array.from(model.logCells, exp), x, path),
  ];
}

/** A label changes the weights: those of its components, v_k w_k / Σ_j v_j w_j. */
function labelledParts(
  { components, w }: WeightedComponents,
  [value, label]: LabelledRow<unknown>,
  path: readonly Step[],
): readonly ScoredPart[] {
  const shares = new Map(sharesOf(label));
  const ofLabel = w.map((weight, k) => (shares.size === 0 ? weight : weight * (shares.get(k) ?? 0)));
  const total = ofLabel.reduce((sum, weight) => sum + weight, 0);
  // A label of weight 0 is impossible whatever the value is.
  if (!(total > 0)) return [{ path, of: 'mixing', value: [value, label], logDensity: -Infinity, tail: undefined }];
  return mixtureParts({ components, w: ofLabel.map((weight) => weight / total) }, value, [...path, 0]);
}

/** -KL(r || w) = Σ_k r_k log(w_k / r_k). */
function mixingPart(
  shares: readonly number[],
  w: readonly number[],
  value: unknown,
  path: readonly Step[],
): ScoredPart {
  const logDensity = shares.reduce((sum, share, k) => (share > 0 ? sum + share * (log(w[k]!) - log(share)) : sum), 0);
  return { path, of: 'mixing', value, logDensity, tail: undefined };
}

/** Σ_k r_k of what each component says. */
function sharedParts(
  components: readonly AnyDistribution[],
  shares: readonly number[],
  x: unknown,
  path: readonly Step[],
): readonly ScoredPart[] {
  const sums = new Map<string, { part: ScoredPart; logDensity: number; tail: number | undefined }>();
  for (const [k, share] of shares.entries()) {
    if (!(share > 0)) continue;
    // Optionals in one another have several parts at one place: each has its own sum.
    const seen = new Map<string, number>();
    for (const part of densityParts(components[k]!, x, path)) {
      const place = JSON.stringify([part.of, part.path]);
      const nth = seen.get(place) ?? 0;
      seen.set(place, nth + 1);
      const key = `${place}${nth}`;
      const sum = sums.get(key) ?? { part, logDensity: 0, tail: 0 };
      sum.logDensity += share * part.logDensity;
      sum.tail = sum.tail === undefined || part.tail === undefined ? undefined : sum.tail + share * part.tail;
      sums.set(key, sum);
    }
  }
  // The shares may sum to the next number above 1.
  return [...sums.values()].map(({ part, logDensity, tail }) => {
    return { ...part, logDensity, tail: tail && Math.min(tail, 1) };
  });
}
