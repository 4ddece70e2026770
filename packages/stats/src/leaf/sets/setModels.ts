/** What families over sets check and report in the same words. */
import { checkProbability } from '../../checks/parameters.js';
import type { Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { BOUNDED } from '../findings.js';
import type { SetRule } from './sets.js';

/** Most integers that a set may hold: each has a probability. */
const MAX_ITEMS = 2 ** 22;

/** Whether a value may stand in a set of integers. */
function isItem(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_ITEMS;
}

function integersBelow(count: number): string {
  return `an integer in 0 … ${count - 1}`;
}

/** Sets of integers. */
export const INTEGERS: SetRule = { isItem, item: /* @__PURE__ */ integersBelow(MAX_ITEMS) };

/** @throws {ParameterError} unless `count` is an integer in 0 … {@link MAX_ITEMS} */
export function checkItemCount(owner: string, name: string, count: unknown): void {
  if (Number.isInteger(count) && (count as number) >= 0 && (count as number) <= MAX_ITEMS) return;
  throw new ParameterError(owner, name, `an integer in 0 … ${MAX_ITEMS}`, count);
}

/** @throws {ParameterError} unless `p` is a list of numbers in [0, 1], of any sum; `count` of them when that is given */
export function checkChances(owner: string, name: string, p: unknown, count?: number): void {
  const isList = Array.isArray(p) || (ArrayBuffer.isView(p) && !(p instanceof DataView));
  const list = p as ArrayLike<unknown>;
  if (!isList || list.length > MAX_ITEMS || (count !== undefined && list.length !== count)) {
    throw new ParameterError(owner, name, `a list of ${count === undefined ? '' : `${count} `}probabilities`, p);
  }
  for (let j = 0; j < list.length; j++) checkProbability(owner, `${name}[${j}]`, list[j]);
}

/** The check of `minP`. @throws {ParameterError} unless it is in [0, 0.5] */
export function checkMinP(owner: string, name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value <= 0.5) return;
  throw new ParameterError(owner, name, 'a number in [0, 0.5]', value);
}

/** Reports probabilities that are all 0 or 1: one set has all the weight. */
export function reportOneSet(report: Report | undefined, probabilities: Iterable<number>): void {
  let isEmpty = true;
  for (const p of probabilities) {
    if (p !== 0 && p !== 1) return;
    isEmpty = false;
  }
  if (isEmpty) return;
  const text = 'all rows hold the same set: every other one is impossible. Set pseudoCount or minP.';
  report?.add('degenerate', text, BOUNDED);
}
