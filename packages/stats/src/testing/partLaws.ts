/** Laws of what a distribution says of parts of its rows: the chain rule, log f(part, rest) = log f(part) + log f(rest | part). */
import { conditionOn } from '../ask/condition.js';
import { marginal } from '../ask/marginal.js';
import { violationOf } from '../columns/columns.js';
import type { AnyDistribution, Step } from '../contract.js';
import { expectClose } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, offered, type Subject, UNTESTED } from './subject.js';

/** Sums of a few dozen logarithms, in another order. */
const TOLERANCE = 1e-9;

export function partLaws(laws: FamilyLaws): LawCheck[] {
  const each = lawMaker(laws, 20);
  return offered(laws, {
    conditioned: each('splits its density into that of a part and that of the rest', (s) => tries(s, splits)),
    marginalOf: each('has the marginal density of a part', (s) => tries(s, agreesWithMarginal)),
  });
}

type PartCheck = (distribution: AnyDistribution, row: unknown, step: Step, value: unknown, what: string) => unknown;

/** Checks each value of each row that has steps. */
function tries({ name, distribution, rows }: Subject, check: PartCheck): unknown {
  let isTested = false;
  for (const [i, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null) continue;
    for (const [step, value] of stepsOf(row)) {
      if (check(distribution, row, step, value, `${name}: row ${i}, step ${step}`) !== UNTESTED) isTested = true;
    }
  }
  return isTested ? undefined : UNTESTED;
}

function stepsOf(row: object): readonly (readonly [Step, unknown])[] {
  return Array.isArray(row) ? [...row.entries()] : Object.entries(row);
}

function splits(distribution: AnyDistribution, row: unknown, step: Step, value: unknown, what: string): unknown {
  const { logDensity, rest } = conditionOn(distribution, { [step]: value });
  if (Number.isNaN(logDensity)) return UNTESTED; // the values are not known one by one
  const others = without(row as object, step);
  if (rest === undefined) return expectClose(distribution.logDensity(row), logDensity, TOLERANCE, what);
  // A pair of which one is known leaves the other by itself, or a list of one.
  const isBare = Array.isArray(others) && others.length === 1 && violationOf(rest.encoder(), others) !== undefined;
  return expectClose(
    logDensity + rest.logDensity(isBare ? others[0] : others),
    distribution.logDensity(row),
    TOLERANCE,
    `${what}: density of the part and of the rest`,
  );
}

function without(row: object, step: Step): unknown {
  const others = stepsOf(row).filter(([other]) => other !== step);
  return Array.isArray(row) ? others.map(([, value]) => value) : Object.fromEntries(others);
}

function agreesWithMarginal(
  distribution: AnyDistribution,
  _row: unknown,
  step: Step,
  value: unknown,
  what: string,
): unknown {
  const { logDensity } = conditionOn(distribution, { [step]: value });
  if (Number.isNaN(logDensity)) return UNTESTED;
  return expectClose(
    marginal(distribution, step).logDensity(value),
    logDensity,
    TOLERANCE,
    `${what}: marginal density`,
  );
}
