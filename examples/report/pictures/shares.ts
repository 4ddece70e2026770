/** One field of all components: what the components say of its values, weighted. */
import type { AnyDistribution, Queries } from '@dml/stats';
import type { Parts } from '../model/components.js';
import type { Field } from '../model/fields.js';

/** A field with its distribution in each component and the share of its values that come from there. */
export interface WeightedField {
  readonly field: Field;
  readonly dists: readonly AnyDistribution[];
  /** Sum to 1: shares of the values that are not missing. */
  readonly shares: readonly number[];
}

/** The fields that all components have, and rows show. Of topics no row shows the fields: it is a bag of their items. */
export function weightedFields({ kind, fields, weights }: Parts): readonly WeightedField[] {
  return fields[0]!.flatMap((field) => {
    const same = fields.map((list) => list.find(({ path }) => path === field.path));
    if ((field.steps === undefined && kind !== 'topic') || !same.every((other) => other !== undefined)) return [];
    const present = same.map(({ missing }, k) => weights[k]! * (1 - (missing ?? 0)));
    const total = present.reduce((sum, share) => sum + share, 0);
    if (!(total > 0)) return [];
    return [{ field, dists: same.map(({ dist }) => dist), shares: present.map((share) => share / total) }];
  });
}

/** The interval in which nearly all values lie, by quantiles or else by moments; `undefined` where neither is known. */
export function modelRange({ dists, shares }: WeightedField): readonly [number, number] | undefined {
  const ranges = dists.flatMap((dist, k) => {
    if (shares[k]! < 1e-3) return [];
    const { quantile, mean, variance } = dist as Queries<unknown>;
    if (quantile !== undefined) return [[quantile.call(dist, 0.002), quantile.call(dist, 0.998)] as const];
    if (typeof mean !== 'number' || typeof variance !== 'number') return [];
    return [[mean - 3 * Math.sqrt(variance), mean + 3 * Math.sqrt(variance)] as const];
  });
  const low = Math.min(...ranges.map(([from]) => from));
  const high = Math.max(...ranges.map(([, to]) => to));
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : undefined;
}

/** Whether all components are over integers: between two of them nothing has density. */
export function isOverIntegers({ dists }: WeightedField): boolean {
  return dists.every((dist) => {
    const { quantile } = dist as Queries<unknown>;
    const middle = quantile?.call(dist, 0.5);
    return middle !== undefined && Number.isInteger(middle) && dist.logDensity(middle + 0.5) === -Infinity;
  });
}
