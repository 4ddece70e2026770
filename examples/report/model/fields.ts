/** A model of rows as a list of fields: one for each value of a row that has a distribution of its own. */
import { type AnyDistribution, GaussianDistribution, MixtureDistribution, OptionalDistribution } from '@dml/stats';
import { childrenOf, distributionsIn, isDistribution, type ModelFields, modelFields, numbersIn } from './json.js';

/** A step from a row to a value: a name, a position, or every item of a list, or the number of its items. */
export type FieldStep = string | number | typeof ITEMS | typeof LENGTH;
export const ITEMS: unique symbol = Symbol('items');
export const LENGTH: unique symbol = Symbol('length');

/** One field of the rows, and its distribution. */
export interface Field {
  /** `price`, `visits.length`, `[0]`; empty where the row is the value. */
  readonly path: string;
  /** How to come from a row to its values; `undefined` for a part of the model that no value of the row shows. */
  readonly steps: readonly FieldStep[] | undefined;
  /** The distribution of values that are there. */
  readonly dist: AnyDistribution;
  /** P(the value is missing); `undefined` where it is never missing or that is not modelled. */
  readonly missing: number | undefined;
  /** What stands in a row for a missing value, besides null, undefined and NaN. */
  readonly marker: unknown;
}

/** The distribution of a field with its gaps. */
export function wholeOf({ dist, missing }: Field): AnyDistribution {
  return missing === undefined ? dist : new OptionalDistribution(dist, { p: missing });
}

type Place = Pick<Field, 'path' | 'steps' | 'missing' | 'marker'>;
const ROOT: Place = { path: '', steps: [], missing: undefined, marker: null };

/**
 * The fields of a distribution over rows.
 * @param steps  where in a row stands what `dist` is over; `undefined` where no row shows it. Default: it is the row
 */
export function fieldsOf(dist: AnyDistribution, steps: Field['steps'] = []): readonly Field[] {
  return fieldsAt(dist, { ...ROOT, steps });
}

/** The fields of what rows do not show. */
export function hiddenFieldsOf(dist: AnyDistribution): readonly Field[] {
  return fieldsAt(dist, { ...ROOT, steps: undefined });
}

function fieldsAt(dist: AnyDistribution, at: Place): readonly Field[] {
  const fields = modelFields(dist);
  const child = (name: string) => fields[name] as AnyDistribution; // a distribution in the families below
  switch (fields.type) {
    case 'Null':
      return [];
    case 'Record':
      return Object.entries(fields.fields as Readonly<Record<string, AnyDistribution>>).flatMap(([name, field]) =>
        fieldsAt(field, below(at, at.path === '' ? name : `${at.path}.${name}`, name)),
      );
    case 'Composite':
      return (fields.dists as readonly AnyDistribution[]).flatMap((field, i) =>
        fieldsAt(field, below(at, `${at.path}[${i}]`, i)),
      );
    case 'Optional':
      return fieldsAt(child('dist'), { ...at, missing: eitherMissing(at.missing, fields.p), marker: fields.missing });
    case 'Ignored':
      return fieldsAt(child('dist'), at);
    case 'Weighted':
      return fieldsAt(child('dist'), below(at, at.path, 0));
    case 'DiagonalGaussian':
    case 'MultivariateGaussian':
      return coordinates(fields, at);
    case 'Sequence':
      return [
        ...fieldsAt(child('dist'), below(at, named(at, 'items'), ITEMS)),
        ...fieldsAt(child('length'), below(at, named(at, 'length'), LENGTH)),
      ];
    case 'Conditional':
      return conditionalFields(fields, at);
    case 'Mixture':
      return mixedFields(dist, fields, at);
    default:
      return unknownFields(dist, fields, at);
  }
}

function below(at: Place, path: string, step: FieldStep): Place {
  return { ...at, path, steps: at.steps && [...at.steps, step] };
}

function named({ path }: Place, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** P(missing) below an optional model of probability p that may be missing as a whole already. */
function eitherMissing(outer: number | undefined, p: unknown): number | undefined {
  if (typeof p !== 'number') return outer;
  return outer === undefined ? p : 1 - (1 - outer) * (1 - p);
}

/** Each coordinate of a Gaussian vector. */
function coordinates(fields: ModelFields, at: Place): readonly Field[] {
  const mu = fields.mu as readonly number[];
  const covariance = fields.covariance as readonly (readonly number[])[] | undefined;
  const variances = covariance?.map((row, j) => row[j]!) ?? numbersIn(fields, 'sigma2')!;
  return mu.map((mean, j) => ({
    ...below(at, `${at.path}[${j}]`, j),
    dist: new GaussianDistribution({ mu: mean, sigma2: variances[j]! }),
  }));
}

/** The level at position 0, and what the value at position 1 is like for each. */
function conditionalFields(fields: ModelFields, at: Place): readonly Field[] {
  const given = isDistribution(fields.given) ? fieldsAt(fields.given, below(at, `${at.path}[0]`, 0)) : [];
  const levels = fields.levels as readonly unknown[];
  const byLevel = (fields.dists as readonly (AnyDistribution | null)[]).flatMap((dist, i) =>
    dist === null ? [] : fieldsAt(dist, { ...at, steps: undefined, path: `${at.path}[1] of ${String(levels[i])}` }),
  );
  return [...given, ...byLevel];
}

/** Fields of a mixture inside a row: each is a mixture of the components' fields. */
function mixedFields(dist: AnyDistribution, { components, w }: ModelFields, at: Place): readonly Field[] {
  const parts = (components as readonly AnyDistribution[]).map((component) => fieldsAt(component, at));
  const paths = parts[0]!.map(({ path }) => path);
  const areAlike = parts.every((part) => part.length === paths.length && part.every((f, j) => f.path === paths[j]));
  if (!areAlike || paths.length === 0) return [{ ...at, dist }];
  const weights = w as readonly number[];
  return paths.map((_, j) => {
    const fields = parts.map((part) => part[j]!);
    const present = fields.map(({ missing }, k) => weights[k]! * (1 - (missing ?? 0)));
    const total = present.reduce((sum, share) => sum + share, 0);
    const gaps = fields.some(({ missing }) => missing !== undefined) ? Math.max(0, 1 - total) : undefined;
    const shares = total > 0 ? present.map((share) => share / total) : weights;
    return {
      ...fields[0]!,
      missing: gaps,
      dist: new MixtureDistribution<readonly AnyDistribution[]>(
        fields.map((field) => field.dist),
        { w: shares },
      ),
    };
  });
}

/** One field for the value; and one for each child, where the family is made of others. */
function unknownFields(dist: AnyDistribution, fields: ModelFields, at: Place): readonly Field[] {
  const isLatent = distributionsIn(fields, 'emissions') !== undefined;
  const children = isLatent ? [] : childrenOf(fields).filter(([, child]) => modelFields(child).type !== 'Null');
  const inside = children.map(([place, child]) => ({ ...at, steps: undefined, path: named(at, place), dist: child }));
  return [{ ...at, dist }, ...inside];
}

/** The values of a field in a row: one, none where it is missing, or several of a list. */
export function valuesOf(row: unknown, { steps, marker }: Field): readonly unknown[] {
  if (steps === undefined) return [];
  let values: readonly unknown[] = [row];
  for (const step of steps) {
    values = values.flatMap((value) => {
      if (value === null || value === undefined) return [];
      if (step === ITEMS) return Array.from(value as ArrayLike<unknown>);
      if (step === LENGTH) return [(value as ArrayLike<unknown>).length];
      return [(value as Readonly<Record<string | number, unknown>>)[step]];
    });
  }
  return values.filter((value) => !isGap(value, marker));
}

/** Whether a value stands for a gap. */
export function isGap(value: unknown, marker: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value) || Object.is(value, marker);
}
