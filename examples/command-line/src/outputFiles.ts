/** Where results go: looked at before the work begins, so that no result is lost and no file of a person is replaced. */

import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createCodec } from '@dml/serialize';
import { TableError } from '@dml-examples/tables';
import { UsageError } from './command.js';

/** What a command writes. */
export type OutputKind = 'model' | 'text' | 'report' | 'receipt' | 'statistic';

/** The start of a file says what it is, but for a statistic. */
const START = 512;
const BINARY = Uint8Array.of(0x89, 0x44, 0x4d, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a);

const IS_OURS: Readonly<Record<OutputKind, (path: string) => boolean>> = {
  model: (path) => isBinary(path) || /^\s*\{\s*"(?:\$dml|type)"\s*:/.test(textOf(path)),
  text: (path) => /^\s*\w+Distribution\(/.test(textOf(path)),
  report: (path) => textOf(path).includes('<meta name="generator" content="DML report">'),
  receipt: (path) => /^\s*\{\s*"format"\s*:\s*"dml-receipt"/.test(textOf(path)),
  statistic: (path) => isBinary(path) && isStatistic(path),
};

/**
 * @param outputs  what is written, and where; paths that were not given are skipped, and `-` for a model on standard output
 * @throws {UsageError} for two outputs in one file
 * @throws {TableError} for a folder that is not there, and for a file that a command did not write
 */
export function checkOutputs(outputs: readonly (readonly [kind: OutputKind, path: string | undefined])[]): void {
  const taken = new Map<string, OutputKind>();
  for (const [kind, path] of outputs) {
    if (path === undefined || (path === '-' && kind === 'model')) continue;
    const other = taken.get(resolve(path));
    if (other !== undefined) throw new UsageError(`the ${other} and the ${kind} cannot both go to ${path}.`);
    taken.set(resolve(path), kind);
    checkOutput(kind, path);
  }
}

function checkOutput(kind: OutputKind, path: string): void {
  const folder = dirname(path);
  if (factsOf(folder, path)?.isDirectory() !== true) {
    throw new TableError(`${path} cannot be written: there is no folder ${folder}.`);
  }
  const facts = factsOf(path, path);
  if (facts?.isDirectory()) throw new TableError(`${path} cannot be written: it is a folder.`);
  try {
    accessSync(facts === undefined ? folder : path, constants.W_OK);
  } catch {
    throw new TableError(`${path} cannot be written: it may not be changed.`);
  }
  // A pipe or a device loses nothing.
  if (facts === undefined || !facts.isFile() || facts.size === 0) return;
  let isOurs = false;
  try {
    isOurs = IS_OURS[kind](path);
  } catch {
    // What cannot be read is not known to be ours.
  }
  if (isOurs) return;
  throw new TableError(
    `${path} is there and is no ${kind === 'text' ? 'model as text' : kind} of "dml": it is not replaced. Choose another name, or delete it.`,
  );
}

/** Writes a file whole or not at all: it takes its name when all of it is there. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const facts = factsOf(path, path);
  // A pipe or a device has no half state to hide, and must keep its place.
  if (facts !== undefined && !facts.isFile()) {
    writeFileSync(path, content);
    return;
  }
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    fail(path, error);
  }
}

/** `undefined` where nothing is. */
function factsOf(place: string, path: string): Stats | undefined {
  try {
    return statSync(place);
  } catch (error) {
    return isAbsent(error) ? undefined : fail(path, error);
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function fail(path: string, error: unknown): never {
  throw new TableError(`${path} cannot be written: ${(error as Error).message}.`);
}

function startOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(START);
    return start.subarray(0, readSync(file, start, 0, START, 0));
  } finally {
    closeSync(file);
  }
}

function textOf(path: string): string {
  return new TextDecoder().decode(startOf(path));
}

function isBinary(path: string): boolean {
  return Buffer.compare(startOf(path).subarray(0, BINARY.length), BINARY) === 0;
}

function isStatistic(path: string): boolean {
  return (createCodec().decode(readFileSync(path)) as { readonly kind?: unknown } | null)?.kind === 'dml statistic';
}
