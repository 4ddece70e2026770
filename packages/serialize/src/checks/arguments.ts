/** Checks of the arguments of the public functions. An error names the function at once. */
import { CodecError, quoted } from '../errors.js';
import { describe } from '../values/kinds.js';
import { suggestion } from './suggest.js';

/** True for a Uint8Array and its subclasses, from any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) && (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'Uint8Array'
  );
}

/** True for an ArrayBuffer from any realm. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

export function expectBytes(owner: string, value: unknown): Uint8Array {
  return isBytes(value) ? value : wrongArgument(owner, 'a Uint8Array', value);
}

export function expectText(owner: string, value: unknown): string {
  return typeof value === 'string' ? value : wrongArgument(owner, 'a string', value);
}

/** An object of options, none of them unknown. A date or a map has no option of its own, and is refused. */
export function expectOptions<T extends object>(owner: string, given: T, known: readonly (keyof T & string)[]): T {
  if (!/^\[object (Object|Module)]$/.test(Object.prototype.toString.call(given)))
    return wrongArgument(owner, 'an object of options', given);
  for (const name of Object.keys(given)) {
    if ((known as readonly string[]).includes(name)) continue;
    throw optionError(owner, `unknown option ${quoted(name)}. ${suggestion(name, known)}`);
  }
  return given;
}

export function wrongArgument(owner: string, expected: string, found: unknown): never {
  throw optionError(owner, `expected ${expected}, found ${describe(found)}.`);
}

export function optionError(owner: string, reason: string): CodecError {
  return new CodecError({ code: 'ERR_OPTION', reason: `${owner}: ${reason}` });
}
