/**
 * Maps the golden files' names to ours. Golden files use the reference implementation's parameter names in camel case; each
 * file in `adapters/` translates one family, or a few that belong together.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyDistribution, AnyEstimator } from '../../src/contract.js';

/** A JSON object of a golden file. */
export type Json = Readonly<Record<string, unknown>>;

/** Builds models and estimators from golden JSON, whatever their type. */
export interface Builder {
  distribution(json: Json): AnyDistribution;
  estimator(json: Json): AnyEstimator;
  /** A model in the golden files' terms: as `type`, if that is a name of its own for a model of another type. */
  describe(model: AnyDistribution, type?: unknown): Json;
  /** A row in our terms. `json` is the distribution it belongs to. */
  row(x: unknown, json: Json): unknown;
}

export interface Adapter {
  /** The golden `type`. */
  readonly type: string;
  distribution(json: Json, build: Builder): AnyDistribution;
  /** `json` holds the estimator's options beside `type`. */
  estimator(json: Json, build: Builder): AnyEstimator;
  /** True when the type is only a name for models of another type. */
  readonly isName?: boolean;
  /** Whether `model` is of this type. */
  is(model: AnyDistribution): boolean;
  describe(model: AnyDistribution, build: Builder): Json;
  /** Default: the numbers that JSON cannot hold are put back. */
  row?(x: unknown, json: Json, build: Builder): unknown;
}

/** A family that no adapter knows. */
export class NotImplemented extends Error {}

const names = readdirSync(fileURLToPath(new URL('./adapters', import.meta.url)));
const modules = await Promise.all(
  names.map(
    (name) => import(`./adapters/${name.replace(/\.ts$/, '')}.ts`) as Promise<{ adapters: readonly Adapter[] }>,
  ),
);
const known = new Map(modules.flatMap(({ adapters }) => adapters.map((a) => [a.type, a] as const)));

function adapterOf(json: Json): Adapter {
  const adapter = known.get(String(json.type));
  if (adapter === undefined) throw new NotImplemented(`family not implemented: ${json.type}`);
  return adapter;
}

export const build: Builder = {
  distribution: (json) => adapterOf(json).distribution(json, build),
  estimator: (json) => adapterOf(json).estimator(json, build),
  describe(model, type) {
    const named = known.get(String(type));
    const adapter = named?.isName === true ? named : [...known.values()].find((a) => a.is(model));
    if (adapter === undefined) throw new Error('no adapter describes this model');
    return adapter.describe(model, build);
  },
  row: (x, json) => {
    const adapter = adapterOf(json);
    return adapter.row === undefined ? revive(x) : adapter.row(x, json, build);
  },
};

/** `"NaN"`, `"Infinity"` and `"-Infinity"` as numbers, at any depth. */
export function revive(x: unknown): unknown {
  if (x === 'NaN') return Number.NaN;
  if (x === 'Infinity') return Infinity;
  if (x === '-Infinity') return -Infinity;
  if (Array.isArray(x)) return x.map(revive);
  return x;
}

/** A number, a string that stands for one, or undefined for null and absent. */
export function optionalNumber(x: unknown): number | undefined {
  return x === null || x === undefined ? undefined : (revive(x) as number);
}

/** Leaves out what is undefined, for options under `exactOptionalPropertyTypes`. */
export function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
