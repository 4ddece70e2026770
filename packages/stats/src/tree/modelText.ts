/** A model as text that a person reads: what `String(model)` gives, and `console.log(model)` in Node, at any depth. */
import type { ModelJSON } from '../contract.js';

/** The symbol by which Node's `console.log` and `util.inspect` ask an object for its text. Nothing else knows it. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/**
 * Prints a distribution. A base class for the sake of bundlers: they keep every class that has a method with a computed name, so
 * this method must not stand in each family. Leaves have a base of their own, which prints, too.
 */
export abstract class PrintedModel {
  abstract toJSON(): ModelJSON;

  /** The class and its parameters. */
  toString(): string {
    return modelText(this);
  }

  /** The same, for `console.log` in Node. */
  [INSPECT](): string {
    return modelText(this);
  }
}

/** Longer lists are cut. */
const MAX_ENTRIES = 100;
/** What is longer is broken into one line per part. */
const LINE = 80;

/**
 * The parameters of a model and of the models in it, by name, one line each where they do not fit one line.
 * @example
 * modelText(new GaussianDistribution({ mu: 0, sigma2: 1 })); // GaussianDistribution { mu: 0, sigma2: 1 }
 */
export function modelText(model: { toJSON(): ModelJSON }): string {
  const { type, ...parameters } = model.toJSON();
  return `${className(model, type)} ${fieldsText(parameters)}`;
}

/** By the type, as bundlers shorten the names of classes; but a class that is derived from one of ours has its own. */
export function className(model: object, type: string): string {
  const Class = model.constructor;
  const isDerived = Class !== Object && !Object.hasOwn(Class, 'typeName') && Class.name !== '';
  return isDerived ? Class.name : `${type}Distribution`;
}

function fieldsText(fields: object): string {
  const parts = Object.entries(fields).map(([name, value]) => `${nameText(name)}: ${valueText(value)}`);
  return parts.length === 0 ? '{}' : enclosed('{', parts, '}');
}

function nameText(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (isModel(value)) return modelText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return `Map ${listText([...value].map((entry) => listOf(entry)))}`;
  if (value instanceof Set) return `Set ${listText([...value].map(valueText))}`;
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
    return listOf(value as never);
  return fieldsText(value);
}

function isModel(value: object): value is { toJSON(): ModelJSON } {
  return 'toJSON' in value && typeof value.toJSON === 'function' && 'seqLogDensity' in value;
}

function listOf(values: ArrayLike<unknown>): string {
  return listText(
    Array.from({ length: Math.min(values.length, MAX_ENTRIES) }, (_, i) => valueText(values[i])),
    values.length,
  );
}

function listText(texts: readonly string[], length = texts.length): string {
  const shown = texts.slice(0, MAX_ENTRIES);
  const parts = length > shown.length ? [...shown, `… ${length - shown.length} more`] : shown;
  return parts.length === 0 ? '[]' : enclosed('[', parts, ']');
}

/** The parts in one line, or one line each; numbers share lines. */
function enclosed(open: string, parts: readonly string[], close: string): string {
  const line = `${open} ${parts.join(', ')} ${close}`;
  if (line.length <= LINE && !line.includes('\n')) return line;
  const isNumbers = open === '[' && parts.every((part) => /^[-\d…]/.test(part));
  const lines = (isNumbers && parts.join(', ').match(/(?! )(?:.{1,76}$|.{1,75},)/g)) || parts;
  const separator = isNumbers ? '\n' : ',\n';
  return `${open}\n${lines.map((part) => `  ${part.replaceAll('\n', '\n  ')}`).join(separator)}\n${close}`;
}
