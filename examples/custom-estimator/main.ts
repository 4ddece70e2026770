import assert from 'node:assert/strict';
import {
  CategoricalEstimator,
  ExponentialDistribution,
  ExponentialEstimator,
  MixtureEstimator,
  modelFromJSON,
  modelTypes,
  optimize,
  RecordEstimator,
} from '@dml/stats';
import { LaplaceDistribution, LaplaceEstimator } from './laplace.js';
import { ShiftedDistribution, ShiftedEstimator } from './shifted.js';

// On its own.
const truth = new LaplaceDistribution({ mu: 3, b: 0.5 });
const alone = optimize(truth.sampler(1).sample(5000), new LaplaceEstimator()).model;
console.log(`alone: mu ${alone.mu.toFixed(2)}, b ${alone.b.toFixed(2)}`);

// Below a combinator of the same author: nobody answers before 0.2 s have passed.
const answers = new ShiftedDistribution(new ExponentialDistribution({ mean: 0.5 }), { shift: 0.2 })
  .sampler(4)
  .sample(5000);
const answer = optimize(answers, new ShiftedEstimator(new ExponentialEstimator(), { shift: 0.2 })).model;
console.log(`answers: mean ${answer.dist.mean.toFixed(2)} after ${answer.shift} s`);

// As a field of a record in a mixture, beside a family of @dml/stats. The model's fields are typed all the way down.
const left = new LaplaceDistribution({ mu: -4, b: 1 }).sampler(2).sample(300);
const right = truth.sampler(3).sample(700);
const rows = [
  ...left.map((error) => ({ error, sensor: 'old' })),
  ...right.map((error, i) => ({ error, sensor: i % 10 === 0 ? 'old' : 'new' })),
];
const sensor = new RecordEstimator({ error: new LaplaceEstimator(), sensor: new CategoricalEstimator() });
const { model, reason } = optimize(rows, new MixtureEstimator([sensor, sensor]), { seed: 1 });
model.components.forEach(({ fields: { error } }, k) => {
  console.log(`component ${k}: weight ${model.w[k]!.toFixed(2)}, mu ${error.mu.toFixed(2)}, b ${error.b.toFixed(2)}`);
});

// Kept as JSON, and rebuilt with the new type among the known ones.
const restored = modelFromJSON(JSON.parse(JSON.stringify(model)), [...modelTypes, LaplaceDistribution]);

assert.ok(Math.abs(answer.dist.mean - 0.5) < (5 * 0.5) / Math.sqrt(5000));
assert.ok(Math.abs(alone.mu - 3) < 0.05 && Math.abs(alone.b - 0.5) < 0.05);
const [low, high] = model.components.map(({ fields }) => fields.error).sort((a, b) => a.mu - b.mu);
assert.ok(Math.abs(low!.mu + 4) < 0.3 && Math.abs(high!.mu - 3) < 0.1, `${low!.mu}, ${high!.mu}`);
assert.equal(reason, 'converged');
assert.equal(restored.logDensity(rows[0]), model.logDensity(rows[0]!));
