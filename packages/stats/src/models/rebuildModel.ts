/** Models from plain data, for given types. A file of its own, without the list of all families. */
import { checkRows } from '../checks/rows.js';
import type { AnyDistribution, ModelJSON } from '../contract.js';
import { formatPath, ParameterError } from '../errors.js';

/**
 * A class that a codec can write and read: a stable name, a version, and a constructor from plain fields. A distribution over
 * rows, or one over parameters, which stands inside a model.
 */
export interface ModelType {
  readonly typeName: string;
  readonly typeVersion: number;
  /** Names under which older files hold models of this type, with the same fields. */
  readonly formerNames?: readonly string[];
  /** Builds the model; children among the fields are live already. @throws {ParameterError} */
  fromJSON(fields: Readonly<Record<string, unknown>>, version: number): { toJSON(): ModelJSON };
  readonly prototype: { toJSON(): ModelJSON };
}

/**
 * `modelFromJSON` for the listed types alone: a page gets these families and no others.
 * @param types  those of the model and of its children
 * @throws {ParameterError} for a type that is not listed or a parameter out of range
 * @example
 * rebuildModel({ type: 'Gaussian', mu: 0, sigma2: 1 }, [GaussianDistribution]); // GaussianDistribution
 */
export function rebuildModel(json: unknown, types: readonly ModelType[]): AnyDistribution {
  checkTypes(types);
  const namesOf = ({ formerNames = [], typeName }: ModelType) => [...formerNames, typeName];
  const byName = new Map([...types].flatMap((type) => namesOf(type).map((name) => [name, type] as const)));
  const model = build(json, byName, []) as Partial<AnyDistribution> | null | undefined;
  if (typeof model?.encoder === 'function') return model as AnyDistribution;
  throw new ParameterError('model from JSON', 'json', 'an object with the type of a distribution', json);
}

function checkTypes(types: unknown): asserts types is readonly ModelType[] {
  checkRows('model from JSON: types', types);
  for (const [i, type] of (types as readonly unknown[]).entries()) {
    if (typeof type === 'function' && 'typeName' in type && 'fromJSON' in type) continue;
    throw new ParameterError('model from JSON', `types[${i}]`, 'a class with typeName and fromJSON', type);
  }
}

/** JSON nests no deeper: a value that holds itself has no end. */
const MAX_DEPTH = 1000;

function build(json: unknown, types: ReadonlyMap<string, ModelType>, path: readonly (string | number)[]): unknown {
  if (path.length > MAX_DEPTH) {
    const place = `${formatPath(path.slice(0, 3))}…`;
    throw new ParameterError('model from JSON', place, `nested at most ${MAX_DEPTH} deep (does it hold itself?)`, json);
  }
  if (Array.isArray(json)) return json.map((entry, i) => build(entry, types, [...path, i]));
  if (typeof json !== 'object' || json === null || Object.getPrototypeOf(json) !== Object.prototype) return json;
  const fields = Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, build(value, types, [...path, name])]),
  );
  if (typeof fields.type !== 'string') return fields;
  const type = types.get(fields.type);
  if (type === undefined) {
    throw new ParameterError(
      'model from JSON',
      formatPath([...path, 'type']),
      `one of ${[...types.keys()].join(', ')}`,
      fields.type,
    );
  }
  try {
    return type.fromJSON(fields, type.typeVersion);
  } catch (error) {
    if (path.length === 0 || !(error instanceof ParameterError)) throw error;
    const { owner, parameter, expected, found } = error;
    throw new ParameterError(owner, `${formatPath(path)}.${parameter}`, expected, found);
  }
}
