/**
 * Acceleration of EM. EM is the fixed-point iteration s ← F(s) = E(M(s)) on the flat statistic s, whose entries are sums over
 * rows: so affine combinations of statistics keep its linear laws, and no family needs code of its own.
 *
 * Passes come in cycles. Two plain steps give the residuals r = F(s) - s and r₁ = F(F(s)) - F(s). Then one pass tries a model
 * further on:
 * - SQUAREM's step while residuals grow or turn. Its sign makes it go forward. Starts lie near saddles (components that are
 *   alike), and a secant step would go back to them.
 * - Anderson's step, over the plain steps of the last cycles, once residuals have shrunk in two cycles.
 * The try is rejected when the objective has fallen, and the fit goes on from the last plain step.
 *
 * All decisions are pure functions of reduced statistics, so all ranks decide alike.
 *
 * Sources: Varadhan & Roland (2008), Simple and globally convergent methods for accelerating the convergence of any EM
 * algorithm (scheme S3); Henderson & Varadhan (2019), Damped Anderson acceleration with restarts and monotonicity control.
 */
import type { Finding, FitMechanics } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { cholesky, solveLower } from '../numeric/cholesky.js';
import type {
  Advance,
  Advanced,
  AdvanceState,
  Base,
  Cycle,
  Estimated,
  Pair,
  PassStatistic,
  StepKind,
} from '../steps.js';

/** `'auto'` accelerates, `'none'` is plain EM. */
export type Acceleration = 'auto' | 'none';

/** @throws {ParameterError} for another value */
export function checkAcceleration(owner: string, acceleration: Acceleration): void {
  if (acceleration === 'auto' || acceleration === 'none') return;
  throw new ParameterError(owner, 'acceleration', '"auto" or "none"', acceleration);
}

/** The steps that acceleration is made of. */
export interface Mechanics<D> extends Omit<FitMechanics<D, unknown>, 'schema' | 'accumulatorIn'> {
  /** A statistic about the mean of `from`, as one about the mean of `to`. */
  moved(statistic: Float64Array, from: D, to: D): Float64Array;
}

/** Numbers in front of the accumulator's in a flat statistic: log-likelihood, weight of rows and of items. No step uses them. */
export const HEADER = 3;
/** The most plain steps that Anderson's step combines, and the most numbers that they may hold. */
const MAX_PAIRS = 11;
const MAX_NUMBERS = 2 ** 22;
/** The shortest and the first longest SQUAREM step; a longest step that was taken grows by this factor. */
const [MIN_CAP, FIRST_CAP, GROWTH] = [2, 4, 4];
/** Cycles without Anderson's step after one that was rejected. */
const PAUSE = 3;
/** How often a try that the M step refuses is brought nearer to the plain step. */
const TRIES = 5;

/** Plain EM. */
export function plainAdvance<D>({ maximization }: Pick<Mechanics<D>, 'maximization'>): Advance<D> {
  const state: AdvanceState<D> = { step: 'plain' };
  return {
    isAccelerated: false,
    initial: state,
    isRejected: () => false,
    next: (_state, model, statistic) => ({ state, ...maximization(model, statistic) }),
  };
}

/** Accelerated EM for flat statistics. */
export function acceleratedAdvance<D>({ logPrior, maximization, moved }: Mechanics<D>): Advance<D> {
  /** Where the prior is not known the likelihood may fall on the right way: then the residual must not grow. */
  function isRejected({ cycle }: AdvanceState<D>, model: D, statistic: PassStatistic): boolean {
    if (cycle?.base === undefined) return false;
    const numbers = statistic as Float64Array; // flat, as all statistics here
    const logLikelihood = numbers[0]!;
    if (!Number.isFinite(logLikelihood)) return true;
    const ofPrior = logPrior(model);
    if (ofPrior === -Infinity) return true;
    const [objective, before] = [logLikelihood + ofPrior, cycle.base.logLikelihood + cycle.base.logPrior];
    if (Number.isFinite(objective) && Number.isFinite(before)) return !(objective >= before);
    const pair = { from: cycle.entering, to: moved(numbers, model, cycle.origin) };
    const residual = residualOf(pair);
    return !(dot(residual, residual, scalesOf(cycle.pairs.at(-1)!, cycle.largest)) <= cycle.base.residual);
  }

  /** A plain step whose result enters the next pass. */
  function plainStep(cycle: Cycle<D>, model: D, statistic: Float64Array): Advanced<D> {
    const { base: _, ...rest } = cycle;
    return { state: { step: 'plain', cycle: rest }, ...maximization(model, statistic) };
  }

  /** The model of the longest of several tries that the M step takes without a finding that the plain step did not have. */
  function firstSound(
    tries: readonly Float64Array[],
    cycle: Cycle<D>,
    model: D,
    plain: Estimated<D>,
  ): { readonly entering: Float64Array; readonly model: D; readonly findings: readonly Finding[] } | undefined {
    for (const entering of tries) {
      try {
        const estimated = maximization(model, moved(entering, cycle.origin, model));
        if (estimated.findings.every((finding) => isKnown(finding, plain.findings))) return { entering, ...estimated };
      } catch (error) {
        if (!(error instanceof EstimationError)) throw error;
      }
    }
    return undefined;
  }

  /** The end of the two plain steps of a cycle: a try if there is one, else a plain step. */
  function leap(before: Cycle<D>, model: D, statistic: Float64Array): Advanced<D> {
    const cycle = isPowerOfTwo(before.count + 1) ? aboutModel(before, model, moved) : before;
    const [first, second] = cycle.pairs.slice(-2) as [Pair, Pair];
    const r = residualOf(first);
    const r1 = residualOf(second);
    const scales = scalesOf(second, cycle.largest);
    const [rr, qq, rq] = [dot(r, r, scales), dot(r1, r1, scales), dot(r, r1, scales)];
    const shrinking = qq < rr && rq > 0 ? cycle.shrinking + 1 : 0;
    const count = cycle.count + 1;
    const plain = maximization(model, statistic);
    const base: Base<D> = {
      ...plain,
      logLikelihood: statistic[0]!,
      logPrior: logPrior(model),
      statistic: second.to,
      residual: qq,
    };
    const takesAnderson = shrinking >= 2 && cycle.pause === 0 && cycle.pairs.length > 2;
    const v = r1.map((value, i) => value - r[i]!);
    const ratio = Math.sqrt(rr / dot(v, v, scales));
    const tries = takesAnderson
      ? shorterSteps(second.to, andersonStep(cycle.pairs, scales))
      : squaremSteps(first, r, v, Math.min(ratio, cycle.cap));
    const tried = firstSound(tries, cycle, model, plain);
    const pause = takesAnderson && tried === undefined ? PAUSE : Math.max(0, cycle.pause - 1);
    if (tried === undefined) {
      const next = { ...cycle, entering: second.to, isSecond: false, shrinking, pause, count };
      return { state: { step: 'plain', cycle: next }, ...plain };
    }
    const isCapped = !takesAnderson && ratio > cycle.cap && tried.entering === tries[0];
    return {
      state: {
        step: takesAnderson ? 'anderson' : 'squarem',
        cycle: { ...cycle, entering: tried.entering, isSecond: false, base, shrinking, pause, count, isCapped },
      },
      model: tried.model,
      findings: tried.findings,
    };
  }

  /** Back to the last plain step. */
  function back(cycle: Cycle<D>, base: Base<D>, step: StepKind): Advanced<D> {
    const { base: _, ...rest } = cycle;
    const isAnderson = step === 'anderson';
    return {
      state: {
        step: 'plain',
        cycle: {
          ...rest,
          entering: base.statistic,
          ...(isAnderson ? { pause: PAUSE, pairs: cycle.pairs.slice(-1) } : { cap: Math.max(MIN_CAP, cycle.cap / 2) }),
        },
      },
      model: base.model,
      findings: base.findings,
    };
  }

  return {
    isAccelerated: true,
    initial: { step: 'plain' },
    isRejected,
    next(state, model, statistic) {
      const numbers = statistic as Float64Array; // flat, as all statistics here
      if (state.cycle === undefined) {
        const cycle: Cycle<D> = {
          origin: model,
          entering: numbers,
          pairs: [],
          largest: new Float64Array(numbers.length),
          isSecond: false,
          cap: FIRST_CAP,
          isCapped: false,
          shrinking: 0,
          pause: 0,
          count: 0,
        };
        return plainStep(cycle, model, numbers);
      }
      const { base } = state.cycle;
      if (base !== undefined && isRejected(state, model, statistic)) return back(state.cycle, base, state.step);
      const pair = { from: state.cycle.entering, to: moved(numbers, model, state.cycle.origin) };
      const { cap, isCapped } = state.cycle;
      const cycle: Cycle<D> = {
        ...state.cycle,
        entering: pair.to,
        pairs: [...state.cycle.pairs, pair].slice(-pairLimit(numbers.length)),
        largest: largestOf(state.cycle.largest, pair),
        ...(base !== undefined && isCapped ? { cap: cap * GROWTH } : {}),
      };
      if (cycle.isSecond) return leap(cycle, model, numbers);
      return plainStep({ ...cycle, isSecond: true }, model, numbers);
    },
  };
}

function isKnown({ kind, path }: Finding, findings: readonly Finding[]): boolean {
  return findings.some((other) => other.kind === kind && other.path === path);
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0; // counts of passes: at least 1, far below 2^31
}

/** The same cycle about the mean of `model`: far from the mean, digits of a scatter are lost. */
function aboutModel<D>(cycle: Cycle<D>, model: D, moved: Mechanics<D>['moved']): Cycle<D> {
  const known = new Map<Float64Array, Float64Array>(); // a step often begins where the one before ended
  const move = (statistic: Float64Array): Float64Array => {
    const here = known.get(statistic) ?? moved(statistic, cycle.origin, model);
    known.set(statistic, here);
    return here;
  };
  const pairs = cycle.pairs.map(({ from, to }) => ({ from: move(from), to: move(to) }));
  return { ...cycle, origin: model, entering: move(cycle.entering), pairs };
}

function pairLimit(length: number): number {
  return Math.max(2, Math.min(MAX_PAIRS, Math.floor(MAX_NUMBERS / (2 * length))));
}

/** F(s) - s; the header counts nothing. */
function residualOf({ from, to }: Pair): Float64Array {
  const residual = new Float64Array(from.length);
  for (let i = HEADER; i < from.length; i++) residual[i] = to[i]! - from[i]!;
  return residual;
}

function largestOf(largest: Float64Array, { from, to }: Pair): Float64Array {
  return largest.map((value, i) => Math.max(value, Math.abs(to[i]! - from[i]!)));
}

/**
 * One over the squared size of each entry, so that no unit rules: its value, or the largest step that it has made where its
 * value is near 0, as the sum about a mean is.
 */
function scalesOf({ from, to }: Pair, largest: Float64Array): Float64Array {
  const scales = new Float64Array(from.length);
  for (let i = HEADER; i < from.length; i++) {
    const size = from[i]! * from[i]! + to[i]! * to[i]! + largest[i]! * largest[i]!;
    scales[i] = size > 0 && size < Infinity ? 1 / size : 0;
  }
  return scales;
}

function dot(a: Float64Array, b: Float64Array, scales: Float64Array): number {
  let sum = 0;
  for (let i = HEADER; i < a.length; i++) sum += scales[i]! === 0 ? 0 : a[i]! * b[i]! * scales[i]!;
  return sum;
}

/** s + 2ar + a²v with v = r₁ - r, for a = `length` and shorter ones; a = 1 is the second plain step. */
function squaremSteps({ from }: Pair, r: Float64Array, v: Float64Array, length: number): readonly Float64Array[] {
  const steps: Float64Array[] = [];
  for (let a = length; steps.length < TRIES && a > 1.01; a = (a + 1) / 2) {
    steps.push(from.map((s, i) => s + 2 * a * r[i]! + a * a * v[i]!));
  }
  return steps;
}

/** `longest` and steps half as long, from the statistic of the plain step. */
function shorterSteps(plain: Float64Array, longest: Float64Array | undefined): readonly Float64Array[] {
  if (longest === undefined) return [];
  return Array.from({ length: TRIES }, (_, i) => plain.map((s, at) => s + (longest[at]! - s) / 2 ** i));
}

/**
 * The combination of plain steps whose residual is the least: with ΔX and ΔR the differences of statistics and residuals from
 * step to step, s + r - (ΔX + ΔR) θ, and θ the least squares solution of ΔR θ = r.
 */
function andersonStep(pairs: readonly Pair[], scales: Float64Array): Float64Array | undefined {
  const count = pairs.length - 1;
  const residuals = pairs.map(residualOf);
  const differences = Array.from({ length: count }, (_, i) =>
    residuals[i + 1]!.map((value, at) => value - residuals[i]![at]!),
  );
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) matrix[i * count + j] = dot(differences[i]!, differences[j]!, scales);
  }
  let trace = 0;
  for (let i = 0; i < count; i++) trace += matrix[i * count + i]!;
  // Differences of neighbours are nearly alike: a small ridge decides between equal combinations.
  for (let i = 0; i < count; i++) matrix[i * count + i]! += 1e-10 * matrix[i * count + i]! + 1e-15 * trace;
  const factor = trace > 0 ? cholesky(matrix, count) : undefined;
  if (factor === undefined) return undefined;
  const theta = Float64Array.from(differences, (difference) => dot(difference, residuals[count]!, scales));
  solveLower(factor, count, theta);
  for (let i = count - 1; i >= 0; i--) {
    for (let j = i + 1; j < count; j++) theta[i]! -= factor[j * count + i]! * theta[j]!;
    theta[i]! /= factor[i * count + i]!;
  }
  const step = pairs[count]!.to.slice();
  for (let i = 0; i < count; i++) {
    const [before, after] = [pairs[i]!.to, pairs[i + 1]!.to];
    for (let at = HEADER; at < step.length; at++) step[at]! -= theta[i]! * (after[at]! - before[at]!);
  }
  return step;
}
