/** Pictures of families: Vega-Lite specifications of models, drawn as SVG. */
import * as stats from '@dml/stats';
import * as vega from 'vega';
import { compile } from 'vega-lite';

/** Okabe and Ito's colours that stand out on white: told apart by colour-blind readers too. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9'];
const draws = 4000;
const mostLikely = 10;

const modelOf = (model) => (typeof model === 'function' ? model(stats) : stats.modelFromJSON(model));
const evenly = ([low, high], count) => Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** What is drawn, as data: `{ values, mark, encoding }` of a Vega-Lite specification, and the words for who cannot see it. */
const kinds = {
  curves({ models, range, row = (x) => x, rows, title = 'x' }) {
    const values = Object.entries(models).flatMap(([name, json]) => {
      const model = modelOf(json);
      const curves = rows === undefined ? [[name, row]] : Object.entries(rows);
      return curves.flatMap(([label, rowAt]) =>
        evenly(range, 301).map((x) => ({ x, density: Math.exp(model.logDensity(rowAt(x))), label })),
      );
    });
    return {
      values,
      mark: { type: 'line', strokeWidth: 2, clip: true },
      encoding: {
        x: { field: 'x', type: 'quantitative', title, scale: { domain: range, nice: false } },
        y: { field: 'density', type: 'quantitative', title: 'density' },
        ...legendOf(values),
        strokeDash: { field: 'label', type: 'nominal', title: null, legend: null },
      },
    };
  },

  bars({ models, from = 0, to }) {
    const values = Object.entries(models).flatMap(([label, json]) => {
      const model = modelOf(json);
      return Array.from({ length: to - from + 1 }, (_, i) => {
        const x = from + i;
        return { x, probability: Math.exp(model.logDensity(x)), label };
      });
    });
    return {
      values,
      mark: { type: 'bar' },
      encoding: {
        x: { field: 'x', type: 'ordinal', title: 'x', axis: { labelAngle: 0 } },
        xOffset: { field: 'label' },
        y: { field: 'probability', type: 'quantitative', title: 'probability' },
        ...legendOf(values),
      },
    };
  },

  map({ model: json, x, y, row }) {
    const model = modelOf(json);
    const side = 61;
    const [width, height] = [x, y].map(([low, high]) => (high - low) / (side - 1));
    const values = evenly(x, side).flatMap((x0) =>
      evenly(y, side).flatMap((y0) => {
        const at = row(x0, y0);
        if (at === null) return [];
        const edges = { x: x0 - width / 2, x2: x0 + width / 2, y: y0 - height / 2, y2: y0 + height / 2 };
        return [{ ...edges, density: Math.exp(model.logDensity(at)) }];
      }),
    );
    return {
      values,
      mark: { type: 'rect', clip: true, strokeWidth: 0.5 },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: 'first', scale: { domain: x, nice: false } },
        x2: { field: 'x2' },
        y: { field: 'y', type: 'quantitative', title: 'second', scale: { domain: y, nice: false } },
        y2: { field: 'y2' },
        color: { field: 'density', type: 'quantitative', scale: { scheme: 'viridis' } },
        stroke: { field: 'density', type: 'quantitative', scale: { scheme: 'viridis' }, legend: null },
      },
    };
  },

  likely({ model: json, bag = (row) => row }) {
    const model = modelOf(json);
    const seen = new Map();
    for (const row of model.sampler(1).sample(draws)) seen.set(textOf(bag(row)), row);
    const scored = [...seen].map(([row, value]) => ({ row, probability: Math.exp(model.logDensity(value)) }));
    const values = scored.sort((a, b) => b.probability - a.probability).slice(0, mostLikely);
    return {
      values,
      mark: { type: 'bar', color: colours[0] },
      encoding: {
        y: {
          field: 'row',
          type: 'nominal',
          sort: null,
          title: 'row',
          axis: { labelLimit: 320, labelFont: 'monospace' },
        },
        x: { field: 'probability', type: 'quantitative', title: 'probability' },
      },
      height: { step: 20 },
    };
  },

  path({ model: json }) {
    const model = modelOf(json);
    const [path] = model.sampler(2).sample(1);
    const states = model.viterbi(path);
    const values = path.map((value, position) => ({ position, value, label: `state ${states[position]}` }));
    return {
      values,
      mark: { type: 'point', filled: true, size: 36 },
      encoding: {
        x: {
          field: 'position',
          type: 'quantitative',
          title: 'position in the list',
          scale: { domain: [0, path.length], nice: false },
        },
        y: { field: 'value', type: 'quantitative', title: 'value' },
        ...legendOf(values),
        shape: { field: 'label', type: 'nominal', title: null, legend: null },
      },
    };
  },

  scatter({ points, titles: [x, y] }) {
    const values = [...points(stats)].sort((a, b) => (a.label < b.label ? -1 : 1));
    const axis = (field, title) => ({ field, type: 'quantitative', title, scale: { zero: false } });
    return {
      values,
      mark: { type: 'point', filled: true, size: 28 },
      encoding: {
        x: axis('x', x),
        y: axis('y', y),
        ...legendOf(values),
        shape: { field: 'label', type: 'nominal', title: null, legend: null },
      },
      height: 300,
    };
  },
};

/** A row as text that takes no more room than it must. */
function textOf(row) {
  if (row instanceof Set) return textOf([...row]);
  return JSON.stringify(row instanceof Float64Array ? [...row] : row);
}

function legendOf(values) {
  const labels = [...new Set(values.map(({ label }) => label))];
  return {
    color: {
      field: 'label',
      type: 'nominal',
      title: null,
      scale: { domain: labels, range: colours.slice(0, labels.length) },
      legend: { orient: 'top', labelLimit: 400 },
    },
  };
}

/** The Vega-Lite specification of a picture of `models.mjs`. */
export function specificationOf(picture) {
  const { values, height = 220, ...rest } = kinds[picture.kind](picture);
  return {
    width: 480,
    height,
    background: 'white',
    padding: 12,
    data: { values },
    ...rest,
    config: { view: { stroke: null }, axis: { grid: false, labelFontSize: 12, titleFontSize: 12 } },
  };
}

/** The picture as the text of an SVG file. */
export async function svgOf(specification) {
  const view = new vega.View(vega.parse(compile(specification).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
