/**
 * What a model draws is a row of the model: it is encoded, and its score is a number. For every family alone, and for every
 * combinator with every family in each of its places: such a model is refused by name, or it can hold what it draws.
 */
import { describe, expect, it } from 'vitest';
import type { AnyDistribution } from '../../src/contract.js';
import { ParameterError } from '../../src/errors.js';
import { modelFromJSON, modelTypes } from '../../src/index.js';
import { everyFamily } from '../everyFamily.js';

type Fields = Readonly<Record<string, unknown>>;

const isModel = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && typeof (value as Fields).type === 'string';

/** The places of a model that hold models; the components of a mixture are one place. */
function placesOf(model: Fields): readonly string[] {
  const holds = (value: unknown): boolean =>
    isModel(value) || (typeof value === 'object' && value !== null && Object.values(value).some(holds));
  return Object.keys(model).filter((name) => holds(model[name]));
}

/** `value` with `child` in the place of each model. */
function filled(value: unknown, child: Fields): unknown {
  if (isModel(value)) return child;
  if (Array.isArray(value)) return value.map((part) => filled(part, child));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part, child)]));
}

const categorical = everyFamily.Categorical!.model;
const lists = { type: 'Sequence', dist: categorical, length: { type: 'Poisson', lambda: 3 }, lengthNormalized: false };
const pairs = { ...everyFamily.Conditional!.model, dists: [categorical, categorical, categorical] };
const lookback = everyFamily.LookbackHiddenMarkov!.model;
const models: Readonly<Record<string, Fields>> = {
  ...Object.fromEntries(Object.entries(everyFamily).map(([name, { model }]) => [name, model])),
  'Sequence of levels': lists,
  'Sequence of integers': { ...lists, dist: everyFamily.IntegerCategorical!.model },
  'pairs of levels': { type: 'Composite', dists: [categorical, categorical] },
  'Conditional of levels': pairs,
  'Optional of pairs': { type: 'Optional', dist: pairs, p: 0.1, missing: null },
  'Mixture of pairs': { type: 'Mixture', components: [pairs, pairs], w: [0.5, 0.5] },
};
const parents: Readonly<Record<string, Fields>> = {
  ...models,
  TreeHiddenMarkov: { ...everyFamily.TreeHiddenMarkov!.model, maxDepth: 2 }, // deep trees with many children are too large
  ...Object.fromEntries([0, 2, 3].map((lag) => [`LookbackHiddenMarkov of lag ${lag}`, { ...lookback, lag }])),
  'LookbackHiddenMarkov over lists': { ...lookback, emissions: [lists, lists], lag: 2 },
};

/** Rows of a model; none where it cannot be made, or has nothing to draw from, as an error says. */
function drawn(json: Fields): { readonly model?: AnyDistribution; readonly rows: readonly unknown[] } {
  try {
    const model = modelFromJSON(json, modelTypes);
    return { model, rows: model.sampler(5).sample(12) };
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return { rows: [] };
  }
}

function scoresOf(model: AnyDistribution, rows: readonly unknown[]): Float64Array {
  const scores = new Float64Array(rows.length);
  model.seqLogDensity(model.encoder().encode(rows as never), 0, rows.length, scores);
  return scores;
}

describe('rows that a model draws', () => {
  it.each(Object.keys(everyFamily))('have a finite score: %s', (name) => {
    const json = everyFamily[name]!.model;
    // A chain needs to know where it begins, to draw.
    const drawable = name === 'IntegerMarkovChain' ? { ...json, initial: parents['Sequence of integers'] } : json;
    const model = modelFromJSON(drawable, modelTypes);
    const rows = model.sampler(11).sample(50);
    for (const score of [...scoresOf(model, rows), ...rows.map((row) => model.logDensity(row as never))]) {
      expect(score).toSatisfy(Number.isFinite);
    }
  });

  const places = Object.entries(parents).flatMap(([name, json]) => placesOf(json).map((place) => ({ name, place })));
  it.each(places)('are rows of the model, whatever stands in $place of $name', ({ name, place }) => {
    for (const [child, json] of Object.entries(models)) {
      // Trees whose every node has children end where the sampler is told to end, which is no tree of theirs.
      if (place === 'childCount' && /^(Dirac|Geometric)$/.test(child)) continue;
      const { model, rows } = drawn({ ...parents[name]!, [place]: filled(parents[name]![place], json) });
      if (model === undefined) continue;
      const scores = scoresOf(model, rows);
      for (const [i, row] of rows.entries()) {
        expect([child, model.logDensity(row as never), scores[i]]).not.toContain(Number.NaN);
      }
    }
  });
});
