/** How a fit went: its path, and the numbers of components that it was chosen from. */
import type { ComponentRow, Iterate } from '@dml/stats';
import { count, nats } from '../words/numbers.js';
import { COLOURS, type Theme } from './palette.js';
import { type ChartSpec, chartSpec } from './spec.js';

/** What the fit raises, after each iteration; tries that were taken back are hollow. */
export function pathChart(path: readonly Iterate[], theme: Theme): ChartSpec | undefined {
  const hasPrior =
    path.some(({ logPrior }) => logPrior !== undefined) && path.every(({ logPrior = 0 }) => Number.isFinite(logPrior));
  const values = path
    .map(({ iteration, logLikelihood, logPrior = 0, isRejected }) => ({
      iteration,
      objective: hasPrior ? logLikelihood + logPrior : logLikelihood,
      isRejected,
    }))
    .filter(({ objective }) => Number.isFinite(objective));
  if (values.length < 2) return undefined;
  const what = hasPrior ? 'log-likelihood with the prior' : 'log-likelihood';
  const x = { field: 'iteration', type: 'quantitative', title: 'iteration', axis: { tickMinStep: 1 } };
  const y = {
    field: 'objective',
    type: 'quantitative',
    title: hasPrior ? 'with the prior (nats)' : 'log-likelihood (nats)',
    scale: { zero: false },
  };
  const last = values.filter(({ isRejected }) => !isRejected).at(-1) ?? values[0]!;
  const text = `The path of the fit: the ${what} goes from ${nats(values[0]!.objective)} to ${nats(last.objective)} in ${count(last.iteration)} iterations.`;
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
