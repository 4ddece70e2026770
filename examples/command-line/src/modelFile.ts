/** Model files: a model, and what a command must know to read tables for it. */

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Codec, CodecError, createCodec, loadModel, saveModel } from '@dml/serialize';
import {
  type AnyDistribution,
  type AnyEstimator,
  type Columns,
  type EstimatorType,
  type ModelType,
  modelTypes,
} from '@dml/stats';
import { TableError, type TypedColumn } from '@dml-examples/tables';
import { UsageError } from './command.js';
import { reasonOf } from './tableFiles.js';

/** What stands beside the model. */
export interface Meta {
  readonly writer: 'dml';
  /** How columns become fields of a row. */
  readonly types: readonly TypedColumn[];
  /** How many components the model has; absent for a model of one's own that is no mixture of rows. */
  readonly componentCount?: number;
  readonly rowCount: number;
  readonly seed: number | string;
  readonly logLikelihood: number;
  /** The encoded form of the rows, without rows: the levels in their order. For statistics of parts of the rows. */
  readonly schema: Columns;
  /**
   * The estimator as JSON text, as `estimatorToJSON` gives it: where columns hold lists or objects, whose families all rows decided.
   * Absent for others, whose estimators follow from the types, and for that of a module.
   */
  readonly estimator?: string;
}

export interface ModelFile {
  readonly model: AnyDistribution;
  /** `undefined` for a file of another program. */
  readonly meta: Meta | undefined;
}

/** What a module given by `--model` exports. */
export interface ModelModule {
  /** An estimator; or a function from the number of components to one. */
  readonly default: AnyEstimator | ((componentCount: number) => AnyEstimator);
  /** Model types of its own families, for the file. */
  readonly types?: readonly ModelType[];
  /** Types of its own estimators, for a receipt. */
  readonly estimatorTypes?: readonly EstimatorType[];
}

/** @throws {UsageError} for a module that cannot be loaded, or exports no estimator */
export async function loadModule(path: string): Promise<ModelModule> {
  let loaded: Partial<ModelModule>;
  try {
    loaded = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new UsageError(`--model ${path} cannot be loaded: ${(error as Error).message}`);
  }
  const made = loaded.default as Partial<AnyEstimator> | undefined;
  if (typeof made === 'function' || typeof made?.estimate === 'function') return loaded as ModelModule;
  throw new UsageError(
    `--model ${path} must export an estimator, or a function from a number of components to one, as default.`,
  );
}

/** Reads and writes models of all families of the packages, and of a module. */
export function codecOf(module?: ModelModule): Codec {
  return createCodec({ types: [...modelTypes, ...(module?.types ?? [])] });
}

/**
 * @param path  `-` for standard input
 * @throws {TableError} for a file that is not a model
 */
export async function openModel(path: string, module?: ModelModule): Promise<ModelFile> {
  if (path !== '-') {
    try {
      statSync(path);
    } catch (error) {
      throw new TableError(`${path} cannot be opened: ${reasonOf(error)}.`);
    }
  }
  const content = await contentOf(path, codecOf(module));
  const file = isDistribution(content) ? { model: content, meta: undefined } : content;
  if (!isDistribution(file.model)) throw new TableError(`${path} holds no model.`);
  const { model, meta } = file;
  return { model, meta: (meta as Partial<Meta> | undefined)?.writer === 'dml' ? meta : undefined };
}

async function contentOf(path: string, codec: Codec): Promise<ModelFile | AnyDistribution> {
  try {
    const content = await loadModel(path === '-' ? readFileSync(0) : path, codec);
    return content as ModelFile | AnyDistribution; // looked at by the caller
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const advice = error.code === 'ERR_UNKNOWN_TYPE' ? ' Name the module that has it with --model.' : '';
    const name = path === '-' ? 'the standard input' : path;
    throw new TableError(`${name} cannot be read as a model: ${error.reason}${advice}`);
  }
}

function isDistribution(value: unknown): value is AnyDistribution {
  return typeof (value as Partial<AnyDistribution> | null)?.logDensity === 'function';
}

/** @throws {TableError} for a model whose columns are not known */
export function metaOf({ meta }: ModelFile, path: string): Meta {
  if (meta !== undefined) return meta;
  throw new TableError(`${path} does not say how columns become rows: it was not written by "dml fit".`);
}

/** Saves, and says so. */
export async function writeModel(path: string, file: ModelFile, module?: ModelModule): Promise<string> {
  const codec = codecOf(module);
  try {
    await saveModel(path, file.meta === undefined ? file.model : file, codec);
  } catch (error) {
    if (!(error instanceof CodecError)) throw new TableError(`${path} cannot be written: ${(error as Error).message}.`);
    const isOther = error.code === 'ERR_NOT_A_MODEL_FILE';
    throw new TableError(
      isOther
        ? `${path} is there and is no model of "dml": it is not replaced. Choose another name, or delete it.`
        : `${path} cannot be written: ${error.reason}`,
    );
  }
  return `${path} (${size(statSync(path).size)}, model ${hashOf(file.model, codec)})`;
}

/** The SHA-256 of the model's bytes: equal models, to the bit, have equal ones. */
export function fullHashOf(model: AnyDistribution, codec: Codec): string {
  return createHash('sha256').update(codec.encode(model)).digest('hex');
}

/** Its first digits, for people. */
export function hashOf(model: AnyDistribution, codec: Codec): string {
  return fullHashOf(model, codec).slice(0, 16);
}

function size(bytes: number): string {
  return bytes < 1000
    ? `${bytes} bytes`
    : bytes < 1e6
      ? `${(bytes / 1000).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
}
