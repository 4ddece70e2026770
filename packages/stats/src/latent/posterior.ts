/** P(component | row), for rows about which something is asked, and for rows that the kernels cannot settle. */

import { violationOf } from '../columns/columns.js';
import { isMissing, type Missing } from '../combinators/optionalColumns.js';
import type { AnyDistribution, Encoder } from '../contract.js';
import { formatPath, ParameterError } from '../errors.js';
import { exp } from '../numeric/elementary.js';
import { kernels } from '../numeric/kernels/index.js';

/** Beside greater log-densities, log w loses the digits that decide: at 2^30 the 7th is gone, at 1e16 all. */
const FAR = 2 ** 30;

/**
 * w_k f_k / Σ_j w_j f_j, with the largest log-density taken out before the weights come in.
 * @param logDensity  log f_k(x); entries of weight 0 are not looked at
 * @returns K numbers that sum to 1; where some component has a pole, those share the row; `undefined` for a row of density 0
 */
export function posteriorOf(logDensity: ArrayLike<number>, w: readonly number[]): number[] | undefined {
  const counted = w.map((weight, k) => (weight > 0 ? logDensity[k]! : -Infinity));
  const largest = counted.reduce((most, v) => Math.max(most, v), -Infinity);
  if (largest === -Infinity) return undefined;
  const shares = counted.map((v, k) => (v === largest ? w[k]! : w[k]! * exp(v - largest)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** Whether the posterior of rows with this log-density must be computed again: {@link posteriorOf}. */
export function isFar(logDensity: number): boolean {
  const size = Math.abs(logDensity);
  return size > FAR && size < Infinity;
}

/**
 * The posteriors of those of `count` rows that are far from all components, by row.
 * @param evidence  log f(x) of the rows
 * @returns `undefined` when there are none, as nearly always
 * @param score  log f_k(x) of row `i` into `out[0]`
 */
function settleFarRows(
  evidence: Float64Array,
  count: number,
  logWeights: Float64Array,
  score: (k: number, i: number, out: Float64Array) => void,
): ReadonlyMap<number, readonly number[]> | undefined {
  let settled: Map<number, readonly number[]> | undefined;
  for (let i = 0; i < count; i++) {
    if (!isFar(evidence[i]!)) continue;
    const w = Array.from(logWeights, exp);
    const out = new Float64Array(1);
    const scores = w.map((weight, k) => {
      if (weight > 0) score(k, i, out);
      return out[0]!;
    });
    settled ??= new Map();
    settled.set(i, posteriorOf(scores, w)!); // the evidence is finite, so some component holds the row
  }
  return settled;
}

/** What single rows say of their component beside the weights: a label, say. */
export interface RowPrior {
  /** Adds log v_k to the log-densities of `count` rows from `start` on; those of component k begin at `k * stride`. */
  enter(start: number, count: number, logDensity: Float64Array, stride: number, componentCount: number): void;
  /** Divides the densities by Σ v_k w_k. Rows that no component holds get the posteriors that v_k w_k alone gives. */
  leave(
    start: number,
    count: number,
    logWeights: Float64Array,
    posterior: Float64Array,
    stride: number,
    evidence: Float64Array,
  ): void;
}

/**
 * Turns the log-densities of `count` rows from `start` on into posteriors, in place; those of component k begin at `k * stride`.
 * @param evidence  log f(x) of each row, to be filled
 * @param score  log f_k(x) of the row `start + i` into `out[0]`
 */
export function toPosteriors(
  logDensity: Float64Array,
  stride: number,
  start: number,
  count: number,
  logWeights: Float64Array,
  evidence: Float64Array,
  score: (k: number, i: number, out: Float64Array) => void,
  prior?: RowPrior,
): void {
  prior?.enter(start, count, logDensity, stride, logWeights.length);
  kernels().posterior(logDensity, stride, logWeights.length, count, logWeights, evidence);
  const settled = settleFarRows(evidence, count, logWeights, (k, i, out) => {
    score(k, i, out);
    if (prior === undefined) return;
    const ofRow = new Float64Array(logWeights.length).fill(out[0]!);
    prior.enter(start + i, 1, ofRow, 1, logWeights.length);
    out[0] = ofRow[k]!;
  });
  settled?.forEach((shares, i) => {
    shares.forEach((share, k) => {
      logDensity[k * stride + i] = share;
    });
  });
  prior?.leave(start, count, logWeights, logDensity, stride, evidence);
}

/** A model that is asked which component a row belongs to. */
interface AskedModel<T> {
  readonly w: readonly number[];
  readonly components: readonly AnyDistribution[];
  encoder(): Encoder<T>;
  toJSON(): { readonly type: string };
}

/**
 * log f_k(x) of each component; -Infinity without weight, and where only other components can hold such a row: then its density
 * is 0 there, as in columns. NaN for all where none can.
 */
export function componentScores(components: readonly AnyDistribution[], x: unknown, w?: readonly number[]): number[] {
  const scores = components.map((f, k) => (w?.[k] === 0 ? -Infinity : f.logDensity(x)));
  const isRow = scores.some((score, k) => w?.[k] !== 0 && !Number.isNaN(score));
  return isRow ? scores.map((score) => (Number.isNaN(score) ? -Infinity : score)) : scores;
}

/** P(component | x) of a mixture. @throws {ParameterError} */
export function componentsOf<T>(model: AskedModel<T>, x: T): number[] {
  const { w, components } = model;
  const logDensity = componentScores(components, x, w);
  const owner = `${model.toJSON().type}Distribution.posterior`;
  if (logDensity.some(Number.isNaN)) throw notARow(owner, model.encoder(), x);
  const shares = posteriorOf(logDensity, w);
  if (shares !== undefined) return shares;
  for (const component of components) {
    const path = impossibleGap(component, x);
    if (path === undefined) continue;
    throw new ParameterError(owner, nameOf(path), 'present, as P(missing) is 0 (leave p null to ignore gaps)', null);
  }
  return [...w];
}

/** The error for a value that has no density, not even 0. */
export function notARow(owner: string, encoder: Encoder<never>, x: unknown): ParameterError {
  const { path = [], expected = 'a row with a density', found = x } = violationOf(encoder, x) ?? {};
  return new ParameterError(owner, nameOf(path), expected, found);
}

function nameOf(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'x' : `x, field "${formatPath(path)}",`;
}

/** Where a value is missing that is never missing under the model. By names, so that a page need not load all families. */
function impossibleGap(model: AnyDistribution, x: unknown): readonly (string | number)[] | undefined {
  const { type, p, missing, dist, fields, dists } = model.toJSON() as {
    readonly type: string;
    readonly p?: unknown;
    readonly missing?: Missing;
    readonly dist?: AnyDistribution;
    readonly fields?: Readonly<Record<string, AnyDistribution>>;
    readonly dists?: readonly AnyDistribution[];
  };
  if (type === 'Optional') {
    if (!isMissing(x, missing)) return impossibleGap(dist!, x);
    return p === 0 ? [] : undefined;
  }
  if (type !== 'Record' && type !== 'Composite') return undefined;
  for (const [name, field] of Object.entries(type === 'Record' ? fields! : dists!)) {
    const step = type === 'Record' ? name : Number(name);
    const path = impossibleGap(field, (x as Readonly<Record<string | number, unknown>>)[step]);
    if (path !== undefined) return [step, ...path];
  }
  return undefined;
}
