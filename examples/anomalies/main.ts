import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  CategoricalEstimator,
  chooseComponents,
  explain,
  LogGaussianEstimator,
  MixtureEstimator,
  OptionalEstimator,
  RecordEstimator,
} from '@dml/stats';

interface Car {
  readonly Name: string;
  readonly Miles_per_Gallon: number | null;
  readonly Cylinders: number;
  readonly Displacement: number;
  readonly Horsepower: number | null;
  readonly Weight_in_lbs: number;
  readonly Acceleration: number;
  readonly Year: string;
  readonly Origin: string;
}

// The package offers its files to browsers; its data stand beside its code.
const file = new URL('../data/cars.json', import.meta.resolve('vega-datasets'));
const cars = JSON.parse(readFileSync(file, 'utf8')) as Car[];

// Kinds of cars: positive measures, on the scale of their logarithms, and two categories. The name plays no part.
const positive = new LogGaussianEstimator();
const kind = new RecordEstimator({
  Miles_per_Gallon: new OptionalEstimator(positive, { ignoreMissing: true }),
  Cylinders: new CategoricalEstimator<number>({ pseudoCount: 0.1 }),
  Displacement: positive,
  Horsepower: new OptionalEstimator(positive, { ignoreMissing: true }),
  Weight_in_lbs: positive,
  Acceleration: positive,
  Origin: new CategoricalEstimator({ pseudoCount: 0.1 }),
});
const mixtureOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => kind));
const { model, componentCount } = chooseComponents(cars, mixtureOf, { from: 2, to: 8, trials: 5, seed: 1 });
console.log(`${componentCount} kinds of cars\n`);

// The least probable rows, and for each the values that lie furthest out among cars of its kind.
const odd = cars
  .map((car) => ({ car, logDensity: model.logDensity(car) }))
  .sort((a, b) => a.logDensity - b.logDensity)
  .slice(0, 8);
for (const { car } of odd) {
  const { logDensity, parts, rowTail } = explain(model, car, { samples: 2000, seed: 1 });
  const sum = parts.reduce((total, part) => total + part.logDensity, 0);
  assert.ok(Math.abs(sum - logDensity) < 1e-9);
  const { probability, standardError } = rowTail!;
  console.log(`${car.Name} (${car.Year.slice(0, 4)}): log-density ${logDensity.toFixed(1)}`);
  console.log(
    `  ${(100 * probability).toFixed(2)} ± ${(100 * standardError).toFixed(2)} % of 2000 sampled cars are no more probable`,
  );
  const reasons = parts.filter(({ tail }) => tail !== undefined && tail < 0.05).sort((a, b) => a.tail! - b.tail!);
  for (const { field, value, tail } of reasons) {
    console.log(`  ${field} ${value}: only ${(100 * tail!).toPrecision(2)} % of its kind are as far out`);
  }
}

// The values at the top are of cars that are known to be unlike others: diesels and a turbo among big petrol engines, a rotary engine.
const topFields = odd.map(({ car }) => {
  const parts = explain(model, car).parts.filter(({ tail }) => tail !== undefined);
  return `${car.Name}: ${parts.reduce((most, part) => (part.tail! < most.tail! ? part : most)).field}`;
});
assert.ok(topFields.includes('oldsmobile cutlass ciera (diesel): Miles_per_Gallon'), topFields.join('; '));
assert.ok(topFields.includes('buick regal sport coupe (turbo): Horsepower'), topFields.join('; '));
