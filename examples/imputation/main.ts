import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  CategoricalEstimator,
  chooseComponents,
  given,
  imputations,
  impute,
  MixtureEstimator,
  MultivariateGaussianEstimator,
  marginal,
  OptionalEstimator,
  RecordEstimator,
} from '@dml/stats';

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

// The four measures depend on each other: they are one vector. Two penguins were not measured, and one has the sex ".".
const rows = penguins.map((penguin) => {
  const measures = [
    penguin['Beak Length (mm)'],
    penguin['Beak Depth (mm)'],
    penguin['Flipper Length (mm)'],
    penguin['Body Mass (g)'],
  ];
  return {
    species: penguin.Species,
    island: penguin.Island,
    sex: penguin.Sex === 'MALE' || penguin.Sex === 'FEMALE' ? penguin.Sex : null,
    measures: measures.every((x) => x !== null) ? measures : null,
  };
});

const kind = new RecordEstimator({
  species: new CategoricalEstimator({ pseudoCount: 0.1 }),
  island: new CategoricalEstimator({ pseudoCount: 0.1 }),
  sex: new OptionalEstimator(new CategoricalEstimator(), { ignoreMissing: true }),
  measures: new OptionalEstimator(new MultivariateGaussianEstimator(), { ignoreMissing: true }),
});
const mixtureOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => kind));

// Five folds. The body mass of a penguin is hidden from a model that was fitted to the other folds.
let [squares, squaresOfMean, within, count] = [0, 0, 0, 0];
let standardDeviations = 0;
for (let fold = 0; fold < 5; fold++) {
  const train = rows.filter((_, i) => i % 5 !== fold);
  const { model, componentCount } = chooseComponents(train, mixtureOf, { from: 4, to: 6, trials: 4, seed: 1 });
  const masses = train.flatMap(({ measures }) => (measures === null ? [] : [measures[3]!]));
  const mean = masses.reduce((sum, mass) => sum + mass / masses.length, 0);
  console.log(`fold ${fold}: ${componentCount} components`);
  for (const [i, row] of rows.entries()) {
    if (i % 5 !== fold || row.measures === null) continue;
    const [length, depth, flipper, mass] = row.measures as [number, number, number, number];
    const hidden = { ...row, measures: [length, depth, flipper, null] };
    const found = impute(model, hidden).measures[3]!;
    squares += (found - mass) ** 2;
    squaresOfMean += (mean - mass) ** 2;

    // How sure is it? The distribution of the mass given all else, and five draws from it.
    const known = { species: row.species, island: row.island, measures: { 0: length, 1: depth, 2: flipper } };
    const rest = row.sex === null ? given(model, known) : given(model, { ...known, sex: row.sex });
    const ofMass = marginal(marginal(rest, 'measures'), 0);
    if (mass >= ofMass.quantile(0.05) && mass <= ofMass.quantile(0.95)) within++;
    const drawn = imputations(model, hidden, `penguin ${i}`).sample(5);
    const spread = drawn.map(({ measures }) => measures[3]! - found);
    standardDeviations += Math.sqrt(spread.reduce((sum, x) => sum + x * x, 0) / 5);
    count++;
  }
}

const error = Math.sqrt(squares / count);
console.log(`\nbody mass of ${count} penguins from all else, root mean squared error:`);
console.log(`  impute: ${error.toFixed(1)} g`);
console.log(`  the mean of the others: ${Math.sqrt(squaresOfMean / count).toFixed(1)} g`);
console.log(`intervals of 90 % hold ${((100 * within) / count).toFixed(1)} % of the masses`);
console.log(`five imputations differ from the expected one by ${(standardDeviations / count).toFixed(0)} g`);

assert.ok(error < 295, `root mean squared error ${error}`);
assert.ok(Math.abs(within / count - 0.9) < 0.05, `${within} of ${count} within`);
