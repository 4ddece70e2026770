/**
 * Gives every rank the rows of its own segments, encoded, from wherever the rows come: from one rank, from all, from
 * streams. Ranks agree on the description of the rows (levels, ranges) once; then rows move once.
 */
import { failureOf } from './errors.js';
import { attempt, exchange, failAll, fromRoot, settle } from './exchange.js';
import { move } from './move.js';
import type { Algorithm, Columns, Communicator } from './ports.js';
import type { Rows } from './rows.js';
import { linesOf } from './signature.js';
import { firstSegment } from './tree.js';

/** The rows of one segment: rows `[start, end)` of `columns`. */
export interface Piece<C> {
  readonly columns: C;
  readonly start: number;
  readonly end: number;
  /** One per row of `columns`; absent for 1. */
  readonly weights?: Float64Array;
}

/** Encoded rows that a rank has brought, before they have moved. */
export interface BroughtRows<C> {
  readonly rowCount: number;
  /** Describes the rows of this rank alone. */
  readonly schema: C;
  readonly hasWeights: boolean;
  /** The rows `[start, end)` in order, in one or several parts. */
  read(start: number, end: number): Iterable<Part<C>>;
  /** Frees what holds the rows. */
  release(): void;
}

/** Consecutive rows with their weights. */
export interface Part<C> {
  readonly columns: C;
  readonly weights?: Float64Array | undefined;
}

/** Keeps the segments of one rank. */
export interface SegmentStore<C> {
  /** The rows of one of this rank's segments. */
  read(segment: number): Piece<C> | Promise<Piece<C>>;
  release(): void;
}

/** Takes the parts of a rank's rows in order, and keeps them. */
export interface StoreBuilder<C> {
  readonly add: (part: Part<C>) => void;
  readonly build: () => SegmentStore<C>;
}

/** Encoded rows of all ranks; this rank holds those of its own run of segments. */
export interface Shard<C> {
  /** Rows of all ranks. */
  readonly rowCount: number;
  /** Describes the rows of all ranks; without rows. */
  readonly schema: C;
  readonly hasWeights: boolean;
  readonly segmentCount: number;
  /** This rank holds segments `[firstSegment, endSegment)`, which are rows `[firstRow, endRow)`. */
  readonly firstSegment: number;
  readonly endSegment: number;
  readonly firstRow: number;
  readonly endRow: number;
  /** Rank r brought rows `[brought[r], brought[r + 1])`. */
  readonly brought: readonly number[];
  readonly store: SegmentStore<C>;
}

/** Whether rows are encoded and distributed already. */
export function isShard<T, C>(rows: Rows<T> | Shard<C>): rows is Shard<C> {
  return typeof rows === 'object' && rows !== null && 'store' in rows;
}

/** Where the rows of each rank begin, and their number in all: an exclusive prefix sum. */
export function offsetsOf(counts: readonly number[]): number[] {
  const offsets = [0];
  for (const count of counts) offsets.push(offsets.at(-1)! + count);
  return offsets;
}

/** Why a rank has no rows to bring. */
export interface UnreadRows {
  /** Rows read before the error. */
  readonly rowCount: number;
  /** The error, with row numbers that count from `firstRow`, the number of rows on lower ranks. */
  errorAt(firstRow: number): unknown;
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
