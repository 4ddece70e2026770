/** What is selected: a component in words. */
import type { ShownModel } from '../protocol.js';
import { element } from './element.js';

export function componentCard({ components, worst: _, picture }: ShownModel, k: number): DocumentFragment {
  const { name, fields, marks, correlations } = components[k]!;
  const card = document.createDocumentFragment();
  card.append(
    element('h3', {}, `${name}: ${(100 * picture.weights[k]!).toFixed(1)} % of the rows`),
    marks.length > 0
      ? element('p', {}, 'What is different from all rows: ', element('strong', {}, marks.join('; ')))
      : element('p', {}, 'Nothing sets it apart from all rows.'),
    element(
      'table',
      {},
      element('caption', {}, 'What is typical'),
      ...fields.map(({ title, words }) =>
        element('tr', {}, element('th', { scope: 'row' }, title), element('td', {}, words)),
      ),
    ),
  );
  for (const { paths, r } of correlations) {
    card.append(element('p', {}, `${paths[0]} and ${paths[1]} go together: r = ${r.toFixed(2)}`));
  }
  return card;
}

/** The components as buttons, by weight. */
export function legend(
  weights: readonly number[],
  colourOf: (k: number) => string,
  selected: number | undefined,
  onSelect: (k: number) => void,
): HTMLElement[] {
  const byWeight = weights.map((_, k) => k).sort((a, b) => weights[b]! - weights[a]! || a - b);
  return byWeight.map((k) => {
    const swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.background = colourOf(k);
    const button = element(
      'button',
      { type: 'button', 'aria-pressed': String(k === selected), 'data-component': k },
      swatch,
      `component ${k + 1} · ${(100 * weights[k]!).toFixed(0)} %`,
    );
    button.addEventListener('click', () => onSelect(k));
    return button;
  });
}
