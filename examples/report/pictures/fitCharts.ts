/** How a fit went: its path, and the numbers of components that it was chosen from. */
import type { ComponentRow, Iterate } from '@dml/stats';
import { count, nats } from '../words/numbers.js';
import type { Theme } from './palette.js';
import { COLOURS } from './palette.js';
import { type ChartSpec, chartSpec } from './spec.js';

/** The log-likelihood after each iteration; tries that were taken back are hollow. */
export function pathChart(path: readonly Iterate[], theme: Theme): ChartSpec | undefined {
  const shown = path.filter(({ logLikelihood }) => Number.isFinite(logLikelihood));
  if (shown.length < 2) return undefined;
  const values = shown.map(({ iteration, logLikelihood, isRejected }) => ({ iteration, logLikelihood, isRejected }));
  const x = { field: 'iteration', type: 'quantitative', title: 'iteration', axis: { tickMinStep: 1 } };
  const y = { field: 'logLikelihood', type: 'quantitative', title: 'log-likelihood (nats)', scale: { zero: false } };
  const first = shown[0]!;
  const best = shown.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  const text = `The path of the fit: the log-likelihood rises from ${nats(first.logLikelihood)} to ${nats(best.logLikelihood)} in ${count(best.iteration)} iterations.`;
  const isKept = { filter: '!datum.isRejected' };
  return chartSpec(theme, text, {
    data: { values },
    layer: [
      { transform: [isKept], mark: { type: 'line', color: COLOURS[0] }, encoding: { x, y } },
      {
        mark: { type: 'point', color: COLOURS[0], size: 24 },
        encoding: {
          x,
          y,
          fillOpacity: { condition: { test: 'datum.isRejected', value: 0 }, value: 1 },
          fill: { value: COLOURS[0] },
        },
      },
    ],
  });
}

/** Lines without a colour stay apart, too. */
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 3],
];

/** Criteria by the number of components; the chosen number is marked. */
export function choiceChart(
  table: readonly ComponentRow[],
  chosen: number | undefined,
  theme: Theme,
): ChartSpec | undefined {
  const criteria = ['bic', 'icl', 'aic'] as const;
  const values = table.flatMap((row) =>
    criteria.flatMap((criterion) => {
      const value = row[criterion];
      if (value === undefined || !Number.isFinite(value)) return [];
      return [
        { k: row.componentCount, value, criterion: criterion.toUpperCase(), chosen: row.componentCount === chosen },
      ];
    }),
  );
  if (new Set(values.map(({ k }) => k)).size < 2) return undefined;
  const x = {
    field: 'k',
    type: 'quantitative',
    title: 'number of components',
    axis: { tickMinStep: 1, format: 'd' },
    scale: { zero: false },
  };
  const y = { field: 'value', type: 'quantitative', title: 'criterion (less is better)', scale: { zero: false } };
  const names = ['BIC', 'ICL', 'AIC'].filter((name) => values.some(({ criterion }) => criterion === name));
  const colour = {
    field: 'criterion',
    type: 'nominal',
    title: null,
    scale: { domain: names, range: COLOURS.slice(0, names.length) },
  };
  const told = chosen === undefined ? '' : ` ${chosen} is chosen (large points).`;
  return chartSpec(theme, `Criteria for ${table.length} numbers of components.${told}`, {
    data: { values },
    layer: [
      {
        mark: { type: 'line' },
        encoding: {
          x,
          y,
          color: colour,
          strokeDash: {
            field: 'criterion',
            type: 'nominal',
            title: null,
            scale: {
              domain: names,
              range: DASHES.slice(0, names.length),
            },
          },
        },
      },
      {
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: { x, y, color: colour, size: { condition: { test: 'datum.chosen', value: 140 }, value: 25 } },
      },
    ],
  });
}
