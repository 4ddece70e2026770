/** Numbers for people: as many digits as they deserve, digits in groups of three. */

/** `digits` significant digits, but all digits of whole numbers below 1e15. */
export function significant(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'not known' : x > 0 ? 'infinite' : '-infinite';
  if (x === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(x)));
  if (magnitude >= 15 || magnitude < -5) return exponential(x, Math.min(digits, 2));
  return fixed(x, Math.max(0, digits - 1 - magnitude));
}

/** A value whose digits below the second one of `spread` say nothing. */
export function roundedBy(x: number, spread: number): string {
  if (!(spread > 0 && spread < Infinity) || !Number.isFinite(x)) return significant(x, 4);
  const magnitude = Math.floor(Math.log10(spread));
  if (Math.abs(x) >= 1e15 || magnitude < -8) return exponential(x, 4);
  if (magnitude < 2) return fixed(x, 1 - magnitude);
  const unit = 10 ** (magnitude - 1);
  return fixed(Math.round(x / unit) * unit, 0);
}

/** `38.8 ± 2.7`: a mean and a standard deviation. */
export function withSpread(mean: number, deviation: number): string {
  if (!(deviation > 0)) return significant(mean, 6);
  if (!Number.isFinite(deviation)) return `${significant(mean, 4)}, spread without bound`;
  return `${roundedBy(mean, deviation)} ± ${roundedBy(deviation, deviation)}`;
}

/** `44 %`. */
export function percent(p: number): string {
  if (Number.isNaN(p)) return 'not known';
  const value = 100 * p;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.01) return '<0.01 %';
  if (value > 99.99) return '>99.99 %';
  if (value < 0.95) return `${value.toFixed(value < 0.095 ? 2 : 1)} %`;
  if (value > 99.05) return `${value.toFixed(value > 99.905 ? 2 : 1)} %`;
  return `${value.toFixed(0)} %`;
}

/** A log-likelihood or a criterion: differences below a tenth say nothing. */
export function nats(x: number): string {
  return Number.isFinite(x) ? fixed(x, 1) : significant(x);
}

/** A share of 1 that is compared, not counted: `0.96`. */
export function twoDecimals(x: number): string {
  return Number.isNaN(x) ? '' : x.toFixed(2);
}

/** A whole number: `1,204`. */
export function count(x: number): string {
  return Number.isInteger(x) ? fixed(x, 0) : fixed(x, 1);
}

function fixed(x: number, decimals: number): string {
  if (Math.abs(x) >= 1e21) return exponential(x, 4); // `toFixed` would write an exponent, too
  const [whole, fraction] = Math.abs(x).toFixed(Math.min(decimals, 20)).split('.');
  const sign = x < 0 && Number(`${whole}.${fraction ?? 0}`) > 0 ? '-' : '';
  return `${sign}${whole!.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

function exponential(x: number, digits: number): string {
  return x.toExponential(Math.max(0, digits - 1)).replace('e+', 'e');
}

/** Any value of a row or a model, short. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return shortest(value);
    // It may be a year or a code: they have no groups of digits.
    return Math.abs(value) < 10_000 ? String(value) : count(value);
  }
  if (value === null || value === undefined) return 'missing';
  return shortened(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Four significant digits without zeros at the end. */
function shortest(x: number): string {
  const text = significant(x, 4);
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

function shortened(text: string): string {
  const line = text.replace(/[\r\n\t]+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
