/** Runs the cases of queries.json: what a model is asked about a part of a row. */
import { conditionOn } from '../../src/ask/condition.js';
import type { AnyDistribution } from '../../src/contract.js';
import {
  explain,
  type GaussianDistribution,
  given,
  type HiddenMarkovDistribution,
  type MixtureDistribution,
  marginal,
  modelFromJSON,
} from '../../src/index.js';
import { type Json, NotImplemented } from './adapter.js';
import { differences } from './compare.js';

const TOLERANCE = 1e-12;
/** The README of the files. */
const HIDDEN_TOLERANCE = 1e-10;

/** The names of the cases' functions that are no fits and no drivers. */
const FUNCTIONS = ['given', 'explain', 'emStep', 'hmm'];

export function isQueryCase(golden: Json): boolean {
  return FUNCTIONS.includes(golden.function as string);
}

/** What disagrees. @throws {NotImplemented} */
export function runQuery(golden: Json): string[] {
  if (golden.function === 'given') return ofVectors(golden);
  if (golden.function === 'explain') return explained(golden);
  if (golden.function === 'hmm') return ofHiddenMarkov(golden);
  if (golden.function === 'emStep') return ofStepWithGaps(golden);
  throw new NotImplemented(`not implemented: ${golden.function}`);
}

/** The model in our terms. */
export function queriedModel(json: unknown): AnyDistribution {
  return modelFromJSON(renamed(json) as never);
}

function renamed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(renamed);
  if (typeof json !== 'object' || json === null) return json;
  if ((json as Json).type === 'Categorical') {
    const pairs = (json as Json).p as readonly (readonly [string, number])[];
    return { type: 'Categorical', levels: pairs.map(([level]) => level), p: pairs.map(([, p]) => p), unseen: 0 };
  }
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, renamed(value)]));
}

function ofVectors(golden: Json): string[] {
  const model = queriedModel(golden.model);
  const known = golden.known as readonly number[];
  const part = Object.fromEntries(known.map((j, i) => [j, (golden.values as readonly number[])[i]!]));
  const rest = given(model, part);
  const { marginal: of, mean, variance } = golden;
  const coordinates = (of as Json | undefined)?.coordinates as readonly number[];
  return [
    ...differences(rest, golden.expected, TOLERANCE, 'given'),
    ...differences(conditionOn(model, part).logDensity, golden.logDensityOfKnown, TOLERANCE, 'logDensityOfKnown'),
    ...differences(
      marginal(model, known).logDensity(known.map((j) => part[j])),
      golden.logDensityOfKnown,
      TOLERANCE,
      'marginal of the known',
    ),
    ...(of === undefined
      ? []
      : differences(marginal(model, coordinates), { ...of, coordinates: undefined }, TOLERANCE, 'marginal')),
    ...(mean === undefined ? [] : differences(rest.mean, mean, TOLERANCE, 'mean')),
    ...(variance === undefined
      ? []
      : differences((rest as MixtureDistribution<never>).covariance, [[variance]], TOLERANCE, 'variance')),
  ];
}

function explained(golden: Json): string[] {
  const model = queriedModel(golden.model) as MixtureDistribution<readonly AnyDistribution[]>;
  const { size, colour } = golden.row as { readonly size: number; readonly colour: string };
  const { logDensity, parts } = explain(model, golden.row);
  const found = Object.fromEntries(
    parts.map(({ field, of, ...part }) => [of === 'mixing' ? of : field, part.logDensity] as const),
  );
  const { w, colour: p } = golden.givenSize as Readonly<Record<string, readonly number[]>>;
  const givenSize = given(model, { size } as never) as typeof model;
  const colours = marginal(givenSize, 'colour' as never) as AnyDistribution;
  const givenColour = given(model, { colour } as never) as typeof model;
  const sizes = marginal(givenColour, 'size' as never) as AnyDistribution;
  const ofColour = { w: givenColour.w, meanSize: sizes.mean, varianceSize: sizes.variance };
  return [
    ...differences(logDensity, golden.logDensity, TOLERANCE, 'logDensity'),
    ...differences(found, golden.parts, TOLERANCE, 'parts'),
    ...differences(model.posterior(golden.row), golden.posterior, TOLERANCE, 'posterior'),
    ...differences(givenSize.w, w, TOLERANCE, 'givenSize.w'),
    ...differences(
      ['a', 'b', 'c'].map((level) => colours.density(level)),
      p,
      TOLERANCE,
      'givenSize.colour',
    ),
    ...differences(ofColour, golden.givenColour, TOLERANCE, 'givenColour'),
  ];
}

/** One step over rows with missing coordinates, row by row and in blocks. */
function ofStepWithGaps(golden: Json): string[] {
  const model = queriedModel({ ...(golden.model as Json), missing: null });
  const rows = golden.data as readonly unknown[];
  const weights = Float64Array.from(golden.weights as readonly number[]);
  const estimator = model.estimator();
  const columns = estimator.encoder().encode(rows);
  const scores = new Float64Array(rows.length);
  model.seqLogDensity(columns, 0, rows.length, scores);
  const accumulator = estimator.accumulator(columns);
  accumulator.begin?.(model, columns, { float64: (length) => new Float64Array(length) });
  accumulator.seqUpdate(columns, 0, 5, weights);
  accumulator.seqUpdate(columns, 5, rows.length, weights.subarray(5));
  const check = (found: unknown, name: string) => differences(found, golden[name], HIDDEN_TOLERANCE, name);
  return [
    ...check(
      rows.map((row) => model.logDensity(row)),
      'logDensity',
    ),
    ...check([...scores], 'logDensity'),
    ...(golden.logLikelihood === undefined
      ? []
      : check(
          scores.reduce((sum, score, i) => sum + weights[i]! * score, 0),
          'logLikelihood',
        )),
    ...check(estimator.estimate(accumulator.value()), 'expected'),
  ];
}

interface Forecast extends Json {
  readonly steps: number;
}

function ofHiddenMarkov(golden: Json): string[] {
  const model = queriedModel({ ...(golden.model as Json), length: { type: 'Null' }, terminalValues: [] });
  const hidden = model as HiddenMarkovDistribution<readonly GaussianDistribution[]>;
  const x = golden.data as readonly number[];
  const check = (found: unknown, name: string) => differences(found, golden[name], HIDDEN_TOLERANCE, name);
  return [
    ...check(hidden.logDensity(x), 'logDensity'),
    ...check(hidden.bestPaths(x, (golden.bestPaths as readonly unknown[]).length), 'bestPaths'),
    ...check(hidden.filtered(x).at(-1), 'filtered'),
    ...check(hidden.posterior(x), 'smoothed'),
    ...check(hidden.expectedTransitions(x), 'expectedTransitions'),
    ...check(hidden.stationary(), 'stationary'),
    ...check(hidden.itemLogDensities(x), 'itemParts'),
    ...(golden.forecast as readonly Forecast[]).flatMap((expected) => {
      const { w, mean, variance } = hidden.forecast(x, expected.steps);
      return differences({ steps: expected.steps, w, mean, variance }, expected, HIDDEN_TOLERANCE, 'forecast');
    }),
  ];
}
