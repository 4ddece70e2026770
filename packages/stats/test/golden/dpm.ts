/** Runs the cases of dpm.json: a Dirichlet-process mixture, its bound, and the iterates of a fit. */
import { bayesOf } from '../../src/bayes/children.js';
import type { AnyDistribution, AnyEstimator, ParameterDistribution } from '../../src/contract.js';
import { em } from '../../src/fit/em.js';
import { weightsBound } from '../../src/latent/mixtures/stickBreaking.js';
import {
  BetaDistribution,
  CompositeEstimator,
  DirichletProcessMixtureDistribution,
  DirichletProcessMixtureEstimator,
  GammaDistribution,
} from '../../src/models/models.js';
import type { Json } from './adapter.js';
import { describeKnown, estimatorWith, parametersOf } from './bayes.js';
import { differences } from './compare.js';

interface Params {
  readonly family: string;
  readonly componentPrior: Json;
  readonly components: readonly Json[];
  readonly sticks: readonly (readonly [number, number])[];
  readonly alphaPrior: { readonly shape: number; readonly rate: number };
  readonly alphaPosterior: { readonly shape: number; readonly rate: number };
}

export function isProcessCase(json: Json): boolean {
  return (json.params as Json | undefined)?.type === 'DirichletProcessMixture' && json.emTrace !== undefined;
}

function families({ componentPrior, family }: Params): readonly string[] {
  return (componentPrior.fams as readonly string[] | undefined) ?? [family];
}

function partsOf(json: Json): readonly Json[] {
  return (json.parts as readonly Json[] | undefined) ?? [json];
}

function gammaOf({ shape, rate }: { readonly shape: number; readonly rate: number }): GammaDistribution {
  return new GammaDistribution({ shape, scale: 1 / rate });
}

/** What is known of one component: of a composite a list. */
function knownOf(json: Json, params: Params): unknown {
  const known = partsOf(json).map((part, j) => parametersOf(part, families(params)[j]!));
  return json.parts === undefined ? known[0] : known;
}

function componentEstimator(params: Params): AnyEstimator {
  const estimators = partsOf(params.componentPrior).map((part, j) => {
    const { levels, ...prior } = part;
    const family = families(params)[j]!;
    return estimatorWith(family, parametersOf(prior, family));
  });
  return params.componentPrior.parts === undefined ? estimators[0]! : new CompositeEstimator(estimators);
}

function describeProcess(
  { posteriors, sticks, concentration, w }: DirichletProcessMixtureDistribution<AnyDistribution>,
  params: Params,
): Json {
  const components = posteriors.map((posterior) => {
    const known = (Array.isArray(posterior) ? posterior : [posterior]) as readonly ParameterDistribution<unknown>[];
    const parts = known.map((part, j) => describeKnown(part, families(params)[j]!));
    return Array.isArray(posterior) ? { type: 'Composite', fams: families(params), parts } : parts[0];
  });
  return {
    components,
    sticks: sticks.map(({ alpha, beta }) => [alpha, beta]),
    alphaPosterior: { shape: concentration.shape, rate: 1 / concentration.scale },
    w,
  };
}

/** All disagreements of one case. */
export function runProcess(json: Json & { readonly name: string }): string[] {
  const params = json.params as unknown as Params;
  const component = componentEstimator(params);
  const bayes = bayesOf(component);
  const concentration = gammaOf(params.alphaPrior);
  const estimator = new DirichletProcessMixtureEstimator(component, {
    truncation: params.components.length,
    concentration,
  });
  const posteriors = params.components.map((part) => knownOf(part, params));
  let model = new DirichletProcessMixtureDistribution<AnyDistribution>(
    posteriors.map((posterior) => bayes.mode(posterior)),
    {
      posteriors,
      sticks: params.sticks.map(([alpha, beta]) => new BetaDistribution({ alpha, beta })),
      concentration: gammaOf(params.alphaPosterior),
    },
  );
  const algorithm = em(estimator);
  const columns = algorithm.encode(json.data as never);
  const steps = algorithm.steps(columns);
  const scores = posteriors.map((posterior) => {
    const out = new Float64Array(columns.rowCount);
    bayes.expectedScorer(posterior).seqLogDensity(columns, 0, columns.rowCount, out);
    return out;
  });
  const byRow = Array.from({ length: columns.rowCount }, (_, i) => scores.map((score) => score[i]!));
  const weights = Float64Array.from(json.weights as number[]);
  const pass = () => steps.expectation(model as never, columns, 0, columns.rowCount, weights);
  const elbo = (data: number) => {
    const bound = weightsBound(model, concentration);
    const components = model.posteriors.reduce<number>((sum, posterior) => sum - bayes.divergence(posterior), 0);
    const parts = { data, sticks: bound.sticks, alpha: bound.concentration, components };
    return { ...parts, total: data + estimator.logPrior(model as never) };
  };
  let statistic = pass();
  const found = differences(elbo(steps.likelihood(statistic).logLikelihood), json.initialElbo, 1e-9, 'initialElbo');
  found.push(...differences(byRow, json.expectedComponentLogDensity, 1e-9, 'expectedComponentLogDensity'));
  for (const [t, expected] of (json.emTrace as readonly Json[]).entries()) {
    model = steps.maximization(model as never, statistic).model as never;
    found.push(...differences(describeProcess(model, params), expected.params, 1e-8, `[${t}]`));
    statistic = pass();
    found.push(...differences(elbo(steps.likelihood(statistic).logLikelihood), expected.elbo, 1e-8, `[${t}].elbo`));
  }
  steps.release();
  return found;
}
