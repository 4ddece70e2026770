/** Rows as points in the plane: near each other where the model finds them alike. */

import type { ColumnRows } from '@dml/stats';
import { type EmbeddableMixture, htsne, humap, type Point } from '@dml-examples/embedding';
import type { Row } from '@dml-examples/tables';
import type { EmbeddingMethod, PlacedRow } from '../protocol.js';
import type { Mixture } from './picture.js';

/** More points than this hide one another, and take long: of larger tables some rows are placed, evenly spread. */
const MOST = 2000;
/** Milliseconds between two pictures. */
const PAUSE = 200;

export interface EmbeddingWatch {
  readonly signal: AbortSignal;
  readonly onPicture: (placed: readonly PlacedRow[], share: number) => void;
}

/** @returns where the rows are in the end, or where they were when the signal came */
export async function embedded(
  model: Mixture,
  rows: ColumnRows<Row>,
  method: EmbeddingMethod,
  { signal, onPicture }: EmbeddingWatch,
): Promise<readonly PlacedRow[]> {
  const count = Math.min(MOST, rows.length);
  const numbers = Array.from({ length: count }, (_, i) => Math.floor((i * rows.length) / count));
  const chosen = numbers.map((row) => rows[row]!);
  const components = chosen.map((row) => {
    const shares = model.posterior(row);
    return shares.indexOf(Math.max(...shares));
  });
  const placed = (points: readonly Point[]): readonly PlacedRow[] =>
    points.map(([x, y], i) => ({ row: numbers[i]!, x, y, component: components[i]! }));
  let shownAt = 0;
  const options = {
    seed: 0,
    signal,
    onIterate: ({ iteration, total, points }: { iteration: number; total: number; points(): readonly Point[] }) => {
      if (performance.now() - shownAt < PAUSE) return;
      shownAt = performance.now();
      onPicture(placed(points()), iteration / total);
    },
  };
  const mixture = model as EmbeddableMixture<Row>; // its components are records of these rows
  const { points } = await (method === 'tsne' ? htsne(mixture, chosen, options) : humap(mixture, chosen, options));
  return placed(points);
}
