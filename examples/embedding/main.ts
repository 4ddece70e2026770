/** Embeds the penguins without their species, and asks how often the nearest point is of the same species. */
import { readFileSync } from 'node:fs';
import { automaticMixture } from '@dml/stats';
import { htsne, humap, type Point } from './index.js';

// The package offers its files to browsers; its data stand beside its code.
const file = new URL('../data/penguins.json', import.meta.resolve('vega-datasets'));
const penguins = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly Species: string;
  readonly [field: string]: unknown;
}[];

const rows = penguins.map(({ Species: _, ...row }) => row);
const { model } = automaticMixture(rows, { fit: { seed: 1 } });
console.log(`${rows.length} penguins, ${model.w.length} components`);

/** Share of points whose nearest other point has the same label. */
function agreement(points: readonly Point[], labels: readonly string[]): number {
  const squared = ([x, y]: Point, [u, v]: Point) => (x - u) ** 2 + (y - v) ** 2;
  const hits = points.filter((point, i) => {
    const others = points.map((other, j) => (i === j ? Infinity : squared(point, other)));
    return labels[others.indexOf(Math.min(...others))] === labels[i];
  });
  return hits.length / points.length;
}

const species = penguins.map(({ Species }) => Species);
for (const [name, embed] of [
  ['htsne', htsne],
  ['humap', humap],
] as const) {
  const { points } = await embed(model, rows, { seed: 1, maxIterations: 300 });
  console.log(
    `${name}: the nearest point is of the same species for ${(100 * agreement(points, species)).toFixed(0)} %`,
  );
}
