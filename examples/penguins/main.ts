import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  bestOf,
  CategoricalEstimator,
  GaussianEstimator,
  inspect,
  MixtureEstimator,
  OptionalEstimator,
  RecordEstimator,
} from '@dml/stats';
import { adjustedRandIndex, countTable } from './agreement.js';

interface Penguin {
  readonly Species: string;
  readonly Island: string;
  readonly 'Beak Length (mm)': number | null;
  readonly 'Beak Depth (mm)': number | null;
  readonly 'Flipper Length (mm)': number | null;
  readonly 'Body Mass (g)': number | null;
  readonly Sex: string | null;
}

// The package offers its files to browsers; its data stand beside its code.
const file = new URL('../data/penguins.json', import.meta.resolve('vega-datasets'));
const penguins = JSON.parse(readFileSync(file, 'utf8')) as Penguin[];

// What the fit sees. Not the species, of course; and not mass and sex, which tell males from females before species.
const length = new OptionalEstimator(new GaussianEstimator(), { ignoreMissing: true });
const kind = new RecordEstimator({
  'Beak Length (mm)': length,
  'Beak Depth (mm)': length,
  'Flipper Length (mm)': length,
  Island: new CategoricalEstimator(),
});

// Look before fitting: what would be refused, and what is missing?
const { violations, fields } = inspect(penguins, kind);
assert.deepEqual(violations, []);
for (const { path, missing, distinct } of fields) {
  console.log(`${path}: ${missing} of ${penguins.length} missing, ${distinct} different values`);
}

const fit = bestOf(penguins, new MixtureEstimator([kind, kind, kind]), { trials: 20, seed: 1, maxIterations: 500 });
console.log(`\nlog-likelihood ${fit.logLikelihood.toFixed(2)}, reached by ${fit.agreeing} of 20 starts; ${fit.reason}`);

// Each penguin goes to its most probable component. The species was not used, so it can judge.
const component = penguins.map((penguin) => {
  const posterior = fit.model.posterior(penguin);
  return posterior.indexOf(Math.max(...posterior));
});
const species = penguins.map((penguin) => penguin.Species);
console.table(countTable(species, component));
const index = adjustedRandIndex(species, component);
console.log(`adjusted Rand index: ${index.toFixed(3)}`);

fit.model.components.forEach(({ fields: { 'Flipper Length (mm)': flipper, Island } }, k) => {
  const island = [...Island.p].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  const share = (100 * fit.model.w[k]!).toFixed(0);
  console.log(`component ${k}: ${share} % of all, flippers of ${flipper.dist.mu.toFixed(0)} mm, mostly on ${island}`);
});

assert.ok(fit.reason === 'converged', fit.reason);
assert.ok(index > 0.9, `adjusted Rand index ${index}`);
