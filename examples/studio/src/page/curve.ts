/** The criterion over the number of components. */
import { digits } from '@dml-examples/tables';
import type { Candidate } from '../protocol.js';
import { drawn } from './element.js';

const WIDTH = 320;
const HEIGHT = 90;
const LEFT = 12;

/** @param shown  the number of components that is shown */
export function curve(candidates: readonly Candidate[], shown: number, name: string): SVGSVGElement {
  const values = candidates.map(({ criterion }) => criterion);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const best = candidates[values.indexOf(least)]!;
  const x = (at: number) => LEFT + (at / Math.max(1, candidates.length - 1)) * (WIDTH - 2 * LEFT);
  const y = (value: number) => 12 + ((most - value) / (most - least || 1)) * (HEIGHT - 34);
  const points = candidates.map(({ criterion }, at) => `${x(at)},${y(criterion)}`).join(' ');
  const marks = candidates.map(({ k, criterion, agreeing, trials }, at) => {
    const title = drawn('title');
    title.textContent = `${k}: ${name} ${digits(criterion)}, ${agreeing} of ${trials} starts agree`;
    const dot = drawn(
      'circle',
      { cx: x(at), cy: y(criterion), r: k === shown ? 5 : 3, class: k === shown ? 'shown' : '' },
      title,
    );
    const label = drawn('text', { x: x(at), y: HEIGHT - 4, 'text-anchor': 'middle' });
    label.textContent = String(k);
    return drawn('g', {}, dot, label);
  });
  const text = `${name} by number of components: lowest, ${digits(least)}, for ${best.k}`;
  return drawn(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': text, class: 'curve' },
    drawn('polyline', { points }),
    ...marks,
  );
}
