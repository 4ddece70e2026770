/**
 * The statistic of all rows that components share, for floors: what a parent does with those of its children.
 */
import type { AnyEstimator, Pooling } from '../contract.js';

/** What can be pooled of a leaf: how much weight it has. */
interface Weighted {
  readonly count: number;
}

/**
 * Pools with an accumulator of the family, which brings moments to one origin.
 * @param sum  an empty accumulator; `first` is one of the statistics, and tells the shape
 */
export function poolWith<S extends Weighted>(
  kind: string,
  sum: (first: S) => { combine(statistic: S): void; value(): S },
): Pooling<S> {
  return {
    kind,
    pool(statistics) {
      const first = statistics.find(({ count }) => count > 0);
      if (first === undefined) return statistics[0]!;
      const total = sum(first);
      // The origin of a part without rows may lie anywhere, and cost digits.
      for (const statistic of statistics) if (statistic.count > 0) total.combine(statistic);
      return total.value();
    },
  };
}

/** The kind of a parent whose statistic holds one of each child; `undefined` when none of them is pooled. */
export function kindOfChildren(parent: string, children: readonly AnyEstimator[]): string | undefined {
  if (children.every(({ pooling }) => pooling === undefined)) return undefined;
  return `${parent}(${children.map(({ pooling }) => pooling?.kind ?? '-').join(', ')})`;
}

/** The pooling of a parent, from what `pool` makes of the statistics of its children; `undefined` when none is pooled. */
export function poolingOf<S>(
  parent: string,
  children: readonly AnyEstimator[],
  pool: (statistics: readonly S[]) => S,
): Pooling<S> | undefined {
  const kind = kindOfChildren(parent, children);
  if (kind === undefined) return undefined;
  return { kind, isHidden: children.some(({ pooling }) => pooling?.isHidden === true), pool };
}

/** The pooling of a latent family: see {@link poolingOf}. */
export function hiddenPoolingOf<S>(
  parent: string,
  components: readonly AnyEstimator[],
  pool: (statistics: readonly S[]) => S,
): Pooling<S> | undefined {
  const pooling = poolingOf(parent, components, pool);
  return pooling && { ...pooling, isHidden: true };
}

/**
 * The components that are alone of their kind, so that no other one tells how widely rows spread. One with a hidden variable below
 * does not ask.
 */
export function aloneOfKind(components: readonly AnyEstimator[]): readonly number[] {
  if (components.length === 1) return [];
  return components.flatMap(({ pooling }, k) => {
    if (pooling === undefined || pooling.isHidden === true) return [];
    const isAlone = components.every((other, j) => j === k || other.pooling?.kind !== pooling.kind);
    return isAlone ? [k] : [];
  });
}

/**
 * The pooled statistic of each child, for children that see rows of their own.
 * @param statistics  of each part, one statistic per child
 */
export function poolChildren(
  children: readonly AnyEstimator[],
  statistics: readonly (readonly unknown[])[],
): readonly unknown[] {
  return children.map(({ pooling }, j) => pooling?.pool(statistics.map((part) => part[j])));
}

/**
 * The pooled statistic of each component, for components that share rows: of its own and of all components of its kind, in all
 * parts.
 */
export function poolComponents(
  components: readonly AnyEstimator[],
  statistics: readonly (readonly unknown[])[],
): readonly unknown[] {
  const pooled = new Map<string, unknown>();
  return components.map(({ pooling }) => {
    if (pooling === undefined) return undefined;
    if (!pooled.has(pooling.kind)) {
      const alike = components.flatMap((other, k) => (other.pooling?.kind === pooling.kind ? [k] : []));
      const parts = statistics.flatMap((part) => alike.map((k) => part[k]));
      pooled.set(pooling.kind, pooling.pool(parts));
    }
    return pooled.get(pooling.kind);
  });
}
