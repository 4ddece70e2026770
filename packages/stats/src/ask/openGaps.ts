/** Rows with gaps: what of them is known, and the model in which each gap is a value that nobody has seen. */
import { violationOf } from '../columns/columns.js';
import { CompositeDistribution } from '../combinators/composite.js';
import { isMissing, type Missing } from '../combinators/optionalColumns.js';
import { RecordDistribution } from '../combinators/record.js';
import type { AnyDistribution, Step } from '../contract.js';
import { formatPath, ParameterError } from '../errors.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { posteriorOf } from '../latent/posterior.js';
import { log, log1p } from '../numeric/elementary.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { componentsIn, type WeightedComponents } from './mixtures.js';

/** Of a value of which nothing is known. */
export const NOTHING = Symbol('nothing');

/** A row, or a value in it, with gaps. */
export interface Opened {
  /** The model without its optional parts: each of their gaps is now a value like others. */
  readonly model: AnyDistribution;
  /** What is known, as a part for `given`; the whole value, where all is known; or {@link NOTHING}. */
  readonly known: unknown;
  readonly isComplete: boolean;
  /** Log-probability that just these values are missing. */
  readonly logWeight: number;
  /** The values in a record or a composite. */
  readonly inner?: ReadonlyMap<Step, Opened>;
  /** Where the gaps of a vector, or of a pair of a level and a value, are. */
  readonly gaps?: ReadonlySet<number>;
}

/** What describes a model of each type below. By names, so that a page need not load all families. */
export interface Described {
  readonly type: string;
  readonly fields?: Readonly<Record<string, AnyDistribution>>;
  readonly dists?: readonly AnyDistribution[];
  readonly dist?: AnyDistribution;
  readonly p?: number | null;
  readonly missing?: Missing;
}

/** Null, undefined, and what an optional part calls missing are gaps. */
export function openGaps(model: AnyDistribution, row: unknown): Opened {
  const mixture = componentsIn(model);
  if (mixture !== undefined) return openMixture(mixture, row);
  const { type, fields, dists, dist, p = null, missing } = model.toJSON() as Described;
  switch (type) {
    case 'Optional': {
      const isGap = row === NOTHING || isMissing(row, missing);
      const opened = openGaps(dist!, isGap ? NOTHING : row);
      return { ...opened, logWeight: opened.logWeight + (p === null ? 0 : isGap ? log(p) : log1p(-p)) };
    }
    case 'Ignored':
      return openGaps(dist!, row);
    case 'Record':
      // One row that is a list would pass as a record without any field.
      if (Array.isArray(row))
        throw new ParameterError('impute', 'row', 'one row, a record with the fields of the model', row);
      return openFields(
        new Map(Object.entries(fields!)),
        row,
        (opened) => new RecordDistribution(Object.fromEntries(opened)),
      );
    case 'Composite':
      return openFields(new Map(dists!.entries()), row, (opened) => new CompositeDistribution([...opened.values()]));
    case 'Conditional':
      return { model, logWeight: 0, ...knownEntries(row, missing) };
    case 'DiagonalGaussian':
    case 'MultivariateGaussian': {
      const entries = knownEntries(row, missing);
      if (entries.isComplete) checkWhole(model, row);
      return { model, logWeight: 0, ...entries };
    }
    default: {
      const isComplete = row !== NOTHING && row !== null && row !== undefined;
      if (isComplete) checkWhole(model, row);
      return { model, known: isComplete ? row : NOTHING, isComplete, logWeight: 0 };
    }
  }
}

/** A list with gaps between its items, say, is not filled. @throws {ParameterError} */
function checkWhole(model: AnyDistribution, value: unknown): void {
  const violation = violationOf(model.encoder(), value);
  if (violation === undefined) return;
  const at = violation.path.length === 0 ? '' : ` at "${formatPath(violation.path)}"`;
  throw new ParameterError('impute', `a value of ${model.toJSON().type}${at}`, violation.expected, violation.found);
}

function openFields(
  fields: ReadonlyMap<Step, AnyDistribution>,
  row: unknown,
  join: (models: ReadonlyMap<Step, AnyDistribution>) => AnyDistribution,
): Opened {
  const values = (typeof row === 'object' && row !== null ? row : {}) as Readonly<Record<Step, unknown>>;
  const inner = new Map([...fields].map(([step, field]) => [step, openGaps(field, values[step] ?? NOTHING)] as const));
  const all = [...inner];
  const known = all.filter(([, value]) => value.known !== NOTHING);
  return {
    model: join(new Map(all.map(([step, value]) => [step, value.model]))),
    known: known.length === 0 ? NOTHING : Object.fromEntries(known.map(([step, value]) => [step, value.known])),
    isComplete: all.every(([, value]) => value.isComplete),
    logWeight: all.reduce((sum, [, value]) => sum + value.logWeight, 0),
    inner,
  };
}

/** Of a list whose entries may be known one by one. */
function knownEntries(row: unknown, missing: Missing): Pick<Opened, 'known' | 'isComplete' | 'gaps'> {
  if (row === NOTHING || row === null || row === undefined) return { known: NOTHING, isComplete: false };
  const entries: readonly (readonly [number, unknown])[] =
    Array.isArray(row) || row instanceof Float64Array ? [...row.entries()] : [];
  const isGap = (value: unknown) => value === null || value === undefined || isMissing(value, missing);
  const known = entries.filter(([, value]) => !isGap(value));
  if (known.length === entries.length) return { known: row, isComplete: true };
  const gaps = new Set(entries.flatMap(([step, value]) => (isGap(value) ? [step] : [])));
  return { known: known.length === 0 ? NOTHING : Object.fromEntries(known), isComplete: false, gaps };
}

/** Where all components find the gaps impossible, as they never saw one, the gaps say nothing. */
function openMixture({ components, w }: WeightedComponents, row: unknown): Opened {
  const opened = components.map((component) => openGaps(component, row));
  const logWeights = opened.map(({ logWeight }) => logWeight);
  const logWeight = logSumExp(logWeights.map((score, k) => (w[k] === 0 ? -Infinity : log(w[k]!) + score)));
  return {
    ...opened[0]!,
    model: new MixtureDistribution<readonly AnyDistribution[]>(
      opened.map(({ model }) => model),
      { w: posteriorOf(logWeights, w) ?? w },
    ),
    logWeight: logWeight === -Infinity ? 0 : logWeight,
  };
}
