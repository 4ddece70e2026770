/** Encoded rows in three states: brought by a rank, on the move, and kept for a fit. */

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
  /** How many rows this rank was given: those of weight 0 are not brought. */
  readonly givenCount: number;
  /** The number of each row among those given; absent when all were brought. */
  readonly numbers: Int32Array | undefined;
  /** Describes the rows of this rank alone. */
  readonly schema: C;
  /** Whether a weight is not 1. */
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
  /** Whether {@link release} has been called. */
  readonly isReleased: boolean;
  /** The rows of one of this rank's segments. */
  read(segment: number): Piece<C> | Promise<Piece<C>>;
  /** Frees what holds the rows. They cannot be read again. */
  release(): void;
}

/** Takes parts of rows in order, and keeps them. What it opened is freed by the result, or by `discard` without one. */
export interface Builder<C, R> {
  add(part: Part<C>): void;
  build(): R;
  discard(): void;
}

/** Builds what a rank has read. */
export type RowsBuilder<C> = Builder<C, Omit<BroughtRows<C>, 'givenCount' | 'numbers'>>;

/** Builds what a rank keeps for the fit. */
export type StoreBuilder<C> = Builder<C, SegmentStore<C>>;

/** Encoded rows of all ranks; this rank holds those of its own run of segments. */
export interface Shard<C> {
  /** The algorithm that encoded them. */
  readonly encodedBy: { readonly estimator: unknown };
  /** Rows of all ranks, without those of weight 0. */
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
  /** The same for the rows that ranks were given: rows of weight 0 are as if absent, and are not brought. */
  readonly given: readonly number[];
  /** The number of each row that this rank brought, among those that it was given; absent when it brought all. */
  readonly numbers: Int32Array | undefined;
  readonly store: SegmentStore<C>;
}

/** A shard that has no rows yet. */
export type ShardPlan = Omit<Shard<unknown>, 'store' | 'schema'>;

/** Whether rows are encoded and distributed already. */
export function isShard<R, C>(rows: R | Shard<C>): rows is Shard<C> {
  return typeof rows === 'object' && rows !== null && 'store' in rows;
}

/** Why a rank has no rows to bring. */
export interface UnreadRows {
  /** Rows read before the error. */
  readonly givenCount: number;
  /** The error, with row numbers that count from `firstRow`, the number of rows on lower ranks. */
  errorAt(firstRow: number): unknown;
}
