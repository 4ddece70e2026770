/** A field of numbers: the histogram of the rows over the stacked densities of the components. */
import type { Queries } from '@dml/stats';
import { count, significant } from '../words/numbers.js';
import { type Bins, binsOf, niceWidth } from './bins.js';
import { colourChannel, drawnName, type Look } from './componentLayer.js';
import type { Theme } from './palette.js';
import { isOverIntegers, modelRange, type WeightedField } from './shares.js';
import { type ChartSpec, chartSpec, short, type Values } from './spec.js';
import { sortedNumbers } from './values.js';

const GRID = 120;
/** More integers than this are shown like densities. */
const SHOWN_INTEGERS = 40;
/** Smaller densities have exponents on their axis. */
const TINY = 1e-3;

/** `undefined` where neither rows nor the model say which numbers there are. */
export function numberChart(
  of: WeightedField,
  rows: ArrayLike<unknown> | undefined,
  title: string,
  look: Look,
  theme: Theme,
): ChartSpec | undefined {
  const isWhole = isOverIntegers(of);
  const sorted = rows === undefined ? undefined : sortedNumbers(rows, of.field);
  const bins = sorted === undefined || sorted.length === 0 ? undefined : binsOf(sorted, isWhole);
  const range = bins === undefined ? modelRange(of) : rangeOf(bins);
  if (range === undefined) return undefined;
  const n = sorted?.length ?? 0;
  const model = isWhole ? integerShares(of, range, bins?.width, look) : densities(of, range, look);
  const isBars = isWhole && range[1] - range[0] <= SHOWN_INTEGERS;
  const outlined = bins === undefined ? [] : histogram(bins, n, isWhole);
  // Vega would write all zeros of a density per dollar.
  const isTiny = [...model, ...outlined].every(({ y }) => (y as number) < TINY);
  const y = {
    ...{ field: 'y', type: 'quantitative', title: isWhole ? 'share' : 'density' },
    ...(isTiny && { axis: { labelExpr: "datum.value ? format(datum.value, '~e') : '0'" } }),
  };
  const x = { field: 'x', type: 'quantitative', title, scale: { zero: false, nice: false } };
  // Bars with two ends lie on their side, unless the axis is said to be binned.
  const ticks = isBars ? { axis: { values: wholeTicks(range), format: 'd' } } : {};
  const binned = { ...x, ...ticks, field: 'from', bin: { binned: true } };
  const layers: object[] = [
    {
      data: { values: model },
      mark: isBars
        ? { type: 'bar', opacity: 0.75 }
        : { type: 'area', opacity: 0.75, interpolate: isWhole ? 'step' : 'linear' },
      encoding: {
        ...(isBars ? { x: binned, x2: { field: 'to' } } : { x }),
        y: { ...y, stack: 'zero' },
        color: colourChannel(look),
        order: { field: 'order' },
      },
    },
  ];
  if (bins !== undefined) {
    layers.push({
      data: { values: outlined },
      mark: { type: 'bar', style: 'observed', binSpacing: 0 },
      encoding: {
        x: binned,
        x2: { field: 'to' },
        y,
      },
    });
  }
  return chartSpec(theme, describeNumbers(title, bins, n, look), { layer: layers });
}

function describeNumbers(title: string, bins: Bins | undefined, n: number, { what }: Look): string {
  if (bins === undefined) return `${title}: ${what}.`;
  const { below, above, start, width, counts } = bins;
  const beyond = [
    ...(below > 0 ? [`${count(below)} below ${significant(start)}`] : []),
    ...(above > 0 ? [`${count(above)} above ${significant(start + width * counts.length)}`] : []),
  ];
  const left = beyond.length === 0 ? '' : ` Not shown: ${beyond.join(', ')}.`;
  return `${title}: ${count(n)} values (outlined histogram) over ${what} (filled).${left}`;
}

function rangeOf({ start, width, counts }: Bins): readonly [number, number] {
  return [start, start + width * counts.length];
}

/** Bars whose areas sum to the share of the values that is shown; of integers, bars whose heights do. */
function histogram({ start, width, counts }: Bins, n: number, isWhole: boolean): Values {
  const height = isWhole ? n * width : n * width;
  return counts.map((value, i) => ({
    from: short(start + i * width),
    to: short(start + (i + 1) * width),
    y: short(value / height),
    count: value,
  }));
}

/** At most about ten integers. */
function wholeTicks([low, high]: readonly [number, number]): readonly number[] {
  const step = Math.max(1, niceWidth((high - low) / 5));
  const first = Math.ceil(Math.ceil(low) / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
}

/** w_k f_k(x) on a grid, for each component. */
function densities(of: WeightedField, [low, high]: readonly [number, number], look: Look): Values {
  return look.order.flatMap((k, order) =>
    Array.from({ length: GRID + 1 }, (_, i) => {
      const x = low + ((high - low) * i) / GRID;
      const y = of.shares[k]! === 0 ? 0 : of.shares[k]! * Math.exp(of.dists[k]!.logDensity(x));
      return { x: short(x), y: Number.isFinite(y) ? short(y) : 0, component: drawnName(look, k), order };
    }),
  );
}

/** w_k P_k(x) of integers; where bins hold several, their average. */
function integerShares(
  of: WeightedField,
  [low, high]: readonly [number, number],
  width: number | undefined,
  look: Look,
): Values {
  const step = width ?? Math.max(1, niceWidth((high - low) / SHOWN_INTEGERS));
  const start = Math.ceil(low);
  const binCount = Math.max(1, Math.round((high - low) / step));
  return look.order.flatMap((k, order) =>
    Array.from({ length: binCount }, (_, i) => {
      const first = start + i * step;
      const y = (of.shares[k]! * massIn(of, k, first, first + step)) / step;
      const [from, to] = [first - 0.5, first + step - 0.5];
      return { x: (from + to) / 2, from, to, y: short(y), component: drawnName(look, k), order };
    }),
  );
}

/** P(from <= X < to) of integers. */
function massIn({ dists }: WeightedField, k: number, from: number, to: number): number {
  const dist = dists[k]!;
  const { cdf } = dist as Queries<unknown>;
  if (cdf !== undefined && to - from > 4) return cdf.call(dist, to - 1) - cdf.call(dist, from - 1);
  let sum = 0;
  for (let x = from; x < to; x++) sum += Math.exp(dist.logDensity(x));
  return sum;
}
