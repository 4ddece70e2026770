/** Models read through their `toJSON`: so families of others are read as those of the package are. */
import type { AnyDistribution } from '@dml/stats';

/** The plain fields of a model; children are live distributions. */
export type ModelFields = Readonly<Record<string, unknown>> & { readonly type: string };

export function isDistribution(x: unknown): x is AnyDistribution {
  if (typeof x !== 'object' || x === null) return false;
  const { logDensity, toJSON } = x as { readonly logDensity?: unknown; readonly toJSON?: unknown };
  return typeof logDensity === 'function' && typeof toJSON === 'function';
}

export function modelFields(model: AnyDistribution): ModelFields {
  return model.toJSON();
}

/** The field `name` of a model when it is a list of distributions with at least one. */
export function distributionsIn(fields: ModelFields, name: string): readonly AnyDistribution[] | undefined {
  const list = fields[name];
  return Array.isArray(list) && list.length > 0 && list.every(isDistribution) ? list : undefined;
}

/** The field `name` of a model when it is a list of numbers. */
export function numbersIn(fields: ModelFields, name: string): readonly number[] | undefined {
  const list = fields[name];
  return Array.isArray(list) && list.every((x) => typeof x === 'number') ? list : undefined;
}

/** The children of a model of an unknown family, by their place in its fields: `topics[0]`, `inner`. */
export function childrenOf(fields: ModelFields): readonly (readonly [place: string, child: AnyDistribution])[] {
  const found: (readonly [string, AnyDistribution])[] = [];
  const visit = (place: string, value: unknown, depth: number): void => {
    if (isDistribution(value)) found.push([place, value]);
    else if (depth > 0 && Array.isArray(value)) value.forEach((item, i) => visit(`${place}[${i}]`, item, depth - 1));
    else if (depth > 0 && isPlainObject(value)) {
      for (const [name, item] of Object.entries(value)) visit(`${place}.${name}`, item, depth - 1);
    }
  };
  for (const [name, value] of Object.entries(fields)) if (name !== 'type') visit(name, value, 2);
  return found;
}

function isPlainObject(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;
}

/** A distribution as plain data without live children. */
export function plainJSON(model: AnyDistribution): unknown {
  return JSON.parse(JSON.stringify(model));
}
