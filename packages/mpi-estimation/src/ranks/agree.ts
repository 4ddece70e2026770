/** What ranks compare before a fit: the call, its options, and the estimator, as text. */
import { formatValue, OptionError } from '../errors.js';
import type { Communicator } from '../ports.js';
import { exchange, type Outcome } from './exchange.js';

/** Options by name, as plain values; `undefined` for one that is not compared by value. */
export type ComparedOptions = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The structure of a value: one line per leaf, with its path. Classes by name, functions by name. */
export function linesOf(value: unknown, path = '', above: readonly object[] = []): string[] {
  if (typeof value === 'function') return [`${path} = function ${value.name}`];
  if (typeof value !== 'object' || value === null) {
    return [
      `${path} = ${Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value)}`,
    ];
  }
  if (above.includes(value)) return [`${path} = the object above`];
  const inside = [...above, value];
  if (ArrayBuffer.isView(value)) return [`${path} = ${value.constructor.name} ${String(value)}`];
  if (Array.isArray(value)) {
    return [
      `${path}.length = ${value.length}`,
      ...value.flatMap((entry, i) => linesOf(entry, `${path}[${i}]`, inside)),
    ];
  }
  if (value instanceof Map || value instanceof Set)
    return linesOf([...value], `${path}<${value.constructor.name}>`, inside);
  const name = className(Object.getPrototypeOf(value)?.constructor);
  const fields = Object.entries(value).flatMap(([field, entry]) => linesOf(entry, `${path}.${field}`, inside));
  return name === 'Object' && fields.length > 0 ? fields : [`${path}: ${name}`, ...fields];
}

/** Minifiers give the classes of a program short names, and two classes the same. */
const SHORT_NAME = 2;

/** A class by its name; by its source, too, where a minifier made the name. */
function className(made: unknown): string {
  if (typeof made !== 'function') return 'Object';
  const { name } = made;
  return name.length > SHORT_NAME ? name : `${name} (${checksumOf([String(made)])})`;
}

/** FNV-1a: tells two texts apart that nobody made to be alike. A list of texts is as one. */
function checksumOf(texts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

/** The call and the arguments of one rank. */
interface Intent {
  readonly call: string;
  readonly options: ComparedOptions;
  /** A checksum of its lines: a prior over many levels has many, and all ranks get what each sends. */
  readonly estimator: string;
  /** Different engines may give different last digits. */
  readonly engine: string;
}

/**
 * Collective, and the first step of every call: all ranks pass the same arguments.
 * @throws {OptionError} on every rank, naming what differs and where
 */
export function agree(
  comm: Communicator,
  call: string,
  own: Outcome<{ readonly options: ComparedOptions; readonly estimator: unknown }>,
): void {
  // One rank has nobody to compare with.
  const lines = 'failure' in own || comm.size === 1 ? [] : linesOf(own.value.estimator);
  const intent: Outcome<Intent> =
    'failure' in own
      ? own
      : {
          value: {
            call,
            options: own.value.options,
            estimator: checksumOf(lines),
            engine: typeof process === 'object' ? `Node ${process.version} on ${process.arch}` : 'that of the page',
          },
        };
  const intents = exchange(comm, intent);
  const areAlike = new Set(intents.map(({ estimator }) => estimator)).size === 1;
  const difference =
    differenceOf(call, intents) ?? (areAlike ? undefined : estimatorDifference(call, exchange(comm, { value: lines })));
  if (difference !== undefined) throw new OptionError(difference);
}

function differenceOf(call: string, intents: readonly Intent[]): string | undefined {
  const calls = viewsOf(intents.map((intent) => intent.call));
  if (calls !== undefined)
    return `ranks call different functions: ${calls}. Every rank must make the same calls in the same order.`;
  const engines = viewsOf(intents.map(({ engine }) => engine));
  if (engines !== undefined) return `${call}: the ranks run different engines: ${engines}. Use one version of Node.`;
  const names = new Set(intents.flatMap(({ options }) => Object.keys(options)));
  for (const name of names) {
    const views = viewsOf(
      intents.map(({ options }) => (options[name] === undefined ? 'absent' : shown(options[name]))),
    );
    if (views !== undefined)
      return `${call}: option "${name}" differs between ranks: ${views}. Pass the same value on every rank.`;
  }
  return undefined;
}

/** The first line that differs. */
function estimatorDifference(call: string, estimators: readonly (readonly string[])[]): string | undefined {
  const longest = Math.max(...estimators.map((lines) => lines.length));
  for (let i = 0; i < longest; i++) {
    const views = viewsOf(estimators.map((lines) => lines[i]?.replace(/^[.:]\s*/, '') ?? 'nothing'));
    if (views !== undefined)
      return `${call}: the estimators differ between ranks: ${views}. Make the same estimator on every rank.`;
  }
  return undefined;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** `10 on ranks 0, 2; 20 on rank 1`, or `undefined` when all are equal. */
function viewsOf(views: readonly string[]): string | undefined {
  const ranksOf = new Map<string, number[]>();
  for (const [rank, view] of views.entries()) ranksOf.set(view, [...(ranksOf.get(view) ?? []), rank]);
  if (ranksOf.size === 1) return undefined;
  return Array.from(ranksOf, ([view, ranks]) => {
    const some = ranks.length > 8 ? [...ranks.slice(0, 8), '…'] : ranks;
    return `${view} on rank${ranks.length > 1 ? 's' : ''} ${some.join(', ')}`;
  }).join('; ');
}

/**
 * Arguments without which ranks cannot compare anything: the same error on every rank, so each throws by itself.
 * @throws {OptionError} without `em(estimator)` or without a communicator
 */
export function checkCall(caller: string, algorithm: unknown, options: unknown): void {
  const { stopping } = (algorithm ?? {}) as { readonly stopping?: unknown };
  if (stopping === undefined) {
    throw new OptionError(
      `${caller}: the second argument must be em(estimator), the EM algorithm of an estimator, found ${formatValue(algorithm)}.`,
    );
  }
  checkComm(caller, 'the option comm', ((options ?? {}) as { readonly comm?: unknown }).comm);
}

/** @throws {OptionError} unless `comm` is a communicator */
export function checkComm(caller: string, what: string, comm: unknown): void {
  if (typeof (comm as Partial<Communicator> | null | undefined)?.bcast === 'function') return;
  throw new OptionError(
    `${caller}: ${what} must be a communicator, from runMpi or getWorld for instance, found ${formatValue(comm)}.`,
  );
}
