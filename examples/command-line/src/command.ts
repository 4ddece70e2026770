/** What a command is, and how its arguments are read. */

import { parseArgs } from 'node:util';
import { nearest } from '@dml-examples/tables';
import type { Output } from './output.js';

/** One option of a command. */
export interface Option {
  /** What stands after it, in capitals; absent for a flag. */
  readonly value?: string;
  readonly short?: string;
  /** May be given several times. */
  readonly isRepeated?: true;
  readonly help: string;
}

/** The arguments of one call. */
export interface Arguments {
  readonly files: readonly string[];
  /** The last value of an option; `undefined` where it was not given. */
  text(name: string): string | undefined;
  /** All values of an option, also those that stand in one, with commas. */
  list(name: string): readonly string[];
  flag(name: string): boolean;
  /** @throws {UsageError} for a value that is no integer >= `least` */
  integer(name: string, least: number): number | undefined;
}

export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** The files it takes: `MODEL TABLE`. */
  readonly files: string;
  /** What a person should know besides, in lines. */
  readonly details: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Whether all ranks of an MPI job take part; otherwise rank 0 works alone. */
  readonly isCollective?: true;
  run(given: Arguments, output: Output): Promise<void>;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options of every command. */
export const COMMON: Readonly<Record<string, Option>> = {
  quiet: { short: 'q', help: 'no progress, nothing but results' },
  help: { short: 'h', help: 'this text' },
};

/** @throws {UsageError} for an option that the command does not have, or a wrong number of files */
export function parseFor(command: Command, args: readonly string[]): Arguments {
  const known: Readonly<Record<string, Option>> = { ...command.options, ...COMMON };
  const config = Object.entries(known).map(([name, { value, short, isRepeated }]) => [
    name,
    { type: value === undefined ? 'boolean' : 'string', ...(short && { short }), multiple: isRepeated === true },
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(config),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const files: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known[token.name];
    if (option === undefined) throw unknownOption(command, token.rawName, Object.keys(known));
    if (option.value !== undefined && token.value === undefined) {
      throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value}.`);
    }
    if (option.value === undefined && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value, found "${token.value}".`);
    }
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  if (!values.has('help')) checkFiles(command, files);
  return argumentsOf(files, values);
}

function unknownOption({ name, options }: Command, found: string, known: readonly string[]): UsageError {
  const meant = nearest(found.replace(/^-+/, ''), known);
  const short = Object.values(options).some((option) => option.short === meant) ? '-' : '--';
  const hint = meant === undefined ? `"dml ${name} --help" lists them.` : `Did you mean ${short}${meant}?`;
  return new UsageError(`"dml ${name}" has no option ${found}. ${hint}`);
}

function checkFiles({ name, files: expected }: Command, files: readonly string[]): void {
  const words = expected.split(' ').filter((word) => word !== '');
  const isOpen = expected.endsWith('…');
  if (files.length === words.length || (isOpen && files.length >= words.length)) return;
  const found = files.length === 0 ? 'nothing' : files.join(' ');
  throw new UsageError(`"dml ${name}" takes ${expected}, found ${found}.`);
}

function argumentsOf(files: readonly string[], values: ReadonlyMap<string, readonly string[]>): Arguments {
  const text = (name: string) => values.get(name)?.at(-1);
  return {
    files,
    text,
    list: (name) => (values.get(name) ?? []).flatMap((value) => value.split(',').map((part) => part.trim())),
    flag: (name) => values.has(name),
    integer(name, least) {
      const given = text(name);
      if (given === undefined) return undefined;
      const number = Number(given);
      if (given !== '' && Number.isSafeInteger(number) && number >= least) return number;
      throw new UsageError(
        `${name.length === 1 ? '-' : '--'}${name} must be a whole number >= ${least}, found "${given}".`,
      );
    },
  };
}

/** The text of `--help`. */
export function helpOf({ name, summary, files, details, options }: Command): string {
  const lines = Object.entries({ ...options, ...COMMON }).map(([long, { short, value, help }]) => {
    const names = long.length === 1 ? `-${long}` : `${short === undefined ? '' : `-${short}, `}--${long}`;
    return [value === undefined ? names : `${names} ${value}`, help] as const;
  });
  const width = Math.max(...lines.map(([left]) => left.length));
  return [
    `dml ${name} ${files} [options]`,
    '',
    ...[summary, ...details],
    '',
    ...lines.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    '',
  ].join('\n');
}
