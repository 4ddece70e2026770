/** Whether children are over the same rows: by the compiler, and by what a model from a file holds. */
import { violationOf } from '../columns/columns.js';
import type { AnyDistribution, RowOf } from '../contract.js';
import { ParameterError } from '../errors.js';

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
 * For models from files, which no compiler has seen.
 * @throws {ParameterError} for a child that has no row in common with the first: a categorical of strings beside a Gaussian
 */
export function checkSharedRows(owner: string, parameter: string, children: readonly AnyDistribution[]): void {
  const k = children.findIndex((child) => areApart(children[0]!, child));
  if (k < 0) return;
  throw new ParameterError(owner, `${parameter}[${k}]`, `a distribution over the rows of ${parameter}[0]`, children[k]);
}

/** What the comparison looks at. By names, not by classes: a page with one mixture need not load all families. */
interface Described {
  readonly type: string;
  readonly levels?: readonly unknown[];
  readonly dists?: readonly AnyDistribution[];
  readonly fields?: Readonly<Record<string, AnyDistribution>>;
  readonly dist?: AnyDistribution;
}

/** Whether no row of one can be a row of the other, as far as their shapes tell. */
function areApart(a: AnyDistribution, b: AnyDistribution): boolean {
  const [left, right] = [a.toJSON() as Described, b.toJSON() as Described];
  if (left.type === 'Ignored') return areApart(left.dist!, b);
  if (right.type === 'Ignored') return areApart(a, right.dist!);
  if (left.type === 'Categorical') return refusesLevels(b, left.levels!);
  if (right.type === 'Categorical') return refusesLevels(a, right.levels!);
  if (left.type !== right.type) return false;
  switch (left.type) {
    case 'Composite':
      return left.dists!.length !== right.dists!.length || left.dists!.some((d, j) => areApart(d, right.dists![j]!));
    case 'Record':
      return Object.entries(left.fields!).some(([name, field]) => {
        const other = right.fields![name];
        return other !== undefined && areApart(field, other);
      });
    case 'Optional':
    case 'Sequence':
    case 'Weighted':
      return areApart(left.dist!, right.dist!);
    default:
      return false;
  }
}

function refusesLevels(model: AnyDistribution, levels: readonly unknown[]): boolean {
  const encoder = model.encoder();
  return levels.length > 0 && levels.every((level) => violationOf(encoder, level) !== undefined);
}
