/**
 * What the picture of each example shows, in the terms of `models.mjs`: the model that it fits, or what it finds in its data. An example
 * with a `picture.svg` in its folder is not listed.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const normal = (mu, sigma2) => ({ type: 'Gaussian', mu, sigma2 });
const mixture = (w, ...components) => ({ type: 'Mixture', components, w });
const two = (a, b, p) => ({ type: 'Categorical', levels: [a, b], p: [p, 1 - p], unseen: 0 });
const record = (fields) => ({ type: 'Record', fields });
const visitor = (minutes, sigma2, device, other, p) =>
  record({ minutes: normal(minutes, sigma2), device: two(device, other, p) });

/** The density of a visit of each device, by its minutes. */
const visits = (range, devices, model) => ({
  kind: 'curves',
  range,
  title: 'minutes',
  models: { visits: model },
  rows: Object.fromEntries(devices.map((device) => [device, (minutes) => ({ minutes, device })])),
});

const ofKinds = visits(
  [-1, 24],
  ['phone', 'desk'],
  mixture(
    [1 / 3, 1 / 3, 1 / 3],
    visitor(3, 1, 'phone', 'desk', 0.9),
    visitor(9, 1, 'phone', 'desk', 0.5),
    visitor(20, 1, 'phone', 'desk', 0.1),
  ),
);

/** A data set that the examples read: it is theirs, not the site's. */
function dataSet(example, name) {
  const from = createRequire(new URL(`../../examples/${example}/package.json`, import.meta.url));
  return JSON.parse(readFileSync(new URL(`../data/${name}.json`, `file://${from.resolve('vega-datasets')}`), 'utf8'));
}

const [length, depth] = ['Beak Length (mm)', 'Beak Depth (mm)'];
const penguins = () => dataSet('penguins', 'penguins').filter((penguin) => penguin[length] !== null);

/** Penguins by two measures, with the component that each belongs to by a mixture of `componentCount` of them. */
const byComponent = (componentCount) => ({
  kind: 'scatter',
  titles: [length, depth],
  points: (stats) => {
    const rows = penguins();
    const vectors = rows.map((penguin) => [penguin[length], penguin[depth], penguin['Flipper Length (mm)']]);
    const estimator = stats.multivariateGaussianMixtureEstimator(componentCount);
    const { model } = stats.bestOf(vectors, estimator, { trials: 5, seed: 1 });
    const { labels } = stats.predict(
      stats.orderComponents(model, ({ mu }) => mu[0]),
      vectors,
    );
    return vectors.map(([x, y], i) => ({ x, y, label: `component ${labels[i] + 1}` }));
  },
});

/** The least probable cars of a mixture, among the others. */
const oddCars = {
  kind: 'scatter',
  titles: ['horsepower', 'miles per gallon'],
  points: (stats) => {
    const cars = dataSet('anomalies', 'cars').filter((car) => car.Horsepower !== null && car.Miles_per_Gallon !== null);
    const rows = cars.map((car) =>
      [car.Horsepower, car.Miles_per_Gallon, car.Weight_in_lbs, car.Acceleration].map(Math.log),
    );
    const { model } = stats.bestOf(rows, stats.multivariateGaussianMixtureEstimator(3), { trials: 5, seed: 1 });
    const { logDensities } = stats.predict(model, rows);
    const limit = [...logDensities].sort((a, b) => a - b)[10];
    return rows.map(([x, y], i) => ({
      x: Math.exp(x),
      y: Math.exp(y),
      label: logDensities[i] < limit ? 'one of the ten least probable' : 'another car',
    }));
  },
};

/** A penguin's body mass where only its flippers were measured, by a Gaussian of both. */
const massOfFlippers = {
  kind: 'scatter',
  titles: ['flipper length (mm)', 'body mass (g)'],
  points: (stats) => {
    const vectors = penguins().map((penguin) => [penguin['Flipper Length (mm)'], penguin['Body Mass (g)']]);
    const { model } = stats.optimize(vectors, stats.multivariateGaussianMixtureEstimator(2), { seed: 1 });
    const measured = vectors.map(([x, y]) => ({ x, y, label: 'measured' }));
    const filled = vectors.filter((_, i) => i % 8 === 0).map(([x]) => [x, stats.impute(model, [x, null])[1]]);
    return [...measured, ...filled.map(([x, y]) => ({ x, y, label: 'filled in, from the flippers alone' }))];
  },
};

export const pictures = {
  anomalies: oddCars,
  atlas: {
    kind: 'bars',
    to: 9,
    models: {
      'one Poisson': { type: 'Poisson', lambda: 2.1569 },
      'two, fitted to deaths in the Times': mixture(
        [0.36, 0.64],
        { type: 'Poisson', lambda: 1.256 },
        { type: 'Poisson', lambda: 2.663 },
      ),
    },
  },
  browser: visits(
    [-4, 22],
    ['phone', 'desk'],
    mixture([0.6, 0.4], visitor(3, 4, 'phone', 'desk', 0.9), visitor(14, 4, 'phone', 'desk', 0.2)),
  ),
  'browser-threads': ofKinds,
  'command-line': byComponent(5),
  'custom-estimator': {
    kind: 'curves',
    range: [-6, 6],
    models: {
      Gaussian: normal(0, 2),
      // The example's own family: p(x) = exp(-|x| / b) / 2b, here with b = 1.
      'Laplace, of the same variance': () => ({ logDensity: (x) => -Math.abs(x) - Math.log(2) }),
    },
  },
  gallery: {
    kind: 'path',
    model: {
      type: 'HiddenMarkov',
      emissions: [normal(20, 1), normal(24, 4)],
      w: [1, 0],
      transitions: [
        [0.95, 0.05],
        [0.1, 0.9],
      ],
      length: { type: 'Dirac', value: 120 },
      terminalValues: [],
    },
  },
  imputation: massOfFlippers,
  'mpi-bayes': {
    kind: 'curves',
    range: [-15, 30],
    models: {
      'four groups': mixture([0.1, 0.2, 0.3, 0.4], normal(-10, 1), normal(0, 1), normal(10, 1), normal(25, 1)),
    },
  },
  'mpi-estimation': {
    kind: 'curves',
    range: [-4, 7],
    models: {
      rows: mixture(
        [0.25, 0.75],
        { type: 'Composite', dists: [normal(0, 1), two('a', 'b', 0.3)] },
        { type: 'Composite', dists: [normal(3, 1), two('a', 'b', 0.7)] },
      ),
    },
    rows: { '[x, "a"]': (x) => [x, 'a'], '[x, "b"]': (x) => [x, 'b'] },
  },
  'mpi-from-files': visits(
    [0, 38],
    ['phone', 'desk'],
    mixture([2 / 3, 1 / 3], visitor(5, 1, 'phone', 'desk', 0.99), visitor(30, 4, 'phone', 'desk', 0.01)),
  ),
  notebook: byComponent(3),
  penguins: byComponent(3),
  report: byComponent(4),
  'stats-only': {
    kind: 'curves',
    range: [-5, 58],
    title: 'minutes',
    models: {
      visits: mixture(
        [0.4, 0.6],
        record({ minutes: normal(10, 16), ward: two('urgent', 'planned', 0.9) }),
        record({ minutes: normal(40, 16), ward: two('urgent', 'planned', 0.2) }),
      ),
    },
    rows: { urgent: (minutes) => ({ minutes, ward: 'urgent' }), planned: (minutes) => ({ minutes, ward: 'planned' }) },
  },
  studio: byComponent(2),
  tables: {
    kind: 'scatter',
    titles: [length, depth],
    points: () => penguins().map((penguin) => ({ x: penguin[length], y: penguin[depth], label: penguin.Species })),
  },
  threads: ofKinds,
};
