/** One field as a picture: rows as outlined bars, components stacked below them. */
import { COLOURS, OTHERS } from '@dml-examples/report';
import { digits } from '@dml-examples/tables';
import type { Bars } from '../protocol.js';
import { drawn } from './element.js';

const WIDTH = 320;
const HEIGHT = 110;
const ROW = 20;
const LABELS = 110;

/** The colour of component k. */
export function colourOf(k: number): string {
  return COLOURS[k] ?? OTHERS;
}

/** What is drawn of one field. */
export interface Drawing {
  readonly title: string;
  readonly bars: Bars;
  /** Rows per bin or level; none for a distribution alone. */
  readonly counts?: readonly number[];
  /** Of each component, to be stacked. */
  readonly expected?: readonly (readonly number[])[];
}

/** A picture of any size: its text tells what it shows. */
export function fieldPicture(drawing: Drawing): SVGSVGElement {
  return drawing.bars.levels === undefined ? numberPicture(drawing) : levelPicture(drawing);
}

function highest({ counts = [], expected = [] }: Drawing): number {
  const totals = (expected[0] ?? []).map((_, at) => expected.reduce((sum, part) => sum + part[at]!, 0));
  return Math.max(...counts, ...totals) || 1;
}

function numberPicture(drawing: Drawing): SVGSVGElement {
  const { title, bars, counts = [], expected = [] } = drawing;
  const edges = bars.edges!;
  const binCount = edges.length - 1;
  const top = highest(drawing) * 1.05;
  const x = (bin: number) => (bin / binCount) * WIDTH;
  const y = (height: number) => HEIGHT - (height / top) * HEIGHT;
  const below = new Array<number>(binCount).fill(0);
  const areas = expected.map((part, k) => {
    const floor = [...below];
    part.forEach((height, at) => {
      below[at]! += height;
    });
    const upper = below.map((height, at) => `L${x(at)} ${y(height)}L${x(at + 1)} ${y(height)}`).join('');
    const lower = floor
      .map((height, at) => `L${x(at + 1)} ${y(height)}L${x(at)} ${y(height)}`)
      .reverse()
      .join('');
    return drawn('path', { d: `M${upper.slice(1)}${lower}Z`, fill: colourOf(k), class: 'part', 'data-k': k });
  });
  const outline = counts.map((count, at) => `L${x(at)} ${y(count)}L${x(at + 1)} ${y(count)}`).join('');
  const rows = counts.length > 0 && drawn('path', { d: `M0 ${HEIGHT}${outline}L${WIDTH} ${HEIGHT}`, class: 'rows' });
  const ticks = [0, binCount / 2, binCount].map((bin) => {
    const anchor = bin === 0 ? 'start' : bin === binCount ? 'end' : 'middle';
    const text = drawn('text', { x: x(bin), y: HEIGHT + 14, 'text-anchor': anchor });
    text.textContent = edgeText(bars, bin);
    return text;
  });
  const line = drawn('path', { d: `M0 ${HEIGHT}H${WIDTH}`, class: 'axis' });
  return frame(WIDTH, HEIGHT + 18, title, [...areas, rows || undefined, line, ...ticks]);
}

function edgeText({ edges, isLog, isDate }: Bars, bin: number): string {
  const below = edges![Math.floor(bin)]!;
  const above = edges![Math.ceil(bin)]!;
  const at = isLog ? Math.sqrt(below * above) : (below + above) / 2;
  return isDate ? new Date(at * 86_400_000).toISOString().slice(0, 10) : digits(at);
}

function levelPicture(drawing: Drawing): SVGSVGElement {
  const { title, bars, counts = [], expected = [] } = drawing;
  const top = highest(drawing) * 1.02;
  const room = WIDTH - LABELS;
  const width = (count: number) => (count / top) * room;
  const rows = bars.levels!.map((level, at) => {
    const y = at * ROW;
    let left = LABELS;
    const parts = expected.map((part, k) => {
      const rect = drawn('rect', {
        x: left,
        y: y + 3,
        width: width(part[at]!),
        height: ROW - 6,
        fill: colourOf(k),
        class: 'part',
        'data-k': k,
      });
      left += width(part[at]!);
      return rect;
    });
    const label = drawn('text', { x: LABELS - 6, y: y + ROW - 6, 'text-anchor': 'end' });
    label.textContent = level.length > 16 ? `${level.slice(0, 15)}…` : level;
    const count = counts[at];
    const outline =
      count === undefined
        ? undefined
        : drawn('rect', { x: LABELS, y: y + 3, width: width(count), height: ROW - 6, class: 'rows' });
    return drawn('g', {}, label, ...parts, outline);
  });
  return frame(WIDTH, bars.levels!.length * ROW + 2, title, rows);
}

function frame(width: number, height: number, title: string, children: readonly (Node | undefined)[]): SVGSVGElement {
  return drawn('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title }, ...children);
}

/** The bars of a column alone, small. */
export function thumbnail(counts: readonly number[], title: string): SVGSVGElement {
  const top = Math.max(...counts) || 1;
  const width = 100 / counts.length;
  const rects = counts.map((count, at) =>
    drawn('rect', { x: at * width, y: 24 - (24 * count) / top, width: width * 0.9, height: (24 * count) / top }),
  );
  return drawn(
    'svg',
    { viewBox: '0 0 100 24', preserveAspectRatio: 'none', class: 'thumbnail', role: 'img', 'aria-label': title },
    ...rects,
  );
}
