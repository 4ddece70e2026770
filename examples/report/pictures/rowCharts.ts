/** What a model says of the rows: how certain components are, against known labels, and in the plane. */
import type { Prediction } from '@dml/stats';
import { count, percent, valueText } from '../words/numbers.js';
import { colourChannel, drawnName, type Look } from './componentLayer.js';
import { INKS, type Theme } from './palette.js';
import { type ChartSpec, chartSpec, short } from './spec.js';

const BINS = 20;

/** How certain the component of each row is: rows by the largest of their responsibilities. */
export function certaintyChart({ labels, responsibilities, shape }: Prediction, look: Look, theme: Theme): ChartSpec {
  const [rowCount, componentCount] = shape;
  const counts = new Float64Array(componentCount * BINS);
  let certain = 0;
  for (let i = 0; i < rowCount; i++) {
    const k = labels[i]!;
    const largest = responsibilities[i * componentCount + k]!;
    if (largest >= 0.95) certain++;
    counts[k * BINS + Math.min(BINS - 1, Math.floor(largest * BINS))]! += 1;
  }
  const values = look.order.flatMap((k, order) =>
    Array.from({ length: BINS }, (_, bin) => ({
      from: short(bin / BINS),
      to: short((bin + 1) / BINS),
      rows: counts[k * BINS + bin]!,
      component: drawnName(look, k),
      order,
    })).filter(({ rows }) => rows > 0),
  );
  const text = `How certain the components are: of ${count(rowCount)} rows ${percent(certain / rowCount)} belong to one with a probability of 0.95 or more.`;
  return chartSpec(theme, text, {
    data: { values },
    mark: { type: 'bar', opacity: 0.85, binSpacing: 1 },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        bin: { binned: true },
        title: 'largest responsibility',
        scale: { domain: [0, 1] },
      },
      x2: { field: 'to' },
      y: { field: 'rows', type: 'quantitative', title: 'rows', stack: 'zero' },
      color: colourChannel(look),
      order: { field: 'order' },
    },
  });
}

/** Known labels against components. */
export function confusionChart(
  known: ArrayLike<unknown>,
  labels: Int32Array,
  { names }: Look,
  theme: Theme,
): ChartSpec {
  const counts = new Map<unknown, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const row = counts.get(known[i]) ?? new Array<number>(names.length).fill(0);
    counts.set(known[i], row);
    row[labels[i]!]! += 1;
  }
  const rows = [...counts]
    .map(([label, row]) => ({ label: valueText(label), row }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  const values = rows.flatMap(({ label, row }) => {
    const total = row.reduce((sum, n) => sum + n, 0);
    return row.map((n, k) => ({ label, component: names[k], rows: n, share: short(n / total) }));
  });
  const place = {
    x: {
      field: 'component',
      type: 'nominal',
      title: null,
      sort: [...names],
      axis: { orient: 'top', labelAngle: 0, domain: false, ticks: false },
    },
    y: { field: 'label', type: 'nominal', title: 'known label', axis: { domain: false, ticks: false } },
  };
  return chartSpec(
    theme,
    `Known labels (rows) against components (columns): how many of the ${count(labels.length)} rows have both.`,
    {
      data: { values },
      width: { step: 92 },
      height: { step: 30 },
      layer: [
        {
          mark: { type: 'rect' },
          encoding: {
            ...place,
            color: {
              field: 'share',
              type: 'quantitative',
              legend: null,
              scale: { domain: [0, 1], range: [INKS[theme].low, INKS[theme].high] },
            },
          },
        },
        {
          mark: { type: 'text', fontSize: 12 },
          encoding: {
            ...place,
            text: { field: 'rows', type: 'quantitative', format: ',d' },
            color: { condition: { test: 'datum.share > 0.65', value: INKS[theme].paper }, value: INKS[theme].onLow },
          },
        },
      ],
    },
  );
}

/** Points that are drawn at most. */
const SHOWN_POINTS = 4000;

/** Rows as points of the plane, for instance of an embedding, in the colours of their components. */
export function embeddingChart(
  points: ArrayLike<ArrayLike<number>>,
  labels: Int32Array | undefined,
  look: Look,
  theme: Theme,
): ChartSpec {
  const stride = Math.max(1, Math.ceil(points.length / SHOWN_POINTS));
  const values: object[] = [];
  for (let i = 0; i < points.length; i += stride) {
    const { 0: x, 1: y } = points[i]!;
    values.push({ x: short(x!), y: short(y!), component: drawnName(look, labels?.[i] ?? 0) });
  }
  const axis = (field: string) => ({ field, type: 'quantitative', title: null, axis: null, scale: { zero: false } });
  const some = stride > 1 ? ` ${count(values.length)} of them are drawn.` : '';
  return chartSpec(
    theme,
    `${count(points.length)} rows in the plane: near ones are alike, distances between groups mean little.${some}`,
    {
      data: { values },
      height: 340,
      mark: { type: 'point', filled: true, size: 16, opacity: 0.7 },
      encoding: { x: axis('x'), y: axis('y'), color: colourChannel(look) },
    },
  );
}
