/** How often each pair of labels occurs: rows are the first labels, columns the second. */
export function countTable(
  first: readonly PropertyKey[],
  second: readonly PropertyKey[],
): Record<PropertyKey, Record<PropertyKey, number>> {
  const columns = [...new Set(second)].sort();
  const table = Object.fromEntries(
    [...new Set(first)].map((name) => [name, Object.fromEntries(columns.map((column) => [column, 0]))]),
  ) as Record<PropertyKey, Record<PropertyKey, number>>;
  first.forEach((name, i) => {
    table[name]![second[i]!]! += 1;
  });
  return table;
}

const pairs = (count: number) => (count * (count - 1)) / 2;

/**
 * How well two labellings agree about which pairs belong together: 1 for the same parts, about 0 for chance.
 * @see Hubert & Arabie (1985), Comparing partitions, eq. 5
 */
export function adjustedRandIndex(first: readonly PropertyKey[], second: readonly PropertyKey[]): number {
  const together = Object.values(countTable(first, second)).flatMap((row) => Object.values(row));
  const sizes = (labels: readonly PropertyKey[]) => {
    const counts = new Map<PropertyKey, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    return [...counts.values()];
  };
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + pairs(count), 0);
  const [both, one, other] = [sum(together), sum(sizes(first)), sum(sizes(second))];
  const expected = (one * other) / pairs(first.length);
  return (both - expected) / ((one + other) / 2 - expected);
}
