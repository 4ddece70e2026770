/** Errors between threads: structured clone alone would lose their class, name and fields. */
import { markAsMpiError } from './errors.js';
import { findLoss } from './handOver.js';

/** An error, or another value that was thrown, as it travels. */
export type CarriedError =
  | { readonly value: unknown }
  | {
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: CarriedError | null;
      /** Its own fields that can travel. */
      readonly fields: Readonly<Record<string, unknown>>;
    };

const CLASSES = [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError] as const;

// An error that is its own cause would have no end.
const DEEPEST_CAUSE = 8;

/** Takes an error apart. Never throws. */
export function carryError(error: unknown, depth = 0): CarriedError {
  if (!(error instanceof Error)) return { value: canTravel(error) ? error : String(error) };
  const { name, message, stack, cause } = error;
  return {
    name: String(name),
    message: String(message),
    stack: stack === undefined ? undefined : String(stack),
    cause: cause === undefined || depth > DEEPEST_CAUSE ? null : carryError(cause, depth + 1),
    fields: Object.fromEntries(
      Object.entries(error).filter(([field, value]) => field !== 'name' && field !== 'cause' && canTravel(value)),
    ),
  };
}

/** Puts an error together again: of its own class where that is one of JavaScript's, with its name and stack in any case. */
export function rebuildError(carried: CarriedError): unknown {
  if ('value' in carried) return carried.value;
  const { name, message, stack, cause, fields } = carried;
  const error = new (CLASSES.find((Class) => Class.name === name) ?? Error)(message);
  const hidden = { configurable: true, writable: true, enumerable: false };
  Object.defineProperty(error, 'stack', { ...hidden, value: stack });
  if (error.name !== name) Object.defineProperty(error, 'name', { ...hidden, value: name });
  if (cause !== null) Object.defineProperty(error, 'cause', { ...hidden, value: rebuildError(cause) });
  if (name === 'MpiError') markAsMpiError(error);
  return Object.assign(error, fields);
}

function canTravel(value: unknown): boolean {
  try {
    if (findLoss(value) !== null) return false;
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
