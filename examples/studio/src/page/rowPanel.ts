/** What is selected: a row, why it is odd, and what changes when a value is another or none. */
import { digits } from '@dml-examples/tables';
import type { ShownColumn, ShownRow, ShownValue } from '../protocol.js';
import { element } from './element.js';
import { fieldPicture } from './fieldPicture.js';

/** What happens in fewer of such rows than this is odd. */
const ODD = 0.05;

/** @param onEdit  called with the field and its new text; null empties it */
export function rowPanel(
  shown: ShownRow,
  columns: readonly ShownColumn[],
  onEdit: (field: string, value: string | null) => void,
  onReset: () => void,
): DocumentFragment {
  const { row, isEdited, logDensity, responsibilities, values } = shown;
  const panel = document.createDocumentFragment();
  const most = responsibilities.indexOf(Math.max(...responsibilities));
  panel.append(
    element('h3', {}, `Row ${row + 1}${isEdited ? ', edited' : ''}`),
    element(
      'p',
      {},
      `log-density ${logDensity.toFixed(2)}; component ${most + 1} with ${(100 * responsibilities[most]!).toFixed(1)} %. ${oddest(values)}`,
    ),
  );
  const lines = values.flatMap((value) => valueLines(value, columns.find(({ name }) => name === value.field)!, onEdit));
  const heads = ['field', 'value', 'expected', 'as far out'].map((head) => element('th', { scope: 'col' }, head));
  panel.append(
    element('p', { class: 'hint' }, 'Change or empty a value to see what it lets expect of the others.'),
    element('table', { class: 'row' }, element('tr', {}, ...heads), ...lines),
  );
  if (isEdited) {
    const reset = element('button', { type: 'button', id: 'reset' }, 'As in the file');
    reset.addEventListener('click', onReset);
    panel.append(reset);
  }
  return panel;
}

/** How unusual a value, or that it is missing, is among such rows. */
function rarity({ tail, missing }: ShownValue): number | undefined {
  return tail ?? missing;
}

/** The value that lies farthest out, in words. */
function oddest(values: readonly ShownValue[]): string {
  const known = values.filter((value) => rarity(value) !== undefined).sort((a, b) => rarity(a)! - rarity(b)!);
  const first = known[0];
  if (first === undefined) return '';
  const { field, value, expected } = first;
  const p = rarity(first)!;
  if (p > ODD) return 'No value of it is unusual.';
  if (value === null) return `Odd is that ${field} is missing, as in ${share(p)} of such rows.`;
  return `Odd is ${field} ${value}: ${share(p)} of such rows are as far out. Expected is ${expected}.`;
}

function share(p: number): string {
  return p < 1e-4 ? 'less than 0.01 %' : `${digits(100 * p)} %`;
}

/** A line for the value; for an empty one a second line with what it may be. */
function valueLines(
  shown: ShownValue,
  { bars, type }: ShownColumn,
  onEdit: (field: string, value: string | null) => void,
): HTMLTableRowElement[] {
  const { field, value, expected, distribution, missing } = shown;
  const clear = element('button', { type: 'button', 'aria-label': `empty ${field}`, disabled: value === null }, '×');
  clear.addEventListener('click', () => onEdit(field, null));
  const rare = rarity(shown);
  const words = rare === undefined ? '' : missing === undefined ? share(rare) : `missing: ${share(rare)}`;
  const line = element(
    'tr',
    { 'data-field': field },
    element('th', { scope: 'row' }, field),
    element('td', { class: 'edit' }, editor(shown, type, onEdit), clear),
    element('td', {}, expected),
    element('td', { class: rare !== undefined && rare <= ODD ? 'odd' : '' }, words),
  );
  if (distribution === undefined || bars === undefined) return [line];
  const drawing = fieldPicture({ title: `${field}, given the other values`, bars, counts: distribution });
  return [line, element('tr', { class: 'may-be' }, element('td', { colspan: 4 }, `What ${field} may be:`, drawing))];
}

function editor(
  { field, value, levels }: ShownValue,
  type: string,
  onEdit: (field: string, value: string | null) => void,
): HTMLElement {
  const label = `${field} of the row`;
  const input =
    levels === undefined
      ? element('input', { 'aria-label': label, value: value ?? '', inputmode: type === 'date' ? 'text' : 'decimal' })
      : element(
          'select',
          { 'aria-label': label },
          element('option', { value: '', selected: value === null }, '(empty)'),
          ...levels.map((level) => element('option', { value: level, selected: level === value }, level)),
        );
  input.addEventListener('change', () => onEdit(field, input.value === '' ? null : input.value));
  return input;
}
