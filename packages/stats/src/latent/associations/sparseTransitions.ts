/** Tables of probabilities with few entries above 0: P(target | source) of pairs of integers. */

import { checkObject } from '../../checks/parameters.js';
import { ParameterError } from '../../errors.js';
import { isIndex } from './associationColumns.js';

/** Entries of a sparse table in step: `p[i]` is P(to[i] | from[i]). All other probabilities are 0. */
export interface SparseTransitions {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly p: ArrayLike<number>;
}

/** A sparse table, by the number source · V + target of each entry, in ascending order. */
export class SparseTable implements SparseTransitions {
  /**
   * @param links  ascending, each once
   * @param p  those of each source sum to 1
   * @throws {ParameterError} for anything but a probability: an accelerated fit tries counts below 0, and must be told
   */
  constructor(
    readonly valueCount: number,
    readonly links: Float64Array,
    readonly p: Float64Array,
  ) {
    const bad = p.findIndex((share) => !(share >= 0 && share <= 1 + 1e-9));
    if (bad >= 0) throw new ParameterError('SparseTable', `p[${bad}]`, 'a probability', p[bad]);
  }

  get from(): Float64Array {
    return this.links.map((link) => Math.floor(link / this.valueCount));
  }

  get to(): Float64Array {
    return this.links.map((link) => link % this.valueCount);
  }

  /** The place of the first entry whose number is at least `link`. */
  #placeOf(link: number): number {
    let low = 0;
    let high = this.links.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.links[middle]! < link) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** P(target | source) of the link of this number. */
  at(link: number): number {
    const place = this.#placeOf(link);
    return this.links[place] === link ? this.p[place]! : 0;
  }

  /** P(target | source) of links in ascending order. */
  allAt(links: Float64Array): Float64Array {
    let place = 0;
    return links.map((link) => {
      while (place < this.links.length && this.links[place]! < link) place++;
      return this.links[place] === link ? this.p[place]! : 0;
    });
  }

  /** The places of a source's entries. */
  rangeOf(source: number): readonly [start: number, end: number] {
    return [this.#placeOf(source * this.valueCount), this.#placeOf((source + 1) * this.valueCount)];
  }
}

/** Calls `visit` for the entries of each source, which stand together. */
export function forEachSource(
  links: ArrayLike<number>,
  valueCount: number,
  visit: (source: number, start: number, end: number) => void,
): void {
  let start = 0;
  while (start < links.length) {
    const source = Math.floor(links[start]! / valueCount);
    let end = start + 1;
    while (end < links.length && links[end]! < (source + 1) * valueCount) end++;
    visit(source, start, end);
    start = end;
  }
}

/**
 * The table of some entries, in any order.
 * @throws {ParameterError} unless the lists are in step, each pair stands once, and the probabilities of each source sum to 1
 */
export function sparseTable(owner: string, name: string, given: unknown, valueCount: number): SparseTable {
  if (given instanceof SparseTable && given.valueCount === valueCount) return given; // made by an estimator
  const { from, to, p } = checkObject(owner, given as SparseTransitions, ['from', 'to', 'p']);
  for (const [field, list] of Object.entries({ from, to, p })) {
    const isList = (Array.isArray(list) || ArrayBuffer.isView(list)) && list.length === from?.length;
    if (!isList) throw new ParameterError(owner, `${name}.${field}`, 'a list of numbers, as long as the others', list);
  }
  const order = Array.from({ length: from.length }, (_, i) => i);
  for (const i of order) {
    for (const [field, value] of [['from', from[i]] as const, ['to', to[i]] as const]) {
      if (isIndex(value, valueCount)) continue;
      throw new ParameterError(owner, `${name}.${field}[${i}]`, `a value, 0 to ${valueCount - 1}`, value);
    }
    if (!(typeof p[i] === 'number' && p[i] >= 0 && p[i] <= 1 + 1e-9)) {
      throw new ParameterError(owner, `${name}.p[${i}]`, 'a probability', p[i]);
    }
  }
  const numbers = Float64Array.from(order, (i) => from[i]! * valueCount + to[i]!);
  order.sort((a, b) => numbers[a]! - numbers[b]!);
  const links = Float64Array.from(order, (i) => numbers[i]!);
  const twice = links.findIndex((link, i) => i > 0 && link === links[i - 1]);
  if (twice >= 0) {
    const pair = [from[order[twice]!]!, to[order[twice]!]!];
    throw new ParameterError(owner, name, 'a list of different pairs', pair);
  }
  const probabilities = Float64Array.from(order, (i) => p[i]!);
  forEachSource(links, valueCount, (source, start, end) => {
    const sum = probabilities.subarray(start, end).reduce((total, share) => total + share, 0);
    if (Math.abs(sum - 1) <= 1e-9) return;
    throw new ParameterError(owner, `${name} of source ${source}`, 'a list that sums to 1 within 1e-9', sum);
  });
  return new SparseTable(valueCount, links, probabilities);
}
