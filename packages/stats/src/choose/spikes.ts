/** Groups of nearly equal numbers, in a field or in a coordinate of vectors; and constant coordinates. */

/** At least 5 numbers within 1e-9 of the range of the central 90 % of the field or coordinate. */
export interface Spike {
  /** The smallest and the largest of them. */
  readonly from: number;
  readonly to: number;
  /** How many, equal ones each. */
  readonly count: number;
  /** The coordinate, counted from 0, where the values are vectors. */
  readonly coordinate?: number;
}

const MAX_SPIKES = 20;
const MIN_SPIKE = 5;
/** How near the numbers of a spike are to each other, against the range of the central 90 %. */
const SPIKE_WIDTH = 1e-9;

/** A run of numbers that are nearly equal. */
interface Run {
  readonly from: number;
  to: number;
  count: number;
}

/** @param counts  different numbers, each with how often it was seen */
export function spikesOf(counts: Iterable<readonly [number, number]>): readonly Spike[] {
  const numbers = [...counts].filter(([x]) => Number.isFinite(x)).sort(([a], [b]) => a - b);
  const at = (share: number) => numbers[Math.floor(share * (numbers.length - 1))]?.[0] ?? 0;
  const width = SPIKE_WIDTH * (at(0.95) - at(0.05));
  const runs: Run[] = [];
  for (const [x, count] of numbers) {
    const last = runs[runs.length - 1];
    if (last === undefined || x - last.to > width) runs.push({ from: x, to: x, count });
    else {
      last.to = x;
      last.count += count;
    }
  }
  const spikes = runs.filter(({ count }) => count >= MIN_SPIKE);
  // Counts, and numbers that were rounded, are equal everywhere: no number of them stands out.
  const alone = runs.filter(({ count }) => count === 1).length;
  const others = runs.reduce((sum, { count }) => sum + (count < MIN_SPIKE ? count : 0), 0);
  return alone > others / 2 ? spikes.slice(0, MAX_SPIKES) : [];
}

/** In how many vectors of a field a coordinate is missing. */
export interface MissingCoordinate {
  /** Counted from 0. */
  readonly coordinate: number;
  readonly missing: number;
}

/** Null, undefined or NaN. */
function isGap(entry: unknown): boolean {
  return entry === null || entry === undefined || Number.isNaN(entry);
}

/** Looks at the coordinates of vectors. */
export class VectorFacts {
  #vectors: ArrayLike<unknown>[] | undefined = [];
  /** The first entry of each coordinate that is there. */
  #first: unknown[] | undefined;
  #isConstant: boolean[] = [];
  #missing: number[] = [];

  /** @param most  so many vectors are kept, to look for spikes */
  constructor(readonly most: number) {}

  /** A value of the field; others than vectors are passed over. */
  add(value: unknown): void {
    const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
    if (!isList) return;
    const vector = value as ArrayLike<unknown>;
    if (this.#first === undefined) {
      this.#first = Array.from(vector);
      this.#isConstant = this.#first.map(() => true);
      this.#missing = this.#first.map(() => 0);
    }
    for (const [j, first] of this.#first.entries()) {
      if (j >= vector.length) continue; // a row that is too short is refused, and has no gap there
      if (isGap(vector[j])) this.#missing[j]!++;
      else if (isGap(first)) this.#first[j] = vector[j];
      else if (!Object.is(vector[j], first)) this.#isConstant[j] = false;
    }
    this.#vectors?.push(vector);
    if ((this.#vectors?.length ?? 0) > this.most) this.#vectors = undefined;
  }

  constantCoordinates(): readonly number[] {
    return this.#isConstant.flatMap((isConstant, j) => (isConstant && !isGap(this.#first![j]) ? [j] : []));
  }

  missingCoordinates(): readonly MissingCoordinate[] {
    return this.#missing.flatMap((missing, coordinate) => (missing > 0 ? [{ coordinate, missing }] : []));
  }

  spikes(): readonly Spike[] {
    return this.#isConstant.flatMap((isConstant, j) => {
      if (isConstant) return [];
      const numbers = Float64Array.from(this.#vectors ?? [], (vector) =>
        typeof vector[j] === 'number' ? vector[j] : Number.NaN,
      );
      return spikesOf(countSorted(numbers.filter((x) => !Number.isNaN(x)).sort())).map((spike) => ({
        ...spike,
        coordinate: j,
      }));
    });
  }
}

/** The different numbers of a sorted list, and how often each stands there. */
function countSorted(sorted: Float64Array): readonly (readonly [number, number])[] {
  const counts: [number, number][] = [];
  for (const x of sorted) {
    const last = counts[counts.length - 1];
    if (last?.[0] === x) last[1]++;
    else counts.push([x, 1]);
  }
  return counts;
}
