/**
 * Estimators as plain data, and back. The notation is that of model files in JSON (FORMAT.md of `@dml/serialize`): a codec with the
 * same types reads the text, unless it holds -0, which `JSON.stringify` cannot write as a number.
 */
import { checkEstimator } from '../checks/parameters.js';
import { checkRows } from '../checks/rows.js';
import type { AnyEstimator, ModelJSON } from '../contract.js';
import { formatPath, OptionError, ParameterError } from '../errors.js';
import { mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import type { EstimatorType } from './estimatorType.js';
import { estimatorTypes } from './estimatorTypes.js';
import { modelTypes } from './modelTypes.js';
import type { ModelType } from './rebuildModel.js';

/** What the functions of this file take as a type: that of an estimator, of its parts, or of a distribution in its options. */
export type StoredType = EstimatorType | ModelType;

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

const WRITE = 'estimator to JSON';
const READ = 'estimator from JSON';
/** No estimator nests deeper: a value that holds itself has no end. */
const MAX_DEPTH = 1000;
/** Values, each counted wherever it occurs: forty mixtures, each of them both components of the next, are a short text. */
const MAX_VALUES = 10_000_000;

/**
 * An estimator as plain data: its type and the arguments of its constructor, at every level. `JSON.stringify` and `postMessage` keep
 * all of it; typed arrays become lists. What occurs twice, such as one estimator for all components, is written once.
 * @param types  those of the estimator and of all it holds. Default: {@link estimatorTypes} and {@link modelTypes}
 * @throws {ParameterError} with the path of a function, and of an object whose class is not among the types
 * @example
 * estimatorToJSON(new PoissonEstimator()); // { type: 'PoissonEstimator', options: {} }
 */
export function estimatorToJSON(
  estimator: AnyEstimator,
  types: readonly StoredType[] = [...estimatorTypes, ...modelTypes],
): ModelJSON {
  checkEstimator(WRITE, 'estimator', estimator);
  return new Writer(typesOf(WRITE, types)).write(estimator) as ModelJSON; // an object of a type
}

/**
 * The estimator of {@link estimatorToJSON}. Its fits are those of the original, to the bit.
 * @returns an estimator whose class `instanceof` tells
 * @param types  as there
 * @throws {ParameterError} for a type that is not listed, a field that it does not have, an argument that its constructor refuses
 * @throws {OptionError} for an option that it does not know
 * @example
 * const estimator = estimatorFromJSON({ type: 'PoissonEstimator', options: {} });
 * if (estimator instanceof PoissonEstimator) optimize([0, 1, 5], estimator).model.lambda; // 2
 */
export function estimatorFromJSON(
  json: unknown,
  types: readonly StoredType[] = [...estimatorTypes, ...modelTypes],
): AnyEstimator {
  const estimator = new Reader(typesOf(READ, types)).read(json, []) as Partial<AnyEstimator> | null | undefined;
  if (typeof estimator?.accumulator === 'function') return estimator as AnyEstimator;
  throw new ParameterError(READ, 'json', 'an object with the type of an estimator', json);
}

/** Both forms of a type as one. */
function typesOf(owner: string, types: unknown): readonly EstimatorType[] {
  checkRows(`${owner}: types`, types);
  return Array.from(types as readonly (Partial<StoredType> | null | undefined)[]).flatMap((type, i) => {
    if (typeof type === 'function' && 'typeName' in type) return typesOfClass(type as ModelType);
    if (typeof type === 'object' && typeof (type as Partial<EstimatorType>)?.is === 'function')
      return type as EstimatorType;
    throw new ParameterError(owner, `types[${i}]`, 'a type of estimatorType, or a class with typeName', type);
  });
}

/** A class under its name, and under those that it once had. */
function typesOfClass(type: ModelType): readonly EstimatorType[] {
  const { formerNames = [], prototype, typeName, typeVersion } = type;
  return [typeName, ...formerNames].map((name) => ({
    name,
    version: typeVersion,
    is: (value: unknown) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === prototype,
    toJSON: (value: { toJSON(): ModelJSON }) => {
      const { type: _, ...fields } = value.toJSON();
      return fields;
    },
    fromJSON: (fields: Fields, version: number) => type.fromJSON(fields, version),
  }));
}

/** An object of a type, taken apart. */
class Written {
  /** How often it occurs. */
  count = 1;
  /** Set when it was printed and occurs again. */
  id: number | undefined;

  constructor(public json: Fields) {}
}

class Writer {
  readonly #written = new Map<object, Written>();
  readonly #types: readonly EstimatorType[];
  #ids = 0;

  constructor(types: readonly EstimatorType[]) {
    this.#types = types;
  }

  write(estimator: AnyEstimator): unknown {
    return this.#print(this.#takeApart(estimator, []));
  }

  /** The value in JSON, but for the objects of types, which may occur again. */
  #takeApart(value: unknown, path: Path): unknown {
    if (path.length > MAX_DEPTH) throw tooDeep(WRITE, path, value);
    if (value === undefined) return { $undefined: true };
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return jsonLevel(value, 'JSON');
    if (typeof value !== 'object') {
      throw new ParameterError(WRITE, formatPath(path), 'data, which can be written', value);
    }
    const child = (item: unknown, step: string | number) => this.#takeApart(item, [...path, step]);
    if (Array.isArray(value)) return Array.from(value, child);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array, child);
    if (value instanceof Map) {
      const name = (key: unknown, i: number) => (typeof key === 'string' ? key : i);
      return { $map: [...value].map(([key, item], i) => [child(key, i), child(item, name(key, i))]) };
    }
    const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
    if (isPlain) return mapFields(value as Fields, written, child);
    const known = this.#written.get(value);
    if (known !== undefined) {
      known.count++;
      return known;
    }
    const type = this.#types.find((candidate) => candidate.is(value));
    if (type === undefined) {
      const expected = `plain data, or of a listed type, which ${value.constructor.name} is not`;
      throw new ParameterError(WRITE, formatPath(path) || 'estimator', expected, value);
    }
    const one = new Written({});
    this.#written.set(value, one);
    const { name, version } = type;
    const fields = mapFields(type.toJSON(value as never), written, child);
    one.json = { type: name, ...(version === 1 ? {} : { $version: version }), ...fields };
    return one;
  }

  #print(tree: unknown): unknown {
    if (typeof tree !== 'object' || tree === null) return tree;
    if (Array.isArray(tree)) return tree.map((item) => this.#print(item));
    if (!(tree instanceof Written)) {
      return mapFields(tree as Fields, same, (item) => this.#print(item));
    }
    if (tree.id !== undefined) return { $ref: tree.id };
    if (tree.count > 1) tree.id = ++this.#ids;
    const json = mapFields(tree.json, same, (item) => this.#print(item));
    return tree.id === undefined ? json : { $id: tree.id, $value: json };
  }
}

class Reader {
  readonly #types: ReadonlyMap<unknown, EstimatorType>;
  readonly #known = new Map<unknown, { readonly value: unknown; readonly size: number }>();
  #size = 0;

  constructor(types: readonly EstimatorType[]) {
    this.#types = new Map([...types].reverse().map((type) => [type.name, type])); // the first of a name, as where it is written
  }

  read(json: unknown, path: Path): unknown {
    this.#grow(1, path, json);
    if (path.length > MAX_DEPTH) throw tooDeep(READ, path, json);
    if (typeof json !== 'object' || json === null) return json;
    const child = (item: unknown, step: string | number) => this.read(item, [...path, step]);
    if (Array.isArray(json)) return json.map(child);
    const notation = this.#notation(json as Fields, path);
    if (notation !== undefined) return notation.value;
    const { type: name, $version: version, ...others } = json as Fields;
    const fields = mapFields(others, unwritten, child);
    if (name === undefined) return fields;
    const type = this.#types.get(name);
    if (type === undefined) {
      throw new ParameterError(READ, formatPath([...path, 'type']), 'the name of a listed type', name);
    }
    return this.#make(type, fields, version, path);
  }

  /** What is written with a name that begins with `$`. */
  #notation(json: Fields, path: Path): { readonly value: unknown } | undefined {
    if (json.$undefined === true) return { value: undefined };
    const number = levelFromJSON(json);
    if (number !== json) return { value: number };
    const { $id, $map, $ref } = json;
    if (Array.isArray($map)) {
      return { value: mapByLevel(READ, formatPath([...path, '$map']), this.read($map, path) as []) }; // it checks the pairs
    }
    if ($id !== undefined) {
      const before = this.#size;
      const value = this.read(json.$value, path);
      this.#known.set($id, { value, size: this.#size - before });
      return { value };
    }
    if ($ref === undefined) return undefined;
    const known = this.#known.get($ref);
    if (known === undefined) {
      throw new ParameterError(READ, formatPath([...path, '$ref']), 'an $id that came before', $ref);
    }
    this.#grow(known.size, path, json);
    return known;
  }

  #grow(size: number, path: Path, json: unknown): void {
    this.#size += size;
    if (this.#size <= MAX_VALUES) return;
    throw new ParameterError(READ, formatPath(path), `within the first ${MAX_VALUES} values`, json);
  }

  #make(type: EstimatorType, fields: Fields, version: unknown = 1, path: Path): object {
    if (!(Number.isSafeInteger(version) && (version as number) >= 1 && (version as number) <= type.version)) {
      throw new ParameterError(READ, formatPath([...path, '$version']), `an integer in 1 … ${type.version}`, version);
    }
    try {
      return type.fromJSON(fields, version as number);
    } catch (error) {
      if (path.length === 0) throw error;
      if (error instanceof OptionError) throw new OptionError(`${READ}: ${formatPath(path)}: ${error.message}`);
      if (!(error instanceof ParameterError)) throw error;
      const { owner, parameter, expected, found } = error;
      throw new ParameterError(owner, `${formatPath(path)}.${parameter}`, expected, found);
    }
  }
}

function mapFields(
  fields: Fields,
  rename: (name: string) => string,
  change: (item: unknown, name: string) => unknown,
): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [rename(name), change(item, name)]));
}

const same = (name: string) => name;
/** `type` and names that begin with `$` mean something in JSON. */
const written = (name: string) => (name === 'type' || name.startsWith('$') ? `$${name}` : name);
const unwritten = (name: string) => (name.startsWith('$') ? name.slice(1) : name);

function tooDeep(owner: string, path: Path, found: unknown): ParameterError {
  const place = `${formatPath(path.slice(0, 3))}…`;
  return new ParameterError(owner, place, `nested at most ${MAX_DEPTH} deep (does it hold itself?)`, found);
}
