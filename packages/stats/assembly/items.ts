/** Lists of items: sums from a table, and weighted counts. Twin: src/numeric/kernels/twin/items.ts. */

export function itemScores(
  table: usize, offsets: usize, rowCount: i32, items: usize, base: f64, out: usize,
): void {
  for (let row = 0; row < rowCount; row++) {
    let left = load<i32>(offsets, 4) - load<i32>(offsets);
    let sum = base;
    let other: f64 = 0;
    for (; left >= 2; left -= 2) {
      sum += load<f64>(table + ((<usize>load<u32>(items)) << 3));
      other += load<f64>(table + ((<usize>load<u32>(items, 4)) << 3));
      items += 8;
    }
    if (left > 0) {
      sum += load<f64>(table + ((<usize>load<u32>(items)) << 3));
      items += 4;
    }
    store<f64>(out, sum + other);
    offsets += 4;
    out += 8;
  }
}

// @ts-ignore: decorator
@inline
function addTo(counts: usize, item: usize, weight: f64): void {
  const at = counts + ((<usize>load<u32>(item)) << 3);
  store<f64>(at, load<f64>(at) + weight);
}

export function itemCounts(offsets: usize, rowCount: i32, items: usize, weights: usize, counts: usize): f64 {
  let total: f64 = 0;
  for (let row = 0; row < rowCount; row++) {
    let left = load<i32>(offsets, 4) - load<i32>(offsets);
    const weight = load<f64>(weights);
    total += weight;
    if (weight == 0) items += (<usize>left) << 2;
    else {
      for (; left >= 2; left -= 2) {
        addTo(counts, items, weight);
        addTo(counts, items + 4, weight);
        items += 8;
      }
      if (left > 0) {
        addTo(counts, items, weight);
        items += 4;
      }
    }
    offsets += 4;
    weights += 8;
  }
  return total;
}
