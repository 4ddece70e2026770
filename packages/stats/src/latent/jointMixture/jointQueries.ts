/** What a joint mixture says of one value of a pair, and of the rest of a pair of which something is known. */
import { checkSteps, isPart, partSteps } from '../../checks/steps.js';
import type { AnyDistribution, Conditioned, Step } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { largestIndex } from '../../leaf/tableQueries.js';
import { exp } from '../../numeric/elementary.js';
import { addLogs, logSumExp } from '../../numeric/logSumExp.js';
import { MixtureDistribution } from '../mixtures/mixture.js';
import { posteriorOf } from '../posterior.js';
import type { Table } from '../weights.js';
import { normalized, sumOf, transposed } from './jointTables.js';

type Distributions = readonly AnyDistribution[];

/** The parts of a joint mixture. */
interface AskedPair {
  /** Components of x_1, and of x_2. */
  readonly sides: readonly [Distributions, Distributions];
  /** log w_k τ_kj, row-major. */
  readonly logCells: Float64Array;
  readonly tau12: Table;
  logDensity(pair: never): number;
}

/** A joint mixture with other components and tables. */
type MakePair = (
  components1: Distributions,
  components2: Distributions,
  tables: { readonly w1: readonly number[]; readonly tau12: Table },
) => AnyDistribution;

/**
 * One value alone comes from the components of its side: Σ_k w_k f_k, or Σ_j (Σ_k w_k τ_kj) g_j.
 * @throws {ParameterError} unless `steps` is 0 or 1
 */
export function marginalOfPair(
  { sides, logCells }: Pick<AskedPair, 'sides' | 'logCells'>,
  steps: Step | readonly Step[],
): AnyDistribution {
  if (Array.isArray(steps)) throw new ParameterError('marginal', 'steps', '0 or 1, one value of the pair', steps);
  const [side] = checkSteps(steps, [0, 1]) as readonly (0 | 1)[];
  return mixtureOf(sides[side!], shareOfSides(Array.from(logCells, exp), sides[1].length)[side!]);
}

/** The cells given what is known of either value: P(k, j | part) is proportional to w_k τ_kj f_k(part) g_j(part). */
export function conditionedPair(
  model: AskedPair & AnyDistribution,
  part: unknown,
  condition: (child: AnyDistribution, part: unknown) => Conditioned,
  makePair: MakePair,
): Conditioned {
  if (!isPart(part)) return { logDensity: model.logDensity(part as never), rest: undefined };
  const known = partSteps(part, [0, 1]);
  const { sides, logCells, tau12 } = model;
  const answersOf = (side: 0 | 1) =>
    sides[side].map(
      (component): Conditioned =>
        known.includes(side) ? condition(component, part[side]) : { logDensity: 0, rest: component },
    );
  const [answers1, answers2] = [answersOf(0), answersOf(1)];
  const scores = answers1.flatMap((a) => answers2.map((b) => addLogs(a.logDensity, b.logDensity)));
  const logDensity = logSumExp(
    scores.map((v, cell) => (logCells[cell] === -Infinity ? -Infinity : v + logCells[cell]!)),
  );
  const cells = logDensity > -Infinity ? posteriorOf(scores, Array.from(logCells, exp)) : undefined;
  if (cells === undefined) return { logDensity, rest: undefined };
  const [w1, w2] = shareOfSides(cells, answers2.length);
  const [first, second] = [restsOf(answers1, w1), restsOf(answers2, w2)];
  if (first === undefined) return { logDensity, rest: second && mixtureOf(second, w2) };
  if (second === undefined) return { logDensity, rest: mixtureOf(first, w1) };
  // A component of x_1 that is impossible keeps its row of the table, and weight 0.
  const tables = tau12.map((row, k) => {
    const own = cells.slice(k * row.length, (k + 1) * row.length);
    return w1[k] === 0 ? row : normalized(own);
  });
  return { logDensity, rest: makePair(first, second, { w1, tau12: tables }) };
}

/** What each component says of the rest of its value; `undefined` where all of it is known. */
function restsOf(answers: readonly Conditioned[], shares: readonly number[]): Distributions | undefined {
  const likeliest = answers[largestIndex(shares)]!.rest;
  // A component that cannot say what the rest is has weight 0: it keeps its place.
  return likeliest && answers.map(({ rest }) => rest ?? likeliest);
}

/** Sums over the rows and over the columns of K1 × K2 cells. */
function shareOfSides(cells: readonly number[], count2: number): readonly [readonly number[], readonly number[]] {
  const table = Array.from({ length: cells.length / count2 }, (_, k) => cells.slice(k * count2, (k + 1) * count2));
  return [normalized(table.map(sumOf)), normalized(transposed(table).map(sumOf))];
}

function mixtureOf(components: Distributions, w: readonly number[]): AnyDistribution {
  return new MixtureDistribution<Distributions>(components, { w });
}
