/** Histograms with edges that people like. */

/** Counts of numbers in bins of equal width. */
export interface Bins {
  /** The edges are `start + i * width`. */
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
  /** Numbers far from the others, which would squeeze all bins into one corner, are counted here instead. */
  readonly below: number;
  readonly above: number;
}

/** Widths are rounded down, so that there may be twice as many. */
const MOST = 30;
const FEWEST = 10;

/**
 * Bins of sorted numbers, the width by the rule of Freedman & Diaconis (1981), rounded to 1, 2 or 5 times a power of ten.
 * @param sorted  at least one number
 * @param isWhole  the numbers are integers: bins hold whole numbers of them, and their edges lie between
 */
export function binsOf(sorted: Float64Array, isWhole = false): Bins {
  const n = sorted.length;
  const at = (p: number) => sorted[Math.min(n - 1, Math.floor(p * n))]!;
  const [low, high] = shownRange(sorted);
  const range = high - low;
  const spread = (at(0.75) - at(0.25)) * 2 * n ** (-1 / 3);
  const wanted = Math.min(Math.max(spread > 0 ? spread : range / 30, range / MOST), range / FEWEST);
  const nice = niceWidth(range > 0 ? wanted : Math.max(Math.abs(low) * 0.01, 1e-9));
  const width = isWhole ? Math.max(1, Math.round(nice)) : nice;
  const start = isWhole ? low - 0.5 : Math.floor(low / width) * width;
  const binCount = Math.max(1, Math.floor((high - start) / width) + 1);
  const counts = new Array<number>(binCount).fill(0);
  let below = 0;
  let above = 0;
  for (const x of sorted) {
    if (x < low) below++;
    else if (x > high) above++;
    else counts[Math.min(binCount - 1, Math.max(0, Math.floor((x - start) / width)))]! += 1;
  }
  return { start, width, counts, below, above };
}

/** The least and the largest number, or where the middle 99 % end when the others lie more than twice as far out. */
function shownRange(sorted: Float64Array): readonly [number, number] {
  const n = sorted.length;
  const [least, most] = [sorted[0]!, sorted[n - 1]!];
  const [low, high] = [sorted[Math.floor(0.005 * n)]!, sorted[Math.min(n - 1, Math.floor(0.995 * n))]!];
  const reach = high - low;
  if (!(reach > 0)) return [least, most];
  return [least < low - 2 * reach ? low : least, most > high + 2 * reach ? high : most];
}

/** The nearest of 1, 2, 5 times a power of ten that is not larger. */
export function niceWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const digit = width / power;
  const nice = digit < 1.9999999 ? 1 : digit < 4.9999999 ? 2 : digit < 9.9999999 ? 5 : 10;
  return Number((nice * power).toPrecision(12));
}
