/** Python's and NumPy's number types, as calls that wrap a printed number: `np.float32(0.1)`, `int(3.7)`, `bool(1)`. */

/** Names of the types. */
export const NUMBER_CALLS = /^(?:float|int|bool_?|u?int(?:8|16|32|64)|float(?:16|32|64|128)|longdouble)$/;

/** The value of `type(inner)` in Python, or `undefined` where Python raises an error. */
export function numberOf(type: string, inner: unknown): number | bigint | boolean | undefined {
  if (type.startsWith('bool')) return inner === null ? false : typeof inner === 'object' ? undefined : Boolean(inner);
  const value = typeof inner === 'string' ? numberInText(inner, type.includes('int')) : inner;
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') return undefined;
  if (type.includes('int')) return integerOf(type, typeof value === 'boolean' ? Number(value) : value);
  const double = Number(value);
  if (type === 'float32') return Math.fround(double);
  return type === 'float16' ? toHalf(double) : double;
}

function numberInText(text: string, isInteger: boolean): number | bigint | undefined {
  const word = text.trim().toLowerCase();
  if (isInteger) return /^[+-]?\d{1,4000}$/.test(word) ? BigInt(word.replace('+', '')) : undefined;
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/.exec(word);
  if (special !== null) return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(word) ? Number(word) : undefined;
}

/** Towards zero; `undefined` when the type cannot hold it. */
function integerOf(type: string, value: number | bigint): number | bigint | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  const integer = BigInt(typeof value === 'number' ? Math.trunc(value) : value);
  const bits = Number(/\d+$/.exec(type)?.[0] ?? 0);
  if (bits > 0) {
    const held = type.startsWith('u') ? BigInt.asUintN(bits, integer) : BigInt.asIntN(bits, integer);
    if (held !== integer) return undefined;
  }
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}

/** The nearest number of half precision, ties to even (IEEE 754 binary16). */
function toHalf(value: number): number {
  const size = Math.abs(value);
  if (!(size > 0 && size < Infinity)) return value;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const exponent = Math.max((view.getUint16(0) >> 4) - 1023, -14);
  const step = 2 ** (exponent - 10);
  const steps = size / step;
  const below = Math.floor(steps);
  const isUp = steps - below > 0.5 || (steps - below === 0.5 && below % 2 === 1);
  const rounded = (isUp ? below + 1 : below) * step;
  return Math.sign(value) * (rounded > 65_504 ? Infinity : rounded);
}
