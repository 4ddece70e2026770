import { CodecError, quoted } from '../errors.js';
import { describe } from '../values/kinds.js';

/** The parameters of a model by name. Values may be models, built-in containers and primitives. */
export type Fields = Record<string, unknown>;

/**
 * A model type described from outside: how its values are recognised, taken apart and rebuilt. For a class that you
 * cannot change.
 *
 * @example
 * ```ts
 * const urlType: ModelType = {
 *   name: 'URL',
 *   version: 1,
 *   is: (value) => value instanceof URL,
 *   toJSON: (value: URL) => ({ href: value.href }),
 *   fromJSON: ({ href }) => new URL(String(href)),
 * };
 * createCodec({ types: [urlType] }).stringify(new URL('https://example.org/')); // { "type": "URL", "href": … }
 * ```
 */
export interface ModelType {
  /** Stable name, written into files, for example `Gaussian`. */
  readonly name: string;
  /** Version of the fields, an integer >= 1. Raise it when the meaning of the fields changes. */
  readonly version: number;
  /** Is this class instance of this type? Asked for class instances only, never for plain objects. */
  is(value: unknown): boolean;
  /**
   * The own fields, always of the same names: a field that is not among them is refused in a file. Child models are
   * left as they are: the codec takes them apart itself.
   */
  toJSON(value: never): object;
  /** Rebuilds a value, `version` being that of the file (never above `version`). Throws on bad parameters. */
  fromJSON(fields: Fields, version: number): unknown;
}

/**
 * A model type that describes itself: the usual form for a class of your own.
 *
 * @example
 * ```ts
 * class Laplace {
 *   static readonly typeName = 'Laplace';
 *   static readonly typeVersion = 1;
 *   static fromJSON({ mu, scale }: Fields) {
 *     return new Laplace(Number(mu), Number(scale));
 *   }
 *   constructor(readonly mu: number, readonly scale: number) {}
 *   toJSON() {
 *     return { type: 'Laplace', mu: this.mu, scale: this.scale };
 *   }
 * }
 * createCodec({ types: [Laplace] }).stringify(new Laplace(0, 1)); // { "type": "Laplace", "mu": 0, "scale": 1 }
 * ```
 */
export interface ModelClass {
  readonly typeName: string;
  readonly typeVersion: number;
  /** Names under which older files hold models of this type, with the same fields. */
  readonly formerNames?: readonly string[];
  fromJSON(fields: Fields, version: number): unknown;
  /** Instances have `toJSON()`, which returns `{ type: typeName, ...fields }`, always with fields of the same names. */
  readonly prototype: { toJSON(): object };
}

/** What `createCodec` takes as a type. */
export type AnyModelType = ModelType | ModelClass;

/** One registered type, whichever form it was given in. */
export interface RegisteredType {
  readonly name: string;
  readonly version: number;
  is(value: object): boolean;
  fieldsOf(value: object): object;
  fromJSON(fields: Fields, version: number): unknown;
  /** The class form returns its name among the fields, where it is not a parameter. */
  readonly typeAmongFields: boolean;
  /** The names that `toJSON` was seen to return, so that it is not asked for each model that is read. */
  readonly heldNames: Set<string>;
}

/** Finds types by the name in a file and by the value to be written. */
export interface TypeLookup {
  /** @throws {CodecError} `ERR_UNKNOWN_TYPE` or `ERR_NEWER_TYPE` */
  named(name: string, version: number, path: () => string): RegisteredType;
  /** The type of a class instance, or `undefined`. */
  of(value: object): RegisteredType | undefined;
}

/** The types that a program registers. */
export class Registry implements TypeLookup {
  readonly #byName = new Map<string, RegisteredType>();
  readonly #byFormerName = new Map<string, RegisteredType>();
  readonly #byPrototype = new Map<object, RegisteredType>();

  constructor(types: Iterable<AnyModelType>) {
    for (const given of types) {
      const type = isClass(given) ? fromClass(given) : fromDescriptor(given);
      if (this.#byName.has(type.name)) throw definitionError(type.name, 'is registered twice');
      this.#byName.set(type.name, type);
      if (!isClass(given)) continue;
      this.#byPrototype.set(given.prototype, type);
      for (const name of formerNamesOf(type.name, given)) this.#byFormerName.set(name, type);
    }
  }

  /** Every name under which models are read. */
  get names(): readonly string[] {
    return [...this.#byName.keys(), ...this.#byFormerName.keys()];
  }

  /** One line that differs when types or their versions differ. */
  get signature(): string {
    return [...this.#byName.values()]
      .map((type) => `${type.name}@${type.version}`)
      .sort()
      .join(' ');
  }

  named(name: string, version: number, path: () => string): RegisteredType {
    const type = this.#byName.get(name) ?? this.#byFormerName.get(name);
    if (type === undefined) {
      const advice =
        /^(?!.*Estimator$)[A-Za-z]\w*$/.test(name) && name.length <= 60 ? `${name}Distribution` : 'its class';
      const reason = `type ${quoted(name)} is not registered. Pass { types: [${advice}] } to createCodec.`;
      throw new CodecError({ code: 'ERR_UNKNOWN_TYPE', reason, path: path() });
    }
    if (version > type.version) {
      const reason = `type "${name}" has version ${version}, newer than ${type.version}, the newest registered here. Update the package that defines it.`;
      throw new CodecError({ code: 'ERR_NEWER_TYPE', reason, path: path() });
    }
    return type;
  }

  of(value: object): RegisteredType | undefined {
    const prototype: object = Object.getPrototypeOf(value);
    const known = this.#byPrototype.get(prototype);
    if (known?.is(value)) return known;
    const found = [...this.#byName.values()].filter((type) => type.is(value));
    if (found.length > 1) {
      const names = found.map((type) => type.name).join(', ');
      throw definitionError(names, `all claim ${describe(value)}. Make their is() exclude each other`);
    }
    const type = found[0];
    if (type !== undefined) this.#byPrototype.set(prototype, type);
    return type;
  }
}

function isClass(given: AnyModelType): given is ModelClass {
  return typeof given === 'function';
}

function fromDescriptor(given: ModelType): RegisteredType {
  const name: unknown = given?.name;
  checkName(name);
  checkVersion(name, given.version);
  for (const method of ['is', 'toJSON', 'fromJSON'] as const) {
    if (typeof given[method] !== 'function') throw definitionError(name, `has no function ${method}`);
  }
  return {
    name,
    version: given.version,
    is: (value) => given.is(value) === true,
    // `is` has just said that the value is of this type, which `never` cannot express.
    fieldsOf: (value) => given.toJSON(value as never),
    fromJSON: (fields, version) => given.fromJSON(fields, version),
    typeAmongFields: false,
    heldNames: new Set(),
  };
}

function fromClass(given: ModelClass): RegisteredType {
  const name: unknown = given.typeName;
  if (name === undefined) {
    const className = (given as { readonly name?: string }).name ?? 'nameless';
    throw definitionError(
      className,
      'is a class without a static typeName. Add static typeName, typeVersion, fromJSON',
    );
  }
  checkName(name);
  checkVersion(name, given.typeVersion);
  if (typeof given.fromJSON !== 'function') throw definitionError(name, 'has no static function fromJSON');
  const prototype = given.prototype;
  if (typeof prototype?.toJSON !== 'function') throw definitionError(name, 'has no method toJSON');
  return {
    name,
    version: given.typeVersion,
    // The exact class: a subclass has fields of its own and must be registered itself.
    is: (value) => Object.getPrototypeOf(value) === prototype,
    fieldsOf: (value) => (value as { toJSON(): object }).toJSON(),
    fromJSON: (fields, version) => given.fromJSON(fields, version),
    typeAmongFields: true,
    heldNames: new Set(),
  };
}

function formerNamesOf(owner: string, { formerNames = [] }: ModelClass): readonly string[] {
  if (!Array.isArray(formerNames)) throw definitionError(owner, 'must have formerNames that are a list of names');
  for (const name of formerNames) checkName(name);
  return formerNames;
}

function checkName(name: unknown): asserts name is string {
  if (typeof name === 'string' && name !== '' && name.length <= 200 && !/\p{Surrogate}/u.test(name)) return;
  throw definitionError(String(name), 'must have a name of 1 to 200 characters');
}

function checkVersion(name: string, version: unknown): void {
  if (Number.isSafeInteger(version) && Number(version) >= 1) return;
  throw definitionError(name, `must have a version that is an integer >= 1, found ${String(version)}`);
}

function definitionError(name: string, problem: string): CodecError {
  return new CodecError({ code: 'ERR_TYPE_DEFINITION', reason: `type "${name}" ${problem}.` });
}
