/** Stores values, or adds them to what is there. `add` is a constant where these are inlined, so its branches vanish. */

/** Two rows. */
// @ts-ignore: decorator
@inline
export function put(out: usize, values: v128, add: bool): void {
  v128.store(out, add ? f64x2.add(v128.load(out), values) : values);
}

/** One row: the first lane. */
// @ts-ignore: decorator
@inline
export function putOne(out: usize, values: v128, add: bool): void {
  v128.store64_lane(out, add ? f64x2.add(v128.load64_zero(out), values) : values, 0);
}
