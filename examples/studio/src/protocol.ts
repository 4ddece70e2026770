/** What the page and its worker tell each other. All of it is plain data. */

import type { Criterion } from '@dml/stats';
import type { ComponentSummary } from '@dml-examples/report';
import type { ColumnType, TypedColumn } from '@dml-examples/tables';

/** A distribution of one field, drawn over bins or levels. */
export interface Bars {
  /** Of numbers: K + 1 edges. Of levels: none. */
  readonly edges?: readonly number[];
  readonly isLog?: boolean;
  readonly isDate?: boolean;
  /** Names of the levels. */
  readonly levels?: readonly string[];
}

/** A column as the page shows it. */
export interface ShownColumn extends Omit<TypedColumn, 'numbers' | 'levels'> {
  readonly bars: Bars | undefined;
  /** Rows per bin or level. */
  readonly counts: readonly number[];
  /** The types that it can be given. */
  readonly types: readonly ColumnType[];
}

export interface ShownTable {
  readonly name: string;
  readonly rowCount: number;
  readonly notes: readonly string[];
  readonly columns: readonly ShownColumn[];
}

/** A field under a model: how many rows each component expects in each bin or level, by component. */
export interface FieldPicture {
  readonly field: string;
  readonly expected: readonly (readonly number[])[];
}

export interface ModelPicture {
  readonly weights: readonly number[];
  readonly fields: readonly FieldPicture[];
}

/** One number of components: the value of the criterion, and how its starts ended. */
export interface Candidate {
  readonly k: number;
  readonly criterion: number;
  readonly agreeing: number;
  readonly trials: number;
}

export interface OddRow {
  /** From 0. */
  readonly row: number;
  readonly logDensity: number;
  readonly component: number;
}

/** A fitted model, as the page shows it. */
export interface ShownModel {
  readonly k: number;
  readonly picture: ModelPicture;
  /** In words, in the order of the model. */
  readonly components: readonly ComponentSummary[];
  readonly notes: readonly string[];
  readonly worst: readonly OddRow[];
}

/** A value of a row, and what the model says of it. */
export interface ShownValue {
  readonly field: string;
  /** Null where it is empty. */
  readonly value: string | null;
  /** Levels to choose from; absent for numbers. */
  readonly levels?: readonly string[];
  /** The part of the log-density, in nats; absent for empty values. */
  readonly logDensity?: number;
  /** The probability of values as far out or farther, among those of the row's components. */
  readonly tail?: number;
  /** Of a value that the file lacks, where the model says how often: in what share of such rows it is missing. */
  readonly missing?: number;
  /** What the other values of the row let expect. */
  readonly expected: string;
  /** Of empty values: the share of each bin or level, given the others. */
  readonly distribution?: readonly number[];
}

export interface ShownRow {
  readonly row: number;
  readonly isEdited: boolean;
  readonly logDensity: number;
  /** P(component | values that are there). */
  readonly responsibilities: readonly number[];
  readonly values: readonly ShownValue[];
}

export type EmbeddingMethod = 'tsne' | 'umap';

/** A row as a point in the plane. */
export interface PlacedRow {
  /** From 0. */
  readonly row: number;
  readonly x: number;
  readonly y: number;
  /** The most probable one. */
  readonly component: number;
}

export type Download = 'model' | 'report' | 'scores';

/** To the worker. */
export type Request =
  | { readonly type: 'open'; readonly file: Blob; readonly name: string }
  | { readonly type: 'types'; readonly types: Readonly<Record<string, ColumnType>>; readonly ignore: readonly string[] }
  | { readonly type: 'fit'; readonly most: number; readonly criterion: Criterion }
  | { readonly type: 'stop' }
  | { readonly type: 'embed'; readonly method: EmbeddingMethod }
  | { readonly type: 'stopEmbedding' }
  | { readonly type: 'show'; readonly k: number }
  | { readonly type: 'row'; readonly row: number; readonly edits: Readonly<Record<string, string | null>> }
  | { readonly type: 'download'; readonly what: Download };

/** From the worker. */
export type Answer =
  | { readonly type: 'table'; readonly table: ShownTable }
  | {
      readonly type: 'progress';
      readonly share: number;
      readonly words: string;
      readonly picture: ModelPicture | undefined;
    }
  | { readonly type: 'candidates'; readonly candidates: readonly Candidate[] }
  | { readonly type: 'fitted'; readonly isStopped: boolean }
  | { readonly type: 'model'; readonly model: ShownModel }
  | { readonly type: 'row'; readonly row: ShownRow }
  | {
      readonly type: 'embedding';
      readonly placed: readonly PlacedRow[];
      /** Of the way; 1 when it is done or was stopped. */
      readonly share: number;
    }
  | { readonly type: 'file'; readonly name: string; readonly content: Blob }
  | {
      readonly type: 'error';
      readonly message: string;
      readonly row?: number;
      readonly column?: string;
      readonly during: Request['type'];
    };
