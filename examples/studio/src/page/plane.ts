/** Rows as points in the plane, in the colours of their components. */

import type { PlacedRow } from '../protocol.js';
import { drawn } from './element.js';
import { colourOf } from './fieldPicture.js';

const SIZE = 360;
const MARGIN = 8;

/**
 * @param choose  called with the row of a point that is clicked
 */
export function planePicture(placed: readonly PlacedRow[], choose: (row: number) => void): SVGSVGElement {
  const xs = placed.map(({ x }) => x);
  const ys = placed.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  // One scale for both directions: distances are what is to be seen.
  const span = Math.max(Math.max(...xs) - left, Math.max(...ys) - top) || 1;
  const at = (value: number, least: number) => (MARGIN + ((value - least) / span) * (SIZE - 2 * MARGIN)).toFixed(1);
  const points = placed.map(({ row, x, y, component }) =>
    drawn('circle', {
      ...{ cx: at(x, left), cy: at(y, top), r: 2.5, fill: colourOf(component), 'fill-opacity': 0.7 },
      'data-row': row,
    }),
  );
  const title = `${placed.length.toLocaleString('en-US')} rows in the plane, near each other where the model finds them alike`;
  const picture = drawn('svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img', 'aria-label': title }, ...points);
  picture.addEventListener('click', ({ target }) => {
    const { row } = (target as SVGElement).dataset;
    if (row !== undefined) choose(Number(row));
  });
  return picture;
}
