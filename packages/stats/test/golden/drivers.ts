/** Runs the driver cases: whole fits with a stopping rule, and the helper functions given with their random numbers. */
import type { Distribution } from '../../src/contract.js';
import { optimize } from '../../src/fit/optimize.js';
import { build, defined, type Json, NotImplemented } from './adapter.js';
import { differences } from './compare.js';

interface DriverOptions {
  readonly estimator: Json;
  readonly maxIts: number;
  readonly delta: number | null;
}

/** All disagreements of one driver case. @throws {NotImplemented} */
export function runDriver(json: Json & { readonly name: string }): string[] {
  if (json.function !== undefined) throw new NotImplemented(`function not implemented: ${json.function}`);
  const params = json.params as Json;
  const options = json.options as DriverOptions;
  const rowsOf = (list: unknown) => (list as unknown[]).map((x) => build.row(x, params));
  const result = optimize(
    rowsOf(json.data),
    build.estimator(options.estimator),
    defined({
      initialModel: build.distribution(params) as Distribution<unknown>,
      weights: json.weights as number[],
      maxIterations: options.maxIts,
      delta: options.delta,
      validation: json.validation === undefined ? undefined : rowsOf(json.validation),
    }),
  );
  const got = {
    initialLogLikelihood: result.path[0]!.logLikelihood,
    iterationsRun: result.iterations,
    returnedIterate: result.bestIteration,
    returned: build.describe(result.model),
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
