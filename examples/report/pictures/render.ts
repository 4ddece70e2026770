/** Pictures as SVG, in Node and in a page. */
import type { TopLevelSpec } from 'vega-lite';
import type { ChartSpec } from './spec.js';

/**
 * A picture as SVG. Expressions are interpreted, not compiled, so it works where a page forbids `eval`. Vega is large: it is
 * loaded with the first picture.
 * @example
 * const svg = await renderSvg(charts(model, rows)['field:price']!);
 */
export async function renderSvg(spec: ChartSpec): Promise<string> {
  const [vega, { compile }, { expressionInterpreter }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  const { spec: compiled } = compile(spec as unknown as TopLevelSpec, { logger: vega.logger(vega.Error) });
  const runtime = vega.parse(compiled, undefined, { ast: true });
  const view = new vega.View(runtime, { expr: expressionInterpreter, renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
