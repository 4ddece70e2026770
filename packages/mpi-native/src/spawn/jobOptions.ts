/** What the options of a job may be: the compiler sees a slip in TypeScript, this sees it in JavaScript. */

import { spellingHint } from '../checks/spelling.js';
import { MpiError, shown } from '../failures/errors.js';

const isSignal = (value: unknown): boolean =>
  typeof (value as Partial<AbortSignal> | null)?.aborted === 'boolean' &&
  typeof (value as Partial<AbortSignal>).addEventListener === 'function';

const isCodec = (value: unknown): boolean => {
  const { id, encode, decode } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof id === 'string' && typeof encode === 'function' && typeof decode === 'function';
};

/** What a value must be, in words and as a test. `ranks` and `prefer` have checks of their own, and any value can be `data`. */
const RULES: Readonly<Record<string, readonly [expected: string, isGood: (value: unknown) => boolean]>> = {
  name: ['the name of a function', (value) => typeof value === 'string'],
  onProgress: ['a function', (value) => typeof value === 'function'],
  codec: ['an object with id, encode and decode', isCodec],
  signal: ['an AbortSignal', isSignal],
  stop: ['an AbortSignal', isSignal],
};

/** @throws {MpiError} `ERR_ARG` unless `options` is an object with these names only, and values that they can take */
export function checkJobOptions(call: string, options: unknown, names: readonly string[]): void {
  const refusal = (reason: string): MpiError => new MpiError(reason, { code: 'ERR_ARG', call });
  if (!/^\[object (Object|Module)]$/.test(Object.prototype.toString.call(options))) {
    throw refusal(`options must be an object, found ${shown(options)}.`);
  }
  for (const [name, value] of Object.entries(options as object)) {
    if (!names.includes(name)) throw refusal(`unknown option "${name}". ${spellingHint(name, names)}`);
    const rule = RULES[name];
    if (rule === undefined || value === undefined || rule[1](value)) continue;
    throw refusal(`${name} must be ${rule[0]}, found ${shown(value)}.`);
  }
}
