/** Whether children are over the same rows: by the compiler, and by what a model from a file holds. */
import { checkDistributions, checkEstimators } from '../checks/parameters.js';
import { acceptedBy, sameEncoder } from '../columns/columns.js';
import type { AnyDistribution, AnyEstimator, RowOf } from '../contract.js';
import { ParameterError } from '../errors.js';
import { areDisjoint, encodersAreApart } from './commonRows.js';

/** Rows by kind: whether a level is `'a'` or `'b'` decides nothing here. */
type Kind<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends object
        ? { readonly [K in keyof T]: Kind<T[K]> }
        : T;

/** Whether one kind of rows is part of the other: numbers and numbers that may be missing, say. */
type Meet<A, B> = [A] extends [B] ? true : [B] extends [A] ? true : false;

/**
 * Anything for children over the same rows, nothing that a child could be for others: `[Gaussian, Categorical]` does not
 * compile as the components of a mixture.
 */
export type OverSameRows<Cs extends readonly unknown[]> = {
  readonly [K in keyof Cs]: Meet<Kind<RowOf<Cs[K]>>, Kind<RowOf<Cs[0]>>>;
}[number] extends true
  ? unknown
  : readonly { readonly over: 'different rows' }[];

/** Children made of children over the same rows are so too, which the compiler cannot follow. */
export function overSameRows<Cs extends readonly unknown[]>(children: readonly unknown[]): Cs & OverSameRows<Cs> {
  return children as Cs & OverSameRows<Cs>;
}

/**
 * For models from files and callers without a compiler.
 * @throws {ParameterError} for a child that has no row in common with the first: a categorical of strings beside a Gaussian
 */
export function checkSharedRows(owner: string, parameter: string, children: readonly AnyDistribution[]): void {
  const k = children.findIndex((child, index) => index > 0 && areApart(children[0]!, child));
  if (k < 0) return;
  throw new ParameterError(owner, `${parameter}[${k}]`, `a distribution over the rows of ${parameter}[0]`, children[k]);
}

/** {@link checkSharedRows} for estimators. @throws {ParameterError} */
export function checkSharedEncoders(owner: string, parameter: string, children: readonly AnyEstimator[]): void {
  const encoders = children.map((child) => child.encoder());
  const k = encoders.findIndex((encoder, index) => index > 0 && encodersAreApart(encoders[0]!, encoder));
  if (k < 0) return;
  throw new ParameterError(owner, `${parameter}[${k}]`, `an estimator over the rows of ${parameter}[0]`, children[k]);
}

/** The components of a distribution, or what else it has of this kind. @throws {ParameterError} */
export function checkAlike(owner: string, parameter: string, children: readonly AnyDistribution[]): void {
  checkDistributions(owner, parameter, children);
  checkSharedRows(owner, parameter, children);
}

/** {@link checkAlike} for estimators. @throws {ParameterError} */
export function checkAlikeEstimators(owner: string, parameter: string, children: readonly AnyEstimator[]): void {
  checkEstimators(owner, parameter, children);
  checkSharedEncoders(owner, parameter, children);
}

/** What the comparison looks at. By names, not by classes: a page with one mixture need not load all families. */
interface Described {
  readonly type: string;
  readonly levels?: readonly unknown[];
  readonly dists?: readonly AnyDistribution[];
  readonly fields?: Readonly<Record<string, AnyDistribution>>;
  readonly dist?: AnyDistribution;
  readonly components?: readonly AnyDistribution[];
  readonly emissions?: readonly AnyDistribution[];
  readonly topics?: readonly AnyDistribution[];
  readonly initial?: readonly (readonly [unknown, unknown])[];
  readonly missing?: unknown;
}

/** Whether no row of one can be a row of the other, as far as their shapes tell. */
function areApart(a: AnyDistribution, b: AnyDistribution): boolean {
  const [left, right] = [a.toJSON() as Described, b.toJSON() as Described];
  return belowParent(left, b, right) ?? belowParent(right, a, left) ?? inFields(left, right) ?? leavesAreApart(a, b);
}

/** What the children of `one` decide; `undefined` when they do not. */
function belowParent(one: Described, other: AnyDistribution, described: Described): boolean | undefined {
  switch (one.type) {
    case 'Ignored':
      return one.dist && areApart(one.dist, other);
    case 'Mixture':
      return one.components?.every((component) => areApart(component, other));
    case 'Categorical':
      return described.type !== 'Categorical' && refusesAll(other, one.levels);
    case 'MarkovChain': {
      const states = one.initial?.map(([state]) => state) ?? [];
      const items = itemsOf(described);
      if (items !== undefined) return items.every((item) => refusesAll(item, states));
      // Lists of a fixed length, as vectors: with as many states. Both take the empty list where the other takes any length.
      const dimension = (other.encoder() as { readonly dimension?: unknown }).dimension;
      if (typeof dimension !== 'number') return undefined;
      return refusesAll(
        other,
        states.map((state) => new Array<unknown>(dimension).fill(state)),
      );
    }
    default: {
      const items = itemsOf(described);
      return items && itemsOf(one)?.every((item) => items.every((otherItem) => areApart(item, otherItem)));
    }
  }
}

/** Whether fields that both have are apart; `undefined` for models of other types. */
function inFields(left: Described, right: Described): boolean | undefined {
  if (left.type !== right.type) return undefined;
  switch (left.type) {
    case 'Composite':
      return left.dists!.length !== right.dists!.length || left.dists!.some((d, j) => areApart(d, right.dists![j]!));
    case 'Record':
      return Object.entries(left.fields!).some(([name, field]) => {
        const other = right.fields![name];
        return other !== undefined && areApart(field, other);
      });
    case 'TreeHiddenMarkov':
      return areApart(left.emissions![0]!, right.emissions![0]!);
    case 'Optional': // with one row for «missing», or a row is a gap here and a value there
      return !Object.is(left.missing, right.missing) || areApart(left.dist!, right.dist!);
    case 'Multinomial':
    case 'Weighted':
      return areApart(left.dist!, right.dist!);
    default:
      return undefined;
  }
}

function leavesAreApart(a: AnyDistribution, b: AnyDistribution): boolean {
  const [ours, theirs] = [a.encoder(), b.encoder()];
  if (sameEncoder(ours, theirs)) return false;
  const typical = [a.mode, a.mean, b.mode, b.mean].filter((row) => row !== undefined);
  return encodersAreApart(ours, theirs, typical) || areDisjoint(acceptedBy(ours), acceptedBy(theirs), typical);
}

/** The models of the items of a list. */
function itemsOf({ type, dist, emissions, topics }: Described): readonly AnyDistribution[] | undefined {
  if (type === 'Sequence') return [dist!];
  if (type === 'HiddenMarkov' || type === 'HiddenSemiMarkov') return emissions;
  return type === 'HierarchicalMixture' ? topics : undefined;
}

function refusesAll(model: AnyDistribution, levels: readonly unknown[] = []): boolean {
  const accepts = acceptedBy(model.encoder());
  return levels.length > 0 && !levels.some(accepts);
}
