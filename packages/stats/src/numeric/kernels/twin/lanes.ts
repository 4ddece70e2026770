/** Sums in four lanes: row i is added to lane i mod 4. */

/** (lane 0 + lane 2) + (lane 1 + lane 3) of the group of four lanes that starts at `at`. */
export function laneTotal(lanes: Float64Array, at: number): number {
  return lanes[at]! + lanes[at + 2]! + (lanes[at + 1]! + lanes[at + 3]!);
}

const lanes = new Float64Array(4);

/** Σ x of the entries [start, start + count), at most one run. */
export function sumFrom(x: Float64Array, start: number, count: number): number {
  lanes.fill(0);
  for (let i = 0; i < count; i++) lanes[i & 3]! += x[start + i]!;
  return laneTotal(lanes, 0);
}
