/** Two rows from two places, one in each lane. */

// @ts-ignore: decorator
@inline
export function loadLanes(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1);
}

// @ts-ignore: decorator
@inline
export function storeLanes(a: usize, b: usize, lanes: v128): void {
  v128.store64_lane(a, lanes, 0);
  v128.store64_lane(b, lanes, 1);
}
