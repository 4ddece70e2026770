/** Whether the families of a lookback hidden Markov model can be what they are used as: of windows, and of the first items. */
import { acceptedBy, violationOf } from '../../columns/columns.js';
import { MultinomialEstimator } from '../../combinators/multinomial.js';
import { SequenceEstimator } from '../../combinators/sequence.js';
import type { Encoder } from '../../contract.js';
import { ParameterError } from '../../errors.js';

/** A distribution, or an estimator. */
interface Encodable {
  encoder(): Encoder<unknown>;
}

/** What a chain, and what stands around one, shows of itself. By names, so that a page need not load all families. */
interface Windows {
  readonly lag?: unknown;
  readonly dist?: Windows;
  readonly estimator?: Windows;
  readonly components?: readonly Windows[];
  /** Of families whose `dist` is that of an item of a window. */
  readonly lengthNormalized?: unknown;
}

/** Lists of models whose estimators were looked at: the questions take longer than an iteration over few rows. */
const estimated = /* @__PURE__ */ new WeakSet<readonly unknown[]>();

/** These models, made by estimators that {@link checkWindows} or {@link checkHoldsLists} has looked at. */
export function asEstimated<Ds extends readonly unknown[]>(models: Ds): Ds {
  estimated.add(models);
  return models;
}

/**
 * A chain of another lag would score several steps of a window, or none, and so be no distribution of its last item. Rows of another
 * length, as the pairs of a conditional are where the lag is not 1, are no windows.
 * @throws {ParameterError}
 */
export function checkWindows(owner: string, emissions: readonly Encodable[], lag: number): void {
  if (estimated.has(emissions)) return;
  for (const [s, windows] of emissions.entries()) {
    const other = lagsOf(windows as Windows).find((own) => own !== lag);
    if (other === undefined) continue;
    const expected = `a distribution of an item given the ${lag} before it`;
    throw new ParameterError(owner, `emissions[${s}]`, `${expected} (as lag is ${lag})`, `a chain of lag ${other}`);
  }
  checkHoldsLists(owner, 'emissions', emissions, lag + 1, `windows of ${lag + 1} items (as lag is ${lag})`);
}

function lagsOf(windows: Windows): unknown[] {
  const { lag, dist, estimator, components = [], lengthNormalized } = windows;
  // A chain in a single item has a lag of its own.
  const isOfItems = windows instanceof SequenceEstimator || windows instanceof MultinomialEstimator;
  if (isOfItems || lengthNormalized !== undefined) return [];
  const parts = [dist, estimator, ...components].filter((part) => part !== undefined);
  return [...(lag === undefined ? [] : [lag]), ...parts.flatMap(lagsOf)];
}

/** Values that some family or other takes as an item. */
const ITEMS: readonly unknown[] = [1, 0.5, 'a', true, {}, [0], [1, 0], [[0], [0]], null];
/** Rows that are no lists. */
const NO_LISTS: readonly unknown[] = [1, 0.5, 'a', true, {}];
/** Lists of these lengths are tried to learn whether rows are lists of another length. */
const LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
/** Of longer lists nothing is asked: the question would take longer than the answer is worth. */
const MAX_ASKED = 1000;

/** Lists of `length` items, for families of lists, vectors, directions, shares, rankings and sets. */
function listsOf(length: number): readonly (readonly unknown[])[] {
  const list = (item: (i: number) => unknown) => Array.from({ length }, (_, i) => item(i));
  return [
    ...ITEMS.map((item) => list(() => item)),
    list((i) => i),
    list((i) => String.fromCharCode(97 + i)),
    list((i) => (i === 0 ? 1 : 0)),
    list(() => 1 / length),
  ];
}

/** Whether a row has the right shape, whatever stands in it. */
function hasShape(encoder: Encoder<unknown>, row: unknown): boolean {
  try {
    return (violationOf(encoder, row)?.path.length ?? 1) > 0;
  } catch {
    return acceptedBy(encoder)(row);
  }
}

/**
 * Families over lists of `length` items. Where it is not sure that rows are something else, nothing is said.
 * @param what  the lists, for the message
 * @throws {ParameterError} for a family of single values, or of lists of other lengths alone
 */
export function checkHoldsLists(
  owner: string,
  parameter: string,
  families: readonly Encodable[],
  length: number,
  what: string,
): void {
  if (length > MAX_ASKED || estimated.has(families)) return;
  for (const [s, family] of families.entries()) {
    const encoder = family.encoder();
    const takesLists = (n: number): boolean => listsOf(n).some((list) => hasShape(encoder, list));
    if (takesLists(length)) continue;
    if (!NO_LISTS.some((row) => hasShape(encoder, row)) && !LENGTHS.some(takesLists)) continue;
    throw new ParameterError(owner, `${parameter}[${s}]`, `a family over ${what}`, family);
  }
}
