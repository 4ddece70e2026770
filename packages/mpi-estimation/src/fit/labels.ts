/** Responsibilities that the caller gives for the first model of a mixture. */
import { formatValue, OptionError } from '../errors.js';
import type { Communicator } from '../ports.js';
import { attempt, exchange } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';

/** One list per row that this rank brought: how much of the row each component gets. `null` for a rank without rows. */
export type Responsibilities = readonly ArrayLike<number>[] | null;

/** The lists of one rank one after the other, each with the sum 1. */
interface Shares {
  readonly componentCount: number;
  readonly shares: Float64Array;
}

/**
 * Collective: the responsibilities of the rows of all ranks, component after component.
 * @throws {RankError} on every rank, for the first bad list, with the global number of its row
 * @throws {OptionError} on every rank, when ranks give different numbers of components
 */
export function gatherLabels(comm: Communicator, shard: Shard<unknown>, own: Responsibilities): Float64Array {
  const { rowCount } = shard;
  const all = exchange(
    comm,
    attempt(() => sharesOf(own ?? [], shard, comm.rank)),
  ).filter(({ shares }) => shares.length > 0);
  const componentCount = all[0]?.componentCount ?? 0;
  const other = all.find((part) => part.componentCount !== componentCount);
  if (other !== undefined) {
    throw new OptionError(
      `responsibilities: some ranks give ${componentCount} numbers per row, others ${other.componentCount}.`,
    );
  }
  const labels = new Float64Array(rowCount * componentCount);
  let row = 0;
  for (const { shares } of all) {
    for (let i = 0; i < shares.length; i++) {
      labels[(i % componentCount) * rowCount + row + Math.floor(i / componentCount)] = shares[i]!;
    }
    row += shares.length / componentCount;
  }
  return labels;
}

/** The shares of the rows that this rank brought, from the lists of those that it was given. */
function sharesOf(
  lists: readonly ArrayLike<number>[],
  { brought, given, numbers }: Shard<unknown>,
  rank: number,
): Shares {
  const firstGiven = given[rank]!;
  const givenCount = given[rank + 1]! - firstGiven;
  const rowCount = brought[rank + 1]! - brought[rank]!;
  if (lists.length !== givenCount) {
    throw new OptionError(
      `responsibilities must have one list per row of this rank, ${givenCount}, found ${lists.length}.`,
    );
  }
  const componentCount = lists[0]?.length ?? 0;
  const shares = new Float64Array(rowCount * componentCount);
  for (let i = 0; i < rowCount; i++) {
    const number = numbers?.[i] ?? i;
    const list = lists[number]!;
    let total = 0;
    for (let k = 0; k < componentCount; k++) total += isShare(list[k]) ? list[k]! : Number.NaN;
    if (list.length !== componentCount || !(total > 0 && total < Infinity)) {
      const expected = `${componentCount} finite numbers >= 0 that are not all 0`;
      const found = Array.from(list, formatValue).join(', ');
      const row = firstGiven + number;
      const message = `responsibilities: row ${row} must have ${expected}, found [${found}].`;
      throw Object.assign(new OptionError(message), { row });
    }
    for (let k = 0; k < componentCount; k++) shares[i * componentCount + k] = list[k]! / total;
  }
  return { componentCount, shares };
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}
