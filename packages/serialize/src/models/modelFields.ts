import { suggestion } from '../checks/suggest.js';
import { CodecError, isStackOverflow, joinPath, quoted } from '../errors.js';
import { describe } from '../values/kinds.js';
import type { Fields, RegisteredType, TypeLookup } from './registry.js';

/** The registered type of a class instance. @throws {CodecError} `ERR_UNSUPPORTED_VALUE` when there is none */
export function typeOf(value: object, registry: TypeLookup, path: () => string): RegisteredType {
  const type = registry.of(value);
  if (type !== undefined) return type;
  const reason = `${describe(value)} is not registered. Pass its class in { types: […] } to createCodec, or store plain data.`;
  throw new CodecError({ code: 'ERR_UNSUPPORTED_VALUE', reason, path: path() });
}

/** Asks a model for its fields. @throws {CodecError} when `toJSON` throws or returns something else */
export function modelFields(type: RegisteredType, value: object, path: () => string): object {
  let fields: unknown;
  try {
    fields = type.fieldsOf(value);
  } catch (cause) {
    if (isStackOverflow(cause)) throw cause;
    throw new CodecError({
      code: 'ERR_INVALID_VALUE',
      reason: `${type.name}.toJSON failed: ${messageOf(cause)}`,
      path: path(),
      cause,
    });
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    const reason = `type "${type.name}": toJSON must return an object of fields, found ${describe(fields)}.`;
    throw new CodecError({ code: 'ERR_TYPE_DEFINITION', reason, path: path() });
  }
  if (type.typeAmongFields && (fields as Fields).type !== type.name) {
    const reason = `type "${type.name}": toJSON must return { type: "${type.name}", … }, found type ${JSON.stringify((fields as Fields).type)}.`;
    throw new CodecError({ code: 'ERR_TYPE_DEFINITION', reason, path: path() });
  }
  return fields;
}

/**
 * Rebuilds a model. Its `fromJSON` checks the parameters; what it throws becomes the reason. A field that the model then
 * does not hold would be lost in silence, so it is refused.
 */
export function buildModel(type: RegisteredType, fields: Fields, version: number, path: () => string): object {
  let value: unknown;
  try {
    value = type.fromJSON(fields, version);
  } catch (cause) {
    if (isStackOverflow(cause)) throw cause;
    throw new CodecError({ code: 'ERR_INVALID_VALUE', reason: messageOf(cause), path: path(), cause });
  }
  if (typeof value !== 'object' || value === null) {
    const reason = `type "${type.name}": fromJSON must return a model, found ${describe(value)}.`;
    throw new CodecError({ code: 'ERR_TYPE_DEFINITION', reason, path: path() });
  }
  // An older version may have had fields that its reader turns into others.
  if (version === type.version && type.is(value)) refuseUnknownFields(type, fields, value, path);
  return value;
}

function refuseUnknownFields(type: RegisteredType, fields: Fields, value: object, path: () => string): void {
  for (const name of Object.keys(fields)) {
    if (type.heldNames.has(name)) continue;
    const held = Object.keys(modelFields(type, value, path));
    for (const known of held) if (!(type.typeAmongFields && known === 'type')) type.heldNames.add(known);
    if (type.heldNames.has(name)) continue;
    const reason = `type "${type.name}" has no field ${quoted(name)}. ${suggestion(name, [...type.heldNames])}`;
    throw new CodecError({ code: 'ERR_UNKNOWN_FIELD', reason, path: joinPath(path(), name) });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
