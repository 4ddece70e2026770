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
  /** A model in the golden files' terms: as `like`, if its type is a name of its own for a model of another type. */
  describe(model: AnyDistribution, like?: Json): Json;
  /** A row in our terms. `json` is the distribution it belongs to. */
  row(x: unknown, json: Json): unknown;
}

export interface Adapter {
  /** The golden `type`. */
  readonly type: string;
  /** The names that a distribution may have beside `type`. */
  readonly parameters: readonly string[];
  /** The names that an estimator may have beside those of all: `type`, `name` and `keys`. */
  readonly options: readonly string[];
  distribution(json: Json, build: Builder): AnyDistribution;
  /** `json` holds the estimator's options beside `type`. */
  estimator(json: Json, build: Builder): AnyEstimator;
  /** True when the type is only a name for models of another type. */
  readonly isName?: boolean;
  /** Whether `model` is of this type. */
  is(model: AnyDistribution): boolean;
  describe(model: AnyDistribution, build: Builder, like?: Json): Json;
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

/** Names that every family has, and those under which a case's own distribution is handed to its estimator. */
const COMMON = ['type', 'name', 'keys', 'params'];

/** A name that no adapter reads would be left out of the comparison in silence. @throws {Error} */
export function checkNames(what: string, json: Json, names: readonly string[]): void {
  const unknown = Object.keys(json).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`${what}: the adapter does not know ${unknown.join(', ')}`);
}

export const build: Builder = {
  distribution(json) {
    const adapter = adapterOf(json);
    checkNames(`${adapter.type} distribution`, json, [...COMMON, ...adapter.parameters]);
    return adapter.distribution(json, build);
  },
  estimator(json) {
    const adapter = adapterOf(json);
    checkNames(`${adapter.type} estimator`, json, [...COMMON, ...adapter.options]);
    return adapter.estimator(json, build);
  },
  describe(model, like) {
    const named = known.get(String(like?.type));
    const adapter = named?.isName === true ? named : [...known.values()].find((a) => a.is(model));
    if (adapter === undefined) throw new Error('no adapter describes this model');
    return adapter.describe(model, build, like);
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

/** The reference replaces a variance that is none by 1. */
export function varianceOf(sigma2: unknown): number {
  const variance = revive(sigma2) as number;
  return variance > 0 && variance < Infinity ? variance : 1;
}

/** A value of a prior and its count. The reference ignores one without the other; ours refuses it. */
export function partOf(name: string, value: unknown, count: unknown) {
  const [x, n] = [optionalNumber(value), optionalNumber(count)];
  return x === undefined || n === undefined ? {} : { [name]: x, [`${name}Count`]: n };
}

/** The prior of mixture weights. The golden files give the imaginary rows as `pseudoCount` times `suffStat`, whatever its sum. */
export function weightPrior(pseudoCount: unknown, suffStat: unknown) {
  const count = optionalNumber(pseudoCount);
  const prior = (suffStat ?? undefined) as readonly number[] | undefined;
  // Without a pseudo count the reference ignores the prior; ours refuses it.
  if (count === undefined || prior === undefined) return { pseudoCount: count };
  const total = prior.reduce((sum, share) => sum + share, 0);
  return { pseudoCount: count * total, prior: prior.map((share) => share / total) };
}
