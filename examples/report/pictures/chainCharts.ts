/** Models of states: the graph of their steps, and lists with their decoded states. */
import type { StateChain } from '../model/components.js';
import { percent, significant } from '../words/numbers.js';
import { colourChannel, drawnName, type Look } from './componentLayer.js';
import { INKS, type Theme } from './palette.js';
import { type ChartSpec, chartSpec, short } from './spec.js';

/** With more arrows between states than this, a table of colours is easier to read. */
const MAX_ARROWS = 14;
/** Pixels of the length 1, the radius of the circle on which states stand. */
const UNIT = 100;
/** Steps that are rarer are left out. */
const RARE = 0.005;
const CURVE = 24;
const NODE = 0.17;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** States as circles, steps as arrows as wide as they are probable; of many states a table of colours. */
export function transitionChart(
  { transitions, meanDurations }: StateChain,
  weights: readonly number[],
  look: Look,
  theme: Theme,
): ChartSpec | undefined {
  const stateCount = transitions.length;
  if (stateCount < 2) return undefined;
  const place = (s: number): Point => {
    const angle = Math.PI / 2 - (2 * Math.PI * s) / stateCount + (stateCount === 2 ? Math.PI / 2 : 0);
    return { x: Math.cos(angle), y: Math.sin(angle) };
  };
  const edges = transitions.flatMap((row, from) => row.flatMap((p, to) => (p >= RARE ? [{ from, to, p }] : [])));
  if (edges.filter(({ from, to }) => from !== to).length > MAX_ARROWS) return transitionTable(transitions, look, theme);
  const curves = edges.map(({ from, to, p }) => ({
    p,
    points: from === to ? loop(place(from)) : arc(place(from), place(to)),
  }));
  const lines = curves.flatMap(({ p, points }, edge) =>
    points.map(({ x, y }, order) => ({ edge, order, p: short(p), x: short(x), y: short(y) })),
  );
  const heads = curves.map(({ points }) => head(points));
  const labels = curves.map(({ p, points }, i) => ({
    ...labelPlace(points, edges[i]!.from === edges[i]!.to),
    text: percent(p),
  }));
  const nodes = transitions.map((_, s) => ({
    ...place(s),
    number: String(s + 1),
    component: drawnName(look, s),
    share: short(weights[s]!),
  }));
  const drawnPoints: readonly Point[] = [...lines, ...labels, ...nodes];
  const [x, y] = [drawnAxis('x', drawnPoints, 0.25), drawnAxis('y', drawnPoints, 0.15)];
  const { ink, muted } = INKS[theme];
  const words = transitions.map((_, s) => {
    const stay = meanDurations[s]!;
    return `${look.names[s]} stays ${stay === Infinity ? 'for ever' : `${significant(stay, 2)} items`}`;
  });
  return chartSpec(
    theme,
    `Steps between ${stateCount} states: ${words.join(', ')}. Steps below ${percent(RARE)} are not shown.`,
    {
      width: lengthOf(x),
      height: lengthOf(y),
      layer: [
        {
          data: { values: lines },
          mark: { type: 'line', color: muted, opacity: 0.75 },
          encoding: {
            x,
            y,
            detail: { field: 'edge' },
            order: { field: 'order' },
            size: { field: 'p', type: 'quantitative', scale: { domain: [0, 1], range: [0.6, 7] }, legend: null },
          },
        },
        {
          data: { values: heads },
          mark: { type: 'point', shape: 'triangle', filled: true, size: 110, color: muted, opacity: 1 },
          encoding: { x, y, angle: { field: 'angle', type: 'quantitative', scale: null } },
        },
        {
          data: { values: nodes },
          mark: { type: 'circle', size: 1500, opacity: 1 },
          encoding: { x, y, color: { ...colourChannel(look), legend: null } },
        },
        {
          data: { values: nodes },
          mark: {
            type: 'text',
            fontSize: 16,
            fontWeight: 'bold',
            color: '#ffffff',
            stroke: '#1f2328',
            strokeWidth: 0.4,
          },
          encoding: { x, y, text: { field: 'number' } },
        },
        {
          data: { values: labels },
          mark: { type: 'text', fontSize: 11, color: ink },
          encoding: { x, y, text: { field: 'text' } },
        },
      ],
    },
  );
}

/** An axis without marks over all points. */
function drawnAxis(field: 'x' | 'y', points: readonly Point[], margin: number) {
  const values = points.map((point) => point[field]);
  const domain = [short(Math.min(...values) - margin), short(Math.max(...values) + margin)] as const;
  return { field, type: 'quantitative', axis: null, scale: { domain, nice: false, zero: false } };
}

function lengthOf({ scale: { domain } }: ReturnType<typeof drawnAxis>): number {
  return Math.round((domain[1] - domain[0]) * UNIT);
}

/** A curve from the edge of one node to that of another, bent to its left, so that the way back is apart. */
function arc(from: Point, to: Point): readonly Point[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const bend = 0.22;
  const middle = { x: (from.x + to.x) / 2 - (dy / length) * bend, y: (from.y + to.y) / 2 + (dx / length) * bend };
  const points = Array.from({ length: CURVE + 1 }, (_, i) => {
    const t = i / CURVE;
    const blend = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
    return { x: blend(from.x, middle.x, to.x), y: blend(from.y, middle.y, to.y) };
  });
  const isOutside = (p: Point, node: Point, radius: number) => Math.hypot(p.x - node.x, p.y - node.y) > radius;
  return points.filter((p) => isOutside(p, from, NODE) && isOutside(p, to, NODE + 0.07));
}

/** A loop on the outer side of a node. */
function loop(node: Point): readonly Point[] {
  const centre = { x: node.x * 1.3, y: node.y * 1.3 };
  const towards = Math.atan2(-node.y, -node.x);
  const gap = 0.85;
  return Array.from({ length: CURVE + 1 }, (_, i) => {
    const angle = towards + gap + ((2 * Math.PI - 2 * gap - 0.25) * i) / CURVE;
    return { x: centre.x + 0.22 * Math.cos(angle), y: centre.y + 0.22 * Math.sin(angle) };
  });
}

/** An arrow head at the end of a curve; angles clockwise from upwards, in degrees. */
function head(points: readonly Point[]): Point & { readonly angle: number } {
  const end = points[points.length - 1]!;
  const before = points[points.length - 2]!;
  const angle = (Math.atan2(end.x - before.x, end.y - before.y) * 180) / Math.PI;
  return { x: short(end.x), y: short(end.y), angle: short(angle) };
}

function labelPlace(points: readonly Point[], isLoop: boolean): Point {
  // Off the middle, where the ways between opposite nodes cross.
  const middle = points[Math.floor(points.length * (isLoop ? 0.5 : 0.34))]!;
  if (isLoop) {
    const out = 1 + 0.2 / Math.hypot(middle.x, middle.y);
    return { x: short(middle.x * out), y: short(middle.y * out) };
  }
  const [a, b] = [points[0]!, points[points.length - 1]!];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  return { x: short(middle.x - ((b.y - a.y) / length) * 0.11), y: short(middle.y + ((b.x - a.x) / length) * 0.11) };
}

function transitionTable(transitions: readonly (readonly number[])[], { names }: Look, theme: Theme): ChartSpec {
  const values = transitions.flatMap((row, from) =>
    row.map((p, to) => ({ from: names[from], to: names[to], p: short(p) })),
  );
  return chartSpec(theme, `Steps between ${names.length} states: the stronger the colour, the more probable.`, {
    data: { values },
    width: { step: 22 },
    height: { step: 22 },
    mark: { type: 'rect' },
    encoding: {
      x: { field: 'to', type: 'nominal', title: 'to', sort: [...names] },
      y: { field: 'from', type: 'nominal', title: 'from', sort: [...names] },
      color: {
        field: 'p',
        type: 'quantitative',
        title: 'probability',
        scale: { domain: [0, 1], range: [INKS[theme].low, INKS[theme].high] },
      },
    },
  });
}

/** Items of a list that are shown at most. */
const SHOWN_ITEMS = 300;

/** One list: its values over the decoded states. */
export function decodedChart(
  list: {
    readonly index: number;
    readonly values: readonly (number | string | null)[];
    readonly states: readonly number[];
  },
  title: string,
  look: Look,
  theme: Theme,
): ChartSpec {
  const { ink } = INKS[theme];
  const { index, states } = list;
  const shown = Math.min(states.length, SHOWN_ITEMS);
  const values = list.values.slice(0, shown).flatMap((value, t) => (value === null ? [] : [{ t, value }]));
  const isNumeric = values.every(({ value }) => typeof value === 'number');
  const runs: { from: number; to: number; component: string }[] = [];
  for (let t = 0; t < shown; t++) {
    const name = drawnName(look, states[t]!);
    const last = runs[runs.length - 1];
    if (last !== undefined && last.component === name) last.to = t + 0.5;
    else runs.push({ from: t - 0.5, to: t + 0.5, component: name });
  }
  const x = {
    field: 't',
    type: 'quantitative',
    title: 'item',
    scale: { nice: false, zero: false, domain: [-0.5, shown - 0.5] },
    axis: { grid: false, tickMinStep: 1 },
  };
  const y = isNumeric
    ? { field: 'value', type: 'quantitative', title, scale: { zero: false } }
    : { field: 'value', type: 'nominal', title };
  const rest = states.length > shown ? ` The first ${shown} of ${states.length} items.` : '';
  return chartSpec(theme, `List ${index + 1} with its most probable states (background).${rest}`, {
    width: 640,
    height: isNumeric ? 150 : { step: 18 },
    layer: [
      {
        data: { values: runs },
        mark: { type: 'rect', opacity: 0.4 },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' }, color: colourChannel(look) },
      },
      ...(isNumeric
        ? [{ data: { values }, mark: { type: 'line', color: ink, strokeWidth: 1 }, encoding: { x, y } }]
        : []),
      {
        data: { values },
        mark: { type: 'point', color: ink, filled: true, size: 14, opacity: 1 },
        encoding: { x, y },
      },
    ],
  });
}
