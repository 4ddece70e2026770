import { Budget } from '../checks/budget.js';
import { CodecError, formatPath } from '../errors.js';
import { kindOf } from '../values/kinds.js';
import type { Context } from './context.js';
import { buildModel } from './modelFields.js';
import type { Fields } from './registry.js';

/**
 * Makes the live model that a description stands for: every object with a `type` becomes a model of that type, from
 * the leaves up; all other values stay as they are.
 */
export function buildDescription(description: unknown, { registry, limits }: Context): unknown {
  const path: (string | number)[] = [];
  // What occurs twice is built once: else a few objects that name each other twice would take time without end.
  const built = new Map<object, { readonly live: unknown; readonly size: number }>();
  const budget = new Budget(limits, (reason) => {
    throw new CodecError({ code: 'ERR_LIMIT', reason, path: formatPath(path) });
  });

  const build = (value: unknown): unknown => {
    budget.spend(1, 0);
    if (typeof value !== 'object' || value === null) return value;
    const known = built.get(value);
    if (known !== undefined) {
      budget.repeat(known.size);
      return known.live;
    }
    const before = budget.expanded;
    const live = buildNew(value);
    built.set(value, { live, size: budget.expanded - before });
    return live;
  };

  const buildNew = (value: object): unknown => {
    const kind = kindOf(value)?.is;
    if (kind === 'array' || kind === 'object' || kind === 'map') budget.enter(path.length);
    const child = (key: string | number, item: unknown): unknown => {
      path.push(key);
      const live = build(item);
      path.pop();
      return live;
    };
    if (kind === 'array') return Array.from(value as readonly unknown[], (item, i) => child(i, item));
    if (kind === 'map') {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)];
      return new Map(entries.map(([key, item], i) => [key, child(typeof key === 'string' ? key : i, item)]));
    }
    if (kind !== 'object') return value;
    const { type: name, ...given } = value as Fields;
    const fields = Object.fromEntries(Object.entries(given).map(([key, item]) => [key, child(key, item)]));
    if (name === undefined) return fields;
    if (typeof name !== 'string') {
      const reason = `"type" must be the name of a model type, found ${typeof name}.`;
      throw new CodecError({ code: 'ERR_MALFORMED', reason, path: formatPath(path) });
    }
    const pathText = (): string => formatPath(path);
    const model = buildModel(registry.named(name, 1, pathText), fields, 1, pathText);
    budget.checkExpanded();
    return model;
  };

  return build(description);
}
