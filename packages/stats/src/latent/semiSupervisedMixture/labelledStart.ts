/** The start of a mixture some of whose rows have labels: what is known stays, and the other rows follow the labelled ones. */

import type { Draws } from '../../contract.js';
import { exp } from '../../numeric/elementary.js';
import { type KnownRows, nearestSeedLabels, randomLabels, startLabels } from '../labels.js';
import type { LabelledColumns, LabelledEncoder } from './labelledColumns.js';

/** Labelled rows of a component from which the others are measured. Each costs a pass over all rows. */
const MAX_SEEDS = 4;

/** Finds labels of all rows where rows have no distance; `undefined` where it finds none. */
export type FindLabelsBeside = (
  columns: LabelledColumns,
  weights: Float64Array,
  draws: Draws,
  known: KnownRows,
) => Float64Array | undefined;

/**
 * Labels for rows `[start, end)`, component-major, that sum to 1 for each row. Labelled rows keep what is known of them. The
 * others go to the component of the nearest labelled row, where rows have a distance. Where they have none they go to all
 * components alike, if each has labelled rows and so is different from the others already; else `findLabels` is asked; what it does
 * not find is drawn at random.
 */
export function labelledStart(
  encoder: LabelledEncoder<unknown>,
  columns: LabelledColumns,
  start: number,
  end: number,
  weights: Float64Array,
  draws: Draws,
  findLabels?: FindLabelsBeside,
): Float64Array {
  const { componentCount } = encoder;
  const count = end - start;
  const known = knownRows(columns, start, end, weights, componentCount, draws);
  const isWhole = start === 0 && end === columns.rowCount && componentCount > 1;
  let labels: Float64Array | undefined;
  if (draws.labels !== undefined) {
    labels = startLabels(encoder.child, columns.values, start, end, weights, componentCount, draws);
  } else if (draws.method === 'kmeans++' && isWhole) {
    labels = nearestSeedLabels(encoder.child, columns.values, weights, componentCount, draws, known);
    if (known.size < componentCount) labels ??= findLabels?.(columns, weights, draws, known);
  }
  if (labels === undefined && known.size === componentCount) {
    labels = new Float64Array(componentCount * count).fill(1 / componentCount);
  }
  labels ??= randomLabels(start, end, componentCount, draws);
  const { offsets, components, logValues } = columns;
  for (let i = 0; i < count; i++) {
    const first = offsets[start + i]!;
    const last = offsets[start + i + 1]!;
    if (first === last) continue;
    for (let k = 0; k < componentCount; k++) labels[k * count + i] = 0;
    for (let at = first; at < last; at++) labels[components[at]! * count + i] = exp(logValues[at]!);
  }
  return labels;
}

/** A few of the rows that most probably belong to each component, drawn from those that have a label. */
function knownRows(
  { offsets, components, logValues }: LabelledColumns,
  start: number,
  end: number,
  weights: Float64Array,
  componentCount: number,
  draws: Draws,
): KnownRows {
  const rng = draws.child('labels').row(-1);
  const known = new Map<number, number[]>();
  const seen = new Int32Array(componentCount);
  const half = -Math.LN2;
  for (let row = start; row < end; row++) {
    if (!(weights[row - start]! > 0)) continue;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      if (!(logValues[at]! > half)) continue; // no more probable than all others together
      const k = components[at]!;
      const rows = known.get(k) ?? [];
      known.set(k, rows);
      // Reservoir sampling: each row of the component is kept with the same probability.
      const place = rows.length < MAX_SEEDS ? rows.length : Math.floor(rng() * (seen[k]! + 1));
      seen[k]! += 1;
      if (place < MAX_SEEDS) rows[place] = row;
    }
  }
  return known;
}
