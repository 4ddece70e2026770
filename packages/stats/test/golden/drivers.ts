/** Runs the driver cases: whole fits with a stopping rule, and the helper functions given with their random numbers. */
import { empiricalKlDivergence } from '../../src/choose/empiricalKlDivergence.js';
import { kFoldIndex, partitionIndex } from '../../src/choose/split.js';
import type { Distribution } from '../../src/contract.js';
import { optimize } from '../../src/fit/optimize.js';
import { build, checkNames, defined, type Json, NotImplemented } from './adapter.js';
import { differences } from './compare.js';

interface DriverOptions {
  readonly estimator: Json;
  readonly maxIts: number;
  readonly delta: number | null;
}

/** The helper functions, from their golden arguments to their golden results. */
const functions: Readonly<Record<string, (json: Json) => unknown>> = {
  kFoldSplitIndex: (json) => Array.from(kFoldIndex(json.uniforms as number[], json.k as number)),
  partitionDataIndex: (json) =>
    partitionIndex(json.uniforms as number[], json.proportions as number[]).map((part) => Array.from(part)),
  empiricalKlDivergence(json) {
    const models = json.models as Json[];
    const rows = (json.data as unknown[]).map((x) => build.row(x, models[0]!));
    const [first, second] = models.map((model) => build.distribution(model));
    const { divergence, impossibleUnderFirst, impossibleUnderSecond } = empiricalKlDivergence(first!, second!, rows);
    return { kl: divergence, bad1: impossibleUnderFirst, bad2: impossibleUnderSecond };
  },
};

/** All disagreements of one driver case. @throws {NotImplemented} */
export function runDriver(json: Json & { readonly name: string }): string[] {
  if (json.function !== undefined) {
    const run = functions[json.function as string];
    if (run === undefined) throw new NotImplemented(`function not implemented: ${json.function}`);
    return differences(run(json), json.expected, 1e-8, json.function as string);
  }
  const params = json.params as Json;
  const options = json.options as DriverOptions & Json;
  checkNames('options of optimize', options, ['estimator', 'maxIts', 'delta']);
  const rowsOf = (list: unknown) => (list as unknown[]).map((x) => build.row(x, params));
  const result = optimize(
    rowsOf(json.data),
    build.estimator(options.estimator),
    defined({
      initialModel: build.distribution(params) as Distribution<unknown>,
      weights: json.weights as number[],
      acceleration: 'none', // the traces are of plain EM
      maxIterations: options.maxIts,
      delta: options.delta,
      validation: json.validation === undefined ? undefined : rowsOf(json.validation),
    }),
  );
  const got = {
    initialLogLikelihood: result.path[0]!.logLikelihood,
    iterationsRun: result.iterations,
    returnedIterate: result.bestIteration,
    returned: build.describe(result.model, json.returned as Json | undefined),
    trace: result.path.slice(1),
    initialValidationLogLikelihood: result.path[0]!.validationLogLikelihood,
  };
  const trace = (json.trace as Json[]).map(({ iteration, logLikelihood, change, validationLogLikelihood }) =>
    defined({ iteration, logLikelihood, change, validationLogLikelihood }),
  );
  const expected = defined({
    initialLogLikelihood: json.initialLogLikelihood,
    iterationsRun: json.iterationsRun,
    returnedIterate: json.returnedIterate,
    returned: json.returned,
    trace,
    initialValidationLogLikelihood: json.initialValidationLogLikelihood,
  });
  return differences(got, expected, 1e-8);
}
