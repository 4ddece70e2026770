/** Receipts: all that a fit depends on, in a JSON file, so that another machine can repeat it to the bit. */

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type AnyEstimator,
  estimatorToJSON,
  estimatorTypes,
  type ModelJSON,
  modelTypes,
  ParameterError,
} from '@dml/stats';
import { type Table, TableError, type TypedColumn } from '@dml-examples/tables';
import type { Estimators } from './estimators.js';
import type { FitSettings, Fitted } from './fitRows.js';
import { codecOf, fullHashOf, type ModelModule } from './modelFile.js';
import { writeWhole } from './outputFiles.js';
import { reasonOf } from './tableFiles.js';

/** A file, known by its content. */
export interface FileFacts {
  readonly name: string;
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
}

export interface Receipt {
  readonly format: 'dml-receipt';
  readonly version: 1;
  /** What made the fit. Other versions are expected to repeat it; where they do not, these say why. */
  readonly madeBy: { readonly stats: string; readonly node: string };
  readonly data: FileFacts & { readonly rowCount: number };
  /** How columns became fields of a row. */
  readonly types: readonly TypedColumn[];
  readonly settings: FitSettings;
  /** The module of `--model`. */
  readonly module?: FileFacts;
  readonly result: {
    /** The SHA-256 of the model in binary form. */
    readonly model: string;
    readonly componentCount?: number;
    readonly logLikelihood: number;
    readonly iterations: number;
    /** The log-likelihood of each iterate. */
    readonly path: readonly number[];
    /**
     * What the model was fitted with, as `estimatorFromJSON` of @dml/stats reads it. Absent for one that a module made and that is not
     * data: it holds a function, or a class that the module does not list among its `estimatorTypes`.
     */
    readonly estimator?: ModelJSON;
  };
}

/** Where a fit came from. */
interface Origin {
  readonly table: Table;
  readonly tablePath: string;
  readonly types: readonly TypedColumn[];
  readonly settings: FitSettings;
  readonly estimators: Estimators;
  readonly module: ModelModule | undefined;
  readonly modulePath: string | undefined;
}

export async function receiptOf(fitted: Fitted, origin: Origin): Promise<Receipt> {
  const { table, tablePath, types, settings, estimators, module, modulePath } = origin;
  return {
    format: 'dml-receipt',
    version: 1,
    madeBy: { stats: versionOfStats(), node: process.versions.node },
    data: { ...(await factsOf(tablePath)), rowCount: table.length },
    types,
    settings,
    ...(modulePath === undefined ? {} : { module: await factsOf(modulePath) }),
    result: resultOf(fitted, estimators, module),
  };
}

/** What a repetition must give again. */
export function resultOf(
  { model, componentCount, logLikelihood, iterations, path }: Fitted,
  estimators: Estimators,
  module: ModelModule | undefined,
): Receipt['result'] {
  const estimator = asData(estimators.of(componentCount ?? 1) as unknown as AnyEstimator, module); // over rows of the table
  return {
    model: fullHashOf(model, codecOf(module)),
    ...(componentCount === undefined ? {} : { componentCount }),
    logLikelihood,
    iterations,
    path: path.map((iterate) => iterate.logLikelihood),
    ...(estimator === undefined ? {} : { estimator }),
  };
}

function asData(estimator: AnyEstimator, module: ModelModule | undefined): ModelJSON | undefined {
  try {
    const { types = [], estimatorTypes: own = [] } = module ?? {};
    return estimatorToJSON(estimator, [...estimatorTypes, ...own, ...modelTypes, ...types]);
  } catch (error) {
    if (error instanceof ParameterError && module !== undefined) return undefined;
    throw error;
  }
}

export function writeReceipt(path: string, receipt: Receipt): void {
  writeWhole(path, `${JSON.stringify(receipt, null, 2)}\n`);
}

/** @throws {TableError} for a file that is no receipt */
export function readReceipt(path: string): Receipt {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new TableError(`${path} cannot be opened: ${reasonOf(error)}.`);
  }
  let content: Partial<Receipt> | null = null;
  try {
    content = JSON.parse(text) as Partial<Receipt> | null;
  } catch {
    // Told below.
  }
  if (content?.format !== 'dml-receipt') throw new TableError(`${path} is no receipt: "dml fit --receipt" writes one.`);
  if (content.version !== 1) {
    throw new TableError(`${path} is a receipt of version ${content.version}; this program reads version 1.`);
  }
  const { data, types, settings, result } = content;
  if (data === undefined || !Array.isArray(types) || settings === undefined || result === undefined) {
    throw new TableError(`${path} is an incomplete receipt: data, types, settings and result must be there.`);
  }
  return content as Receipt;
}

/** @throws {TableError} unless the file has the bytes that the receipt names */
export async function checkFile(path: string, { name, sha256 }: FileFacts): Promise<void> {
  const found = await factsOf(path);
  if (found.sha256 === sha256) return;
  throw new TableError(
    `${path} is not the file of the receipt: ${name} had the SHA-256 ${sha256.slice(0, 16)}…, this one has ${found.sha256.slice(0, 16)}….`,
  );
}

async function factsOf(path: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new TableError(`${path} cannot be opened: ${reasonOf(error)}.`);
  }
  return { name: basename(path), sha256: hash.digest('hex') };
}

export function versionOfStats(): string {
  const { version } = createRequire(import.meta.url)('@dml/stats/package.json') as { readonly version: string };
  return version;
}
