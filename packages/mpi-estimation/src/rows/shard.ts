/**
 * Gives every rank the rows of its own segments, encoded, from wherever the rows come: from one rank, from all, from
 * streams. Ranks agree on the description of the rows (levels, ranges) once; then rows move once.
 */
import type { BroughtRows, Part, Shard, StoreBuilder, UnreadRows } from './encodedRows.js';
import { failureOf } from '../errors.js';
import { attempt, exchange, failAll, fromRoot, settle } from '../ranks/exchange.js';
import { move } from './move.js';
import type { Algorithm, Columns, Communicator } from '../ports.js';
import { linesOf } from '../ranks/agree.js';
import { firstSegment } from './tree.js';

/** Where the rows of each rank begin, and their number in all: an exclusive prefix sum. */
export function offsetsOf(counts: readonly number[]): number[] {
  const offsets = [0];
  for (const count of counts) offsets.push(offsets.at(-1)! + count);
  return offsets;
}

/** What a rank tells of its rows before they move. */
interface Census {
  readonly rowCount: number;
  readonly hasWeights: boolean;
  readonly isUnread: boolean;
}

/** Collective: the census of all ranks. @throws {RankError} on every rank, for the lowest rank whose rows are bad */
function takeCensus(comm: Communicator, own: BroughtRows<unknown> | UnreadRows): Census[] {
  const isUnread = 'errorAt' in own;
  const hasWeights = !isUnread && own.hasWeights;
  const census = exchange<Census>(comm, { value: { rowCount: own.rowCount, hasWeights, isUnread } });
  const failed = census.findIndex((entry) => entry.isUnread);
  if (failed < 0) return census;
  const firstRow = census.slice(0, failed).reduce((sum, { rowCount }) => sum + rowCount, 0);
  const error = isUnread ? own.errorAt(firstRow) : undefined;
  return failAll(comm, failed === comm.rank ? { failure: failureOf(error), error } : { value: null });
}

/**
 * Collective: makes the shard of each rank.
 * @param own  the rows that this rank brought, or why it could not
 * @param builder  makes the store for the rows that this rank is to hold
 * @throws {RankError} on every rank, when the rows of one are bad
 */
export function makeShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  own: BroughtRows<C> | UnreadRows,
  builder: (schema: C, plan: Omit<Shard<C>, 'store' | 'schema'>) => StoreBuilder<C>,
): Shard<C> {
  const census = takeCensus(comm, own);
  const rows = own as BroughtRows<C>; // else the census has thrown
  const brought = offsetsOf(census.map(({ rowCount }) => rowCount));
  const rowCount = brought.at(-1)!;
  const segmentCount = algorithm.segments.count(rowCount);
  const runs = Array.from({ length: comm.size + 1 }, (_, rank) => firstSegment(segmentCount, rank, comm.size));
  const held = runs.map((segment) => algorithm.segments.start(rowCount, segment));
  const plan = {
    rowCount,
    hasWeights: census.some(({ hasWeights }) => hasWeights),
    segmentCount,
    firstSegment: runs[comm.rank]!,
    endSegment: runs[comm.rank + 1]!,
    firstRow: held[comm.rank]!,
    endRow: held[comm.rank + 1]!,
    brought,
  };
  const schema = agreeOnSchema(comm, algorithm, rows.schema);
  const { add, build } = settle(
    comm,
    attempt(() => builder(schema, plan)),
  );
  const agreed = linesOf(schema).join('\n');
  const isAgreed = (columns: C) => linesOf(algorithm.slice(columns, 0, 0)).join('\n') === agreed;
  const translate = ({ columns, weights }: Part<C>): Part<C> => ({
    // Levels get the codes that all ranks agreed on, unless they have them already: when one rank brought all rows, say.
    columns: isAgreed(columns) ? columns : algorithm.concat([schema, columns]),
    weights: plan.hasWeights ? (weights ?? new Float64Array(columns.rowCount).fill(1)) : undefined,
  });
  const firstBrought = brought[comm.rank]!;
  const moved = move<C>(comm, brought, held, {
    read: function* (start, end) {
      for (const part of rows.read(start - firstBrought, end - firstBrought)) yield translate(part);
    },
    add,
  });
  rows.release();
  return { ...plan, schema, store: settle(comm, 'failure' in moved ? moved : attempt(build)) };
}

/** Collective: one description of the rows of all ranks, earlier ranks first. */
function agreeOnSchema<T, D, C extends Columns>(comm: Communicator, algorithm: Algorithm<T, D, C>, own: C): C {
  if (comm.size === 1) return own;
  const schemas = comm.gatherObject(own);
  return fromRoot(comm, schemas === null ? undefined : attempt(() => algorithm.concat(schemas)));
}
