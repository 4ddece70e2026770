/** Distributions over finitely many values, as a list of values and probabilities. */
import type { AnyDistribution } from '@dml/stats';
import { isDistribution, modelFields, numbersIn } from './json.js';

/** A value and its probability. */
export interface LevelShare {
  readonly level: unknown;
  readonly p: number;
}

/** The values of a distribution with their probabilities; `undefined` where they are not finitely many. */
export function levelsOf(dist: AnyDistribution): readonly LevelShare[] | undefined {
  const fields = modelFields(dist);
  switch (fields.type) {
    case 'Categorical':
      return pairs(fields.levels as readonly unknown[], numbersIn(fields, 'p'));
    case 'IntegerCategorical': {
      const p = numbersIn(fields, 'p');
      return pairs(p?.map((_, k) => k + (fields.min as number)) ?? [], p);
    }
    case 'Bernoulli': {
      const p = fields.p as number;
      return pairs([true, false], [p, 1 - p]);
    }
    case 'Dirac':
      return [{ level: fields.value, p: 1 }];
    case 'Mixture':
      return mixedLevels(fields.components as readonly unknown[], numbersIn(fields, 'w') ?? []);
    case 'Optional': {
      const { p, dist: value } = fields;
      const inner = isDistribution(value) ? levelsOf(value) : undefined;
      if (inner === undefined || typeof p !== 'number') return inner;
      return [...inner.map((share) => ({ level: share.level, p: share.p * (1 - p) })), { level: null, p }];
    }
    default:
      return undefined;
  }
}

/** The same values, each with the sum of its weighted probabilities; `undefined` unless all components have levels. */
function mixedLevels(components: readonly unknown[], w: readonly number[]): readonly LevelShare[] | undefined {
  const total = new Map<unknown, number>();
  for (const [k, component] of components.entries()) {
    const levels = isDistribution(component) ? levelsOf(component) : undefined;
    if (levels === undefined) return undefined;
    for (const { level, p } of levels) total.set(level, (total.get(level) ?? 0) + (w[k] ?? 0) * p);
  }
  return [...total].map(([level, p]) => ({ level, p }));
}

function pairs(levels: readonly unknown[], p: readonly number[] | undefined): readonly LevelShare[] | undefined {
  return p?.map((share, k) => ({ level: levels[k], p: share }));
}
