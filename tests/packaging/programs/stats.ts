import { CategoricalEstimator, CompositeEstimator, GaussianEstimator, MixtureEstimator, optimize } from '@dml/stats';

const rows: [number, string][] = Array.from({ length: 200 }, (_, row) =>
  row % 4 === 0 ? [Math.sin(row), row % 3 === 0 ? 'a' : 'b'] : [10 + Math.cos(row), row % 3 === 0 ? 'b' : 'a'],
);
const each = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
const { model } = optimize(rows, new MixtureEstimator([each, each]), { seed: 1, maxIterations: 20 });

// The row's type reaches the fitted model's fields: without it the next line does not compile.
const means: number[] = model.components.map((component) => component.dists[0].mu);
console.log(JSON.stringify({ means, w: Array.from(model.w), logDensity: model.logDensity([0.5, 'a']) }));
