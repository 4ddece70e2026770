// What a person writes who installed just @dml/stats: waiting times in a clinic, some of them not written down.
import assert from 'node:assert/strict';
import {
  CategoricalDistribution,
  CategoricalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  informationCriteria,
  MixtureDistribution,
  MixtureEstimator,
  modelFromJSON,
  OptionalDistribution,
  OptionalEstimator,
  optimize,
  RecordDistribution,
  RecordEstimator,
} from '@dml/stats';

// Simulated rows, so that the truth is known.
const visit = (minutes: number, urgent: number) =>
  new RecordDistribution({
    minutes: new OptionalDistribution<GaussianDistribution>(new GaussianDistribution({ mu: minutes, sigma2: 16 }), {
      p: 0.1,
    }),
    ward: new CategoricalDistribution<'urgent' | 'planned'>({ urgent, planned: 1 - urgent }),
  });
const truth = new MixtureDistribution([visit(10, 0.9), visit(40, 0.2)], { w: [0.4, 0.6] });
const rows = truth.sampler('clinic').sample(1000);
console.log(rows.slice(0, 3));

// How many kinds of visit are there? The smallest BIC says.
const kind = new RecordEstimator({
  minutes: new OptionalEstimator(new GaussianEstimator()),
  ward: new CategoricalEstimator<'urgent' | 'planned'>(),
});
const candidates = [1, 2, 3].map((count) => {
  const estimator = new MixtureEstimator(Array.from({ length: count }, () => kind));
  const { model } = optimize(rows, estimator, { seed: 1, maxIterations: 300 });
  return { count, model, ...informationCriteria(rows, estimator, model) };
});
console.table(
  candidates.map(({ count, parameterCount, logLikelihood, bic }) => ({ count, parameterCount, logLikelihood, bic })),
);
const { model, count } = candidates.reduce((best, other) => (other.bic < best.bic ? other : best));

// The compiler knows the model: components of records, with a mean of minutes.
const means = model.components.map(({ fields }) => fields.minutes.dist.mu).sort((a, b) => a - b);
console.log(`${count} kinds of visit, of about ${means.map((mean) => mean.toFixed(1)).join(' and ')} minutes`);

// Score a new row, and keep the model as text.
const row = { minutes: null, ward: 'urgent' } as const;
console.log('an urgent visit of unknown length:', model.posterior(row));
const restored = modelFromJSON(JSON.parse(JSON.stringify(model)));

assert.equal(count, 2);
assert.ok(Math.abs(means[0]! - 10) < 1 && Math.abs(means[1]! - 40) < 1);
assert.equal(restored.logDensity(row), model.logDensity(row));
