/** Fields by how much they tell about the component. */

import type { Summary } from '../words/summary.js';
import { apartWords } from '../words/text.js';
import { COLOURS, type Theme } from './palette.js';
import { type ChartSpec, chartSpec, drawnText, short } from './spec.js';

const SHOWN = 20;

/** `undefined` with fewer than two fields. */
export function apartChart(told: Summary, theme: Theme): ChartSpec | undefined {
  const known = told.apart.filter(({ information }) => !Number.isNaN(information)).slice(0, SHOWN);
  if (known.length < 2) return undefined;
  const values = known.map(({ path, share }) => ({
    field: drawnText(told.titles[path] || 'value'),
    share: short(Math.min(1, share)),
  }));
  return chartSpec(theme, `What tells the ${told.kind}s apart, of all there is to know: ${apartWords(told)}.`, {
    data: { values },
    height: { step: 22 },
    mark: { type: 'bar', color: COLOURS[0] },
    encoding: {
      y: { field: 'field', type: 'nominal', title: null, sort: null },
      x: {
        field: 'share',
        type: 'quantitative',
        title: `told about the ${told.kind}`,
        axis: { format: '~%' },
        scale: { domain: [0, 1] },
      },
    },
  });
}
