/** All pictures of a model. */
import {
  type AnyDistribution,
  type ComponentRow,
  type Iterate,
  type Prediction,
  predict,
  type Rows,
  type Seed,
} from '@dml/stats';
import { type Parts, partsOf } from '../model/components.js';
import { valuesOf } from '../model/fields.js';
import { type SummaryOptions, summary, titleIn } from '../words/summary.js';
import { apartChart } from './apartChart.js';
import { decodedChart, transitionChart } from './chainCharts.js';
import { type Look, lookOf } from './componentLayer.js';
import { choiceChart, pathChart } from './fitCharts.js';
import { levelChart } from './levelChart.js';
import { numberChart } from './numberChart.js';
import type { Theme } from './palette.js';
import { certaintyChart, confusionChart, embeddingChart } from './rowCharts.js';
import { type WeightedField, weightedFields } from './shares.js';
import { type ChartSpec, drawnText } from './spec.js';

/** Options of {@link charts}. */
export interface ChartOptions extends Pick<SummaryOptions, 'titles' | 'names' | 'shares'> {
  /** Default `'light'`. */
  readonly theme?: Theme;
  /** The fit of the model: its path and, where it was chosen, the table over the number of components. */
  readonly fit?: {
    readonly path?: readonly Iterate[];
    readonly table?: readonly ComponentRow[];
    readonly componentCount?: number;
  };
  /** A known label for each row. */
  readonly labels?: ArrayLike<unknown>;
  /** A point of the plane for each row, for instance of an embedding. */
  readonly points?: ArrayLike<ArrayLike<number>>;
  /** Of a hidden Markov model: the lists that are shown with their states, by index. Default: the first two. */
  readonly lists?: readonly number[];
  /** What is wanted, by name or by the part before the colon. Default: all that there is. */
  readonly only?: readonly string[];
  /** Of the values that are drawn to see how far fields tell. Default 0. */
  readonly seed?: Seed;
}

/** A model of lists that can be decoded. */
interface Decoder {
  viterbi(list: readonly unknown[]): readonly number[];
}

/**
 * Pictures of a model as specifications of Vega-Lite: plain JSON with the data inside, binned, so that their size does not depend
 * on the number of rows.
 *
 * - `field:<path>`: each field, the rows as outlined bars over the stacked components;
 * - `apart`: fields by how much they tell about the component;
 * - `certainty`, `confusion`, `embedding`: responsibilities, known labels, points, where there are rows, labels, points;
 * - `transitions`, `decoded:<list>`: of models of states;
 * - `path`, `choice`: of the fit.
 * @example
 * const specs = charts(model, rows);
 * const svg = await renderSvg(specs['field:price']!);
 */
export function charts(
  model: AnyDistribution,
  rows?: Rows<unknown>,
  options: ChartOptions = {},
): Readonly<Record<string, ChartSpec>> {
  const { theme = 'light', titles = {}, fit, labels, points, only } = options;
  const own = partsOf(model);
  const parts = options.shares === undefined ? own : { ...own, weights: options.shares };
  const look = lookOf(
    parts.kind,
    parts.dists.map((_, k) => nameOf(parts, k, options.names)),
    parts.weights,
  );
  const specs: Record<string, ChartSpec> = {};
  const add = (name: string, make: () => ChartSpec | undefined) => {
    if (only !== undefined && !only.includes(name) && !only.includes(name.split(':')[0]!)) return;
    const spec = make();
    if (spec !== undefined) specs[name] = spec;
  };
  const shownRows = parts.kind === 'topic' ? undefined : rows;
  for (const field of weightedFields(parts)) {
    const { path } = field.field;
    add(`field:${path}`, () => fieldChart(field, shownRows, drawnTitle(titles, path), look, theme));
  }
  add('apart', () => (parts.dists.length < 2 ? undefined : apartChart(summary(model, options), theme)));
  let prediction: Prediction | undefined;
  const predicted = (of: Rows<unknown>) => {
    prediction ??= predict(model as never, of as never) as Prediction;
    return prediction;
  };
  const isMixture = parts.kind === 'component' && parts.dists.length > 1;
  if (isMixture && rows !== undefined && rows.length > 0) {
    add('certainty', () => certaintyChart(predicted(rows), look, theme));
    if (labels !== undefined) add('confusion', () => confusionChart(labels, predicted(rows).labels, look, theme));
  }
  if (points !== undefined) {
    const known = isMixture && rows !== undefined;
    add('embedding', () => embeddingChart(points, known ? predicted(rows).labels : undefined, look, theme));
  }
  const { chain } = parts;
  if (chain !== undefined) {
    add('transitions', () => transitionChart(chain, parts.weights, look, theme));
    if ('viterbi' in model && rows !== undefined) {
      for (const list of options.lists ?? [0, 1]) {
        add(`decoded:${list}`, () =>
          decoded(model as AnyDistribution & Decoder, parts, rows, list, titles, look, theme),
        );
      }
    }
  }
  if (fit?.path !== undefined) add('path', () => pathChart(fit.path!, theme));
  if (fit?.table !== undefined) add('choice', () => choiceChart(fit.table!, fit.componentCount, theme));
  return specs;
}

function nameOf({ kind }: Parts, k: number, names: readonly string[] | undefined): string {
  return names?.[k] ?? (kind === 'model' ? 'model' : `${kind} ${k + 1}`);
}

function fieldChart(
  field: WeightedField,
  rows: Rows<unknown> | undefined,
  title: string,
  look: Look,
  theme: Theme,
): ChartSpec | undefined {
  return levelChart(field, rows, title, look, theme) ?? numberChart(field, rows, title, look, theme);
}

/** The first field of the items that is a number, or else a text, over the decoded states. */
function decoded(
  model: Decoder,
  parts: Parts,
  rows: Rows<unknown>,
  index: number,
  titles: Readonly<Record<string, string>>,
  look: Look,
  theme: Theme,
): ChartSpec | undefined {
  const list = rows[index];
  if (!Array.isArray(list) || list.length < 2) return undefined;
  const columns = (parts.fields[0] ?? [])
    .filter(({ steps }) => steps?.length !== undefined)
    .map((field) => ({
      field,
      values: list.map((item) => valuesOf([item], field)[0] ?? null),
    }));
  const isOf = (type: string) => columns.find(({ values }) => values.every((x) => x === null || typeof x === type));
  const column = isOf('number') ?? isOf('string');
  if (column === undefined) return undefined;
  const { path } = column.field;
  const title = drawnTitle(titles, path);
  const values = column.values as readonly (number | string | null)[]; // as just seen
  return decodedChart({ index, values, states: model.viterbi(list) }, title, look, theme);
}

function drawnTitle(titles: Readonly<Record<string, string>>, path: string): string {
  const title = path === '' && !Object.hasOwn(titles, path) ? 'value' : titleIn(titles, path);
  return drawnText(title);
}
