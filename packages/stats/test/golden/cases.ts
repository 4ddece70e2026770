/** Runs one case of a golden file and lists what disagrees. */
import type { AnyDistribution, AnyEstimator, Columns } from '../../src/contract.js';
import { em } from '../../src/fit/em.js';
import { tie } from '../../src/tree/tie.js';
import { type Builder, build, checkNames, type Json, NotImplemented, revive } from './adapter.js';
import { differences } from './compare.js';

const DENSITY_TOLERANCE = 1e-9;
const ESTIMATE_TOLERANCE = 1e-8;

interface Case extends Json {
  readonly name: string;
}

/** What a case may hold: what is compared, what it is computed from, and what is there for information only. */
const CASE_FIELDS = [
  ...['name', 'note', 'remark', 'reference', 'suffStat', 'suffStatDoc', 'objectiveMayFall', 'choice', 'tolerance'],
  ...['ranks', 'iterations', 'returnedParams'],
  ...['family', 'keys', 'members', 'expected', 'expectedMembers'],
  ...['params', 'data', 'dataFrom', 'weights', 'logDensity', 'edgeCases', 'estimate', 'options', 'emOptions'],
  ...['posterior', 'componentLogDensity', 'filtered', 'viterbi'],
  ...['initialLogLikelihood', 'emTrace', 'logLikelihoods', 'finalParams'],
];

function toleranceOf(json: Case, kind: 'density' | 'estimate'): number {
  const { tolerance } = json;
  if (typeof tolerance === 'number') return tolerance;
  const own = (tolerance as Record<string, number> | undefined)?.[kind];
  return own ?? (kind === 'density' ? DENSITY_TOLERANCE : ESTIMATE_TOLERANCE);
}

function scoresOf(model: AnyDistribution, columns: Columns): number[] {
  const out = new Float64Array(columns.rowCount);
  model.seqLogDensity(columns, 0, columns.rowCount, out);
  return Array.from(out);
}

/** The estimate from rows with weights: one E step from `model`, accumulated in two parts that are then combined. */
export function estimateFrom(
  estimator: AnyEstimator,
  model: AnyDistribution | undefined,
  rows: readonly unknown[],
  weights: readonly number[],
): AnyDistribution {
  const encoder = estimator.encoder();
  const columns = encoder.encode(rows);
  const cut = Math.floor(rows.length / 3);
  const parts = [
    [0, cut],
    [cut, rows.length],
  ].map(([start, end]) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.begin?.(model, columns, { float64: (length) => new Float64Array(length) });
    accumulator.seqUpdate(columns, start!, end!, Float64Array.from(weights.slice(start, end)), model);
    return accumulator;
  });
  parts[0]!.combine(parts[1]!.value());
  tie(parts[0]!);
  return estimator.estimate(parts[0]!.value());
}

/** The members of key-tying.json: several accumulators under one key, side by side. */
function runKeyTying(json: Case, build: Builder): string[] {
  const members = json.members as readonly { readonly data: unknown[]; readonly weights: number[] }[];
  const family = { type: json.family as string };
  const keys = json.keys ?? 'shared';
  const estimator = build.estimator({ ...family, keys });
  const all = members.flatMap((member) => member.data.map((x) => build.row(x, family)));
  const columns = estimator.encoder().encode(all);
  let start = 0;
  const accumulators = members.map(({ data, weights }) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.seqUpdate(columns, start, start + data.length, Float64Array.from(weights));
    start += data.length;
    return accumulator;
  });
  tie({ children: accumulators, value: () => undefined, combine() {}, fromValue() {} });
  const expected = (json.expectedMembers as Json[] | undefined) ?? members.map(() => json.expected as Json);
  return accumulators.flatMap((accumulator, i) =>
    differences(
      build.describe(estimator.estimate(accumulator.value()), expected[i]),
      expected[i],
      ESTIMATE_TOLERANCE,
      `member ${i}`,
    ),
  );
}

interface Latent {
  posterior?(x: unknown): unknown;
  componentLogDensity?(x: unknown): unknown;
  filtered?(x: unknown): unknown;
  viterbi?(x: unknown): unknown;
}

/**
 * All disagreements of one case.
 * @throws {NotImplemented} when a family or a helper function of the case does not exist here
 */
export function runCase(json: Case, siblings: readonly Case[] = []): string[] {
  if (json.members !== undefined) return runKeyTying(json, build);
  const params = json.params as Json | undefined;
  const data = json.data ?? (json.dataFrom === 'first case' ? siblings[0]?.data : undefined);
  if (params === undefined || data === undefined) throw new NotImplemented(`not implemented: ${json.name}`);
  const model = build.distribution(params);
  checkNames('case', json, CASE_FIELDS);
  const rows = (data as unknown[]).map((x) => build.row(x, params));
  const weights = (json.weights as number[] | undefined) ?? rows.map(() => 1);
  const density = toleranceOf(json, 'density');
  const found: string[] = [];

  if (json.logDensity !== undefined) {
    found.push(
      ...differences(
        rows.map((x) => model.logDensity(x)),
        json.logDensity,
        density,
        'logDensity',
      ),
    );
    const columns = model.encoder().encode(rows);
    found.push(...differences(scoresOf(model, columns), json.logDensity, density, 'seqLogDensity'));
  }
  for (const edge of (json.edgeCases as Json[] | undefined) ?? []) found.push(...runEdge(model, params, edge, density));
  for (const method of ['posterior', 'componentLogDensity', 'filtered', 'viterbi'] as const) {
    const compute = (model as Latent)[method]?.bind(model);
    if (json[method] === undefined) continue;
    if (compute === undefined) found.push(`${method}: the model has no such method`);
    else if (method === 'viterbi') found.push(...pathDifferences(model, rows, compute, json.viterbi as unknown[]));
    else found.push(...differences(rows.map(compute), json[method], density, method));
  }
  // The estimate of a leaf follows from the rows alone; one with a hidden variable inside depends on the model before.
  const isLeaf = JSON.stringify(model).split('"type":').length === 2;
  const entering = isLeaf ? undefined : model;
  for (const entry of (json.estimate as Json[] | undefined) ?? []) {
    const options = entry.options as Json;
    const expected = entry.expected as Json;
    const estimator = build.estimator({ ...options, type: params.type, params });
    const estimated = build.describe(estimateFrom(estimator, entering, rows, weights), expected);
    const name = `estimate ${JSON.stringify(options)}`;
    found.push(...differences(estimated, expected, toleranceOf(json, 'estimate'), name));
  }
  found.push(...runTrace(json, model, rows, weights));
  return found;
}

/** Where a list is impossible, the reference gives the path of the lowest states; ours says that there is none. */
function pathDifferences(
  model: AnyDistribution,
  rows: readonly unknown[],
  viterbi: (row: unknown) => unknown,
  expected: readonly unknown[],
): string[] {
  return rows.flatMap((row, i) => {
    if (model.logDensity(row) > -Infinity) return differences(viterbi(row), expected[i], 0, `viterbi[${i}]`);
    try {
      return [`viterbi[${i}]: the list is impossible, but has the path ${JSON.stringify(viterbi(row))}`];
    } catch (error) {
      return (error as { code?: unknown }).code === 'PARAMETER' ? [] : [`viterbi[${i}]: ${String(error)}`];
    }
  });
}

function runEdge(model: AnyDistribution, params: Json, edge: Json, tolerance: number): string[] {
  const x = build.row(edge.x, params);
  const name = `edge ${JSON.stringify(edge.x)}`;
  const found = differences(model.logDensity(x), edge.logDensity, tolerance, name);
  let isEncodable = true;
  try {
    model.encoder().encode([x]);
  } catch {
    isEncodable = false;
  }
  if (isEncodable !== edge.encodable) found.push(`${name}: encodable is ${isEncodable}, expected ${edge.encodable}`);
  return found;
}

interface TraceEntry {
  readonly params?: Json | undefined;
  readonly logLikelihood: unknown;
}

/** The expected trace: with parameters after every iteration, or with likelihoods alone and the last parameters. */
function traceOf(json: Case): readonly TraceEntry[] | undefined {
  const likelihoods = json.logLikelihoods as readonly unknown[] | undefined;
  if (likelihoods === undefined) return json.emTrace as readonly TraceEntry[] | undefined;
  return likelihoods.map((logLikelihood, i) => ({
    logLikelihood,
    params: i === likelihoods.length - 1 ? (json.finalParams as Json) : undefined,
  }));
}

/** EM from `params`: likelihoods and parameters after every iteration. */
function runTrace(json: Case, start: AnyDistribution, rows: readonly unknown[], weights: readonly number[]): string[] {
  const trace = traceOf(json);
  const options = json.options as Json | undefined;
  if (trace === undefined) return [];
  const params = json.params as Json;
  // `options.estimator` is the whole estimator; `emOptions` are options of one of the model's own type.
  const emOptions = json.emOptions as Json | undefined;
  const estimator = build.estimator(
    (options?.estimator as Json | undefined) ?? { ...options, ...emOptions, type: params.type, params },
  );
  const algorithm = em(estimator);
  const columns = algorithm.encode(rows);
  const steps = algorithm.steps(columns);
  const rowWeights = Float64Array.from(weights);
  const found: string[] = [];
  const likelihood = toleranceOf(json, 'density');
  let model = start;
  let statistic = steps.expectation(model, columns, 0, columns.rowCount, rowWeights);
  if (json.initialLogLikelihood !== undefined) {
    const { logLikelihood } = steps.likelihood(statistic);
    found.push(...differences(logLikelihood, json.initialLogLikelihood, likelihood, 'initialLogLikelihood'));
  }
  trace.forEach((entry, i) => {
    model = steps.maximization(model, statistic).model;
    statistic = steps.expectation(model, columns, 0, columns.rowCount, rowWeights);
    const at = `iteration ${i + 1}`;
    if (entry.params !== undefined) {
      const described = build.describe(model, entry.params);
      found.push(...differences(described, entry.params, toleranceOf(json, 'estimate'), at));
    }
    const { logLikelihood } = steps.likelihood(statistic);
    found.push(...differences(logLikelihood, entry.logLikelihood, likelihood, `${at} logLikelihood`));
  });
  steps.release();
  return found;
}

export { revive };
