/**
 * Fills the missing values of a row from those that are present: once, by predictions, or many times, by random draws.
 * Source: Little & Rubin, Statistical Analysis with Missing Data (2002), ch. 4 and 10.
 */
import type { CompositeDistribution } from '../combinators/composite.js';
import type { ConditionalDistribution } from '../combinators/conditional.js';
import type { IgnoredDistribution } from '../combinators/ignored.js';
import type { OptionalDistribution } from '../combinators/optional.js';
import type { RecordDistribution } from '../combinators/record.js';
import type { SequenceDistribution } from '../combinators/sequence.js';
import type { AnyDistribution, RowOf, Sampler, Seed, Step } from '../contract.js';
import type { HiddenMarkovDistribution } from '../latent/hiddenMarkov/model.js';
import type { HiddenSemiMarkovDistribution } from '../latent/hiddenSemiMarkov/model.js';
import type { HierarchicalMixtureDistribution } from '../latent/hierarchicalMixture/hierarchicalMixture.js';
import type { JointMixtureDistribution } from '../latent/jointMixture/jointMixture.js';
import type { MixtureDistribution } from '../latent/mixtures/mixture.js';
import type { TreeHiddenMarkovDistribution } from '../latent/treeHiddenMarkov/model.js';
import type { TreeRow } from '../latent/treeHiddenMarkov/tree.js';
import { samplerOf } from '../numeric/random.js';
import { centreOf } from './centre.js';
import { given } from './given.js';
import { NOTHING, type Opened } from './opened.js';
import { openGaps } from './openGaps.js';
import type { VectorDistribution } from './parts.js';
import { checkQueried } from './queried.js';

/** A row of the model `D` with null, undefined or no field where a value is not known. */
export type IncompleteRow<D> =
  D extends RecordDistribution<infer Fs>
    ? { readonly [N in keyof Fs]?: IncompleteRow<Fs[N]> | null | undefined }
    : D extends CompositeDistribution<infer Ds>
      ? { readonly [J in keyof Ds]: IncompleteRow<Ds[J]> | null | undefined }
      : D extends VectorDistribution
        ? readonly (number | null | undefined)[]
        : D extends ConditionalDistribution<infer V, infer O, infer _G, infer L>
          ? readonly [L | null | undefined, IncompleteRow<V> | IncompleteRow<O> | null | undefined]
          : D extends IgnoredDistribution<infer E>
            ? IncompleteRow<E>
            : D extends OptionalDistribution<infer E, infer _M>
              ? RowOf<D> | IncompleteRow<E>
              : D extends MixtureDistribution<infer Cs>
                ? IncompleteRow<Cs[number]>
                : D extends JointMixtureDistribution<infer As, infer Bs>
                  ? readonly [RowOf<As[number]> | null | undefined, RowOf<Bs[number]> | null | undefined]
                  : D extends TreeHiddenMarkovDistribution<infer Es, infer _G>
                    ? TreeRow<IncompleteRow<Es[number]> | null | undefined>
                    : [ItemOf<D>] extends [never]
                      ? RowOf<D> | null | undefined
                      : readonly (IncompleteRow<ItemOf<D>> | null | undefined)[];

/** The model of the items of lists; never of other rows. */
type ItemOf<D> =
  D extends SequenceDistribution<infer E, infer _L>
    ? E
    : D extends HiddenMarkovDistribution<infer Es, infer _L>
      ? Es[number]
      : D extends HiddenSemiMarkovDistribution<infer Es, infer _G, infer _L>
        ? Es[number]
        : D extends HierarchicalMixtureDistribution<infer Es, infer _L>
          ? Es[number]
          : never;

/** A row of the model `D` without gaps: optional values are present. */
export type CompleteRow<D> =
  D extends RecordDistribution<infer Fs>
    ? { readonly [N in keyof Fs]: CompleteRow<Fs[N]> }
    : D extends CompositeDistribution<infer Ds>
      ? { readonly [J in keyof Ds]: CompleteRow<Ds[J]> }
      : D extends VectorDistribution
        ? readonly number[]
        : D extends ConditionalDistribution<infer V, infer O, infer _G, infer L>
          ? readonly [L, CompleteRow<V> | CompleteRow<O>]
          : D extends OptionalDistribution<infer E, infer _M>
            ? CompleteRow<E>
            : D extends IgnoredDistribution<infer E>
              ? CompleteRow<E>
              : D extends MixtureDistribution<infer Cs>
                ? CompleteRow<Cs[number]>
                : D extends TreeHiddenMarkovDistribution<infer Es, infer _G>
                  ? TreeRow<CompleteRow<Es[number]>>
                  : [ItemOf<D>] extends [never]
                    ? RowOf<D>
                    : readonly CompleteRow<ItemOf<D>>[];

/**
 * The row with its gaps filled by predictions, given the values that are present: the conditional mean of a number or a
 * coordinate, which has the smallest mean squared error; the median of a count; the most probable of levels. Values that are
 * present are kept, also those of fields that the model does not name.
 *
 * Gaps among the items of a list or the nodes of a tree are filled given all other items: under hidden states from their posterior
 * at that place, the mean Σ_s P(state s | list) E f_s.
 *
 * Where missing values are modelled (an optional field with P(missing) > 0), that they are missing counts as known.
 * @param model  a record, composite, conditional, joint mixture, vector, sequence, hidden Markov, semi-Markov or tree model,
 *   hierarchical mixture, or a mixture of these; also with optional parts. Other rows, and the values of a joint mixture, are known as
 *   a whole or not at all: gaps in them are kept where the model allows them, or refused. A list of a lookback model needs all its items
 * @param row  null, undefined or no field where a value is not known: fields, positions and coordinates
 * @throws {ParameterError} when the values that are present are impossible under the model
 * @example
 * const pair = new MultivariateGaussianDistribution({ mu: [0, 10], covariance: [[1, 0.5], [0.5, 1]] });
 * impute(pair, [2, null]); // [2, 11]
 */
export function impute<D extends AnyDistribution>(model: D, row: IncompleteRow<D>): CompleteRow<D> {
  checkQueried('impute', model);
  const { opened, rest } = restOf(model, row);
  return filled(opened, row, rest && centreOf(rest)) as CompleteRow<D>; // the row, and values of the model where it had gaps
}

/**
 * Draws the row with its gaps filled from their joint distribution given the values that are present: multiple imputation. The
 * variation of results between several such rows shows the uncertainty about the gaps.
 * @param model  as for {@link impute}
 * @param row  as for {@link impute}
 * @param seed  equal seeds draw equal rows; give each row its own
 * @throws {ParameterError} when the values that are present are impossible under the model
 * @example
 * const pair = new MultivariateGaussianDistribution({ mu: [0, 10], covariance: [[1, 0.5], [0.5, 1]] });
 * const five = imputations(pair, [2, null], 'row 0').sample(5); // [2, about 11] five times, standard deviation √¾
 */
export function imputations<D extends AnyDistribution>(
  model: D,
  row: IncompleteRow<D>,
  seed: Seed,
): Sampler<CompleteRow<D>> {
  checkQueried('imputations', model);
  const { opened, rest } = restOf(model, row);
  const sampler = rest?.sampler(seed);
  return samplerOf(() => filled(opened, row, sampler?.sample()) as CompleteRow<D>); // likewise
}

/** The distribution of what is missing; none where nothing is. */
function restOf(
  model: AnyDistribution,
  row: unknown,
): { readonly opened: Opened; readonly rest: AnyDistribution | undefined } {
  const opened = openGaps(model, row);
  if (opened.isComplete) return { opened, rest: undefined };
  const rest =
    opened.known === NOTHING ? opened.model : given(opened.model, opened.known as Readonly<Record<string, unknown>>);
  return { opened, rest };
}

/** The row with the values of `rest`, a row of the distribution of what is missing, in its gaps. */
function filled({ isComplete, known, inner, isPair, gaps }: Opened, row: unknown, rest: unknown): unknown {
  if (isComplete) return row;
  if (known === NOTHING)
    return inner === undefined || Array.isArray(rest) ? rest : { ...(row as object), ...(rest as object) };
  if (inner === undefined) return filledEntries(row as ArrayLike<unknown>, gaps!, rest as readonly unknown[]);
  const openCount = [...inner].filter(([, value]) => !value.isComplete).length;
  // In a list what is left has moved up.
  let next = 0;
  const leftAt = (step: Step): unknown => {
    if (isPair === true && openCount === 1) return rest;
    return Array.isArray(rest) ? rest[next++] : (rest as Readonly<Record<Step, unknown>>)[step];
  };
  const values = [...inner].map(([step, value]) => {
    const own = (row as Readonly<Record<Step, unknown>>)[step];
    return [step, value.isComplete ? own : filled(value, own, leftAt(step))] as const;
  });
  return Array.isArray(row) ? values.map(([, value]) => value) : { ...(row as object), ...Object.fromEntries(values) };
}

/** A vector. */
function filledEntries(
  row: ArrayLike<unknown>,
  gaps: ReadonlySet<number>,
  rest: readonly unknown[],
): readonly unknown[] {
  const left = [...rest];
  return Array.from(row, (value, j) => (gaps.has(j) ? left.shift() : value));
}
