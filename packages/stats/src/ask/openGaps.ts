/** Rows with gaps: what of them is known, and the model in which each gap is a value that nobody has seen. */
import { violationOf } from '../columns/columns.js';
import { CompositeDistribution } from '../combinators/composite.js';
import { ConditionalDistribution } from '../combinators/conditional.js';
import { givenLevels } from '../combinators/conditionalLevels.js';
import { isMissing, type Missing } from '../combinators/optionalColumns.js';
import { RecordDistribution } from '../combinators/record.js';
import type { AnyDistribution, Step } from '../contract.js';
import { formatPath, ParameterError } from '../errors.js';
import { CategoricalDistribution, type Level } from '../families/categorical.js';
import type { JointMixtureDistribution } from '../latent/jointMixture/jointMixture.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { posteriorOf } from '../latent/posterior.js';
import { log, log1p } from '../numeric/elementary.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { componentsIn, type WeightedComponents } from './mixtures.js';
import { NOTHING, type Opened } from './opened.js';
import { openList } from './openLists.js';

type AnyConditional = ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>;
type AnyJoint = JointMixtureDistribution<readonly AnyDistribution[], readonly AnyDistribution[]>;

/** A mixture of bags over shared topics. */
interface Bags {
  toMixture(): AnyDistribution;
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
      return openConditional(model as AnyConditional, row);
    case 'JointMixture':
      return openPair(model as AnyJoint, row);
    case 'DiagonalGaussian':
    case 'IntegerChowLiuTree':
    case 'MultivariateGaussian': {
      const entries = knownEntries(row, missing);
      if (entries.isComplete) checkWhole(model, row);
      return { model, logWeight: 0, ...entries };
    }
    case 'HierarchicalMixture':
      return isGap(row) ? whole(model, NOTHING, 0) : openGaps((model as AnyDistribution & Bags).toMixture(), row);
    default: {
      if (isGap(row)) return whole(model, NOTHING, 0);
      const list = openList(model, row, openGaps);
      if (list !== undefined) return list;
      checkWhole(model, row);
      return whole(model, row, 0);
    }
  }
}

/** @throws {ParameterError} for a value that the model cannot hold */
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

/** A level and its value. What is missing of the value says something of the level, as of a component of a mixture. */
function openConditional(model: AnyConditional, row: unknown): Opened {
  const [level, value] = pairOf(row);
  const known = isGap(level) ? undefined : (level as Level);
  const levels =
    known === undefined
      ? givenLevels('impute', model)
      : [{ level: known, logWeight: model.given.logDensity(known), dist: model.dists.get(known) ?? model.otherwise }];
  const opened = levels.flatMap(({ dist, ...level }) =>
    dist === null ? [] : [{ ...level, value: openGaps(dist, value) }],
  );
  // A level that the model does not have: where a value is missing, `given` refuses it.
  if (opened.length === 0) {
    const isComplete = known !== undefined && !isGap(value);
    return { model, known: isComplete ? row : { 0: level }, isComplete, logWeight: 0 };
  }
  const scores = opened.map((own) => own.logWeight + own.value.logWeight);
  const total = logSumExp(scores);
  const w =
    known === undefined
      ? posteriorOf(
          scores,
          opened.map(() => 1),
        )
      : undefined;
  const given =
    w === undefined
      ? model.given
      : new CategoricalDistribution<Level>(opened.map((own, k) => [own.level, w[k]!] as const));
  const dists = new Map(opened.map((own) => [own.level, own.value.model]));
  return openedPair(
    new ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>(dists, { given }),
    row,
    whole(model, isGap(level) ? NOTHING : level, 0),
    // Of an unknown level the values have the gaps of the first; `given` looks at the others.
    opened[0]!.value,
    known === undefined ? (total === -Infinity ? 0 : total) : opened[0]!.value.logWeight,
  );
}

/** Two values, each of a mixture. What is missing of them is not modelled. */
function openPair(model: AnyJoint, row: unknown): Opened {
  const values = pairOf(row);
  const [first, second] = [model.components1, model.components2].map((components, side) => {
    const value = values[side];
    if (isGap(value)) return whole(model, NOTHING, 0);
    checkWhole(components[0]!, value);
    return whole(model, value, 0);
  });
  return openedPair(model, row, first!, second!, 0);
}

function openedPair(model: AnyDistribution, row: unknown, first: Opened, second: Opened, logWeight: number): Opened {
  const inner = new Map([
    [0, first],
    [1, second],
  ]);
  const known = [...inner].filter(([, value]) => value.known !== NOTHING);
  const isComplete = first.isComplete && second.isComplete;
  return {
    model,
    known:
      known.length === 0
        ? NOTHING
        : isComplete
          ? row
          : Object.fromEntries(known.map(([step, value]) => [step, value.known])),
    isComplete,
    logWeight,
    inner,
    isPair: true,
  };
}

/** The two values of a pair; gaps where there is none. */
function pairOf(row: unknown): readonly unknown[] {
  return Array.isArray(row) && row.length === 2 ? row : [NOTHING, NOTHING];
}

function isGap(value: unknown): boolean {
  return value === NOTHING || value === null || value === undefined;
}

/** A value that is known as a whole, or not at all. */
function whole(model: AnyDistribution, value: unknown, logWeight: number): Opened {
  return { model, known: value, isComplete: value !== NOTHING, logWeight };
}

/** Of a list whose entries may be known one by one. */
function knownEntries(row: unknown, missing: Missing): Pick<Opened, 'known' | 'isComplete' | 'gaps'> {
  if (isGap(row)) return { known: NOTHING, isComplete: false };
  const entries: readonly (readonly [number, unknown])[] =
    Array.isArray(row) || row instanceof Float64Array ? [...row.entries()] : [];
  const isOpen = (value: unknown) => isGap(value) || isMissing(value, missing);
  const known = entries.filter(([, value]) => !isOpen(value));
  if (known.length === entries.length) return { known: row, isComplete: true };
  const gaps = new Set(entries.flatMap(([step, value]) => (isOpen(value) ? [step] : [])));
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
