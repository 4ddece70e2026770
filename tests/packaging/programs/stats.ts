import { CategoricalEstimator, CompositeEstimator, GaussianEstimator, MixtureEstimator, optimize } from '@dml/stats';

// Plain arithmetic: sines and logarithms may differ in the last bit from engine to engine, and so would the data.
const rows: [number, string][] = Array.from({ length: 200 }, (_, row) => {
  const noise = ((row * 37) % 101) / 101 - 0.5;
  return row % 4 === 0 ? [noise, row % 3 === 0 ? 'a' : 'b'] : [10 + 2 * noise, row % 3 === 0 ? 'b' : 'a'];
});
const each = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
const { model } = optimize(rows, new MixtureEstimator([each, each]), { seed: 1, maxIterations: 20 });

// The row's type reaches the fitted model's fields: without it the next line does not compile.
const means: number[] = model.components.map((component) => component.dists[0].mu);
console.log(JSON.stringify([...means, ...model.w, model.logDensity([0.25, 'a'])]));
